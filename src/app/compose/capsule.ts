// Builds what the capsule commands reach the world through.
import { attachFiles, listAttachments } from "../../adapters/capsules/attachments.ts";
import { checkCapsule } from "../../adapters/capsules/check.ts";
import { scanCapsule } from "../../adapters/capsules/file.ts";
import { exportCapsule } from "../../adapters/capsules/hand-over.ts";
import { importCapsule } from "../../adapters/capsules/import.ts";
import { createKeyFile, loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { openCapsule } from "../../adapters/capsules/reader.ts";
import { listShelf, removeCapsule } from "../../adapters/capsules/shelf.ts";
import { readSignature, signCapsule, trustedKeys } from "../../adapters/capsules/signature-file.ts";
import { readBoundedJson } from "../../adapters/files/bounded-json.ts";
import { readLineList } from "../../adapters/files/line-list-file.ts";
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { AttachPorts } from "../capsule/attach.ts";
import type { CheckProofPorts } from "../capsule/check-proof.ts";
import type { EventsPorts } from "../capsule/events.ts";
import type { ExportPorts } from "../capsule/export.ts";
import type { ImportPorts } from "../capsule/import.ts";
import type { ListPorts } from "../capsule/list.ts";
import type { ProvePorts } from "../capsule/prove.ts";
import type { PrunePorts } from "../capsule/prune.ts";
import type { ShowPorts } from "../capsule/show.ts";
import type { SignPorts } from "../capsule/sign.ts";
import type { VerifyPorts } from "../capsule/verify.ts";
import type { Places } from "../places.ts";
import { policyLoader } from "./parts/policies.ts";
import { clock } from "./parts/system.ts";

export const storedCapsules: StoredCapsules = {
  check: (path, trusted) => checkCapsule(path, trusted),
  open: openCapsule,
  scan: async (path, seen) => void (await scanCapsule(path, { event: seen })),
  list: listShelf,
  remove: removeCapsule,
  sign: signCapsule,
  signature: readSignature,
  attachments: listAttachments,
  attach: attachFiles,
  export: exportCapsule,
  import: importCapsule,
};

type CapsulePorts = ListPorts &
  ShowPorts &
  ProvePorts &
  EventsPorts &
  VerifyPorts &
  CheckProofPorts &
  SignPorts &
  ExportPorts &
  ImportPorts &
  PrunePorts &
  AttachPorts & { readonly places: Places };

export const composeCapsule = (places: Places): CapsulePorts => ({
  capsules: storedCapsules,
  clock,
  places,
  trustedKeys,
  keys: { load: loadSigningKey, create: createKeyFile },
  words: readLineList,
  passphrase: () => process.env["BAKEOFF_PASSPHRASE"] || null,
  readJson: readBoundedJson,
  loadPolicy: policyLoader,
});

// Builds what gates and promotions reach the world through.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { peekCapsule } from "../../adapters/capsules/file.ts";
import { createKeyFile, loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { registrationLogFile } from "../../adapters/capsules/registration-log.ts";
import { openCapsule } from "../../adapters/capsules/reader.ts";
import { trustedKeys } from "../../adapters/capsules/signature-file.ts";
import { rfc3161 } from "../../adapters/timestamps/rfc3161.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import { LOG_NAME } from "../../core/gate/registration/log.ts";
import { readGoldenFolder } from "../../adapters/policies/golden-files.ts";
import { loadPolicyFiles, readPolicy } from "../../adapters/policies/policy-files.ts";
import { type CapsuleFiles, readGateCapsule } from "../gate/capsules.ts";
import type { GatePorts } from "../gate/decide.ts";
import type { GatePlanPorts } from "../gate/plan.ts";
import type { PromotePorts } from "../gate/promotion.ts";
import type { RecordPorts } from "../gate/record.ts";
import type { RegisterPorts } from "../gate/registration.ts";
import type { Places } from "../places.ts";
import { suiteLoader } from "./parts/suites.ts";
import { gitRevisions } from "./parts/revisions.ts";
import { clock } from "./parts/system.ts";
import { homeTexts } from "./parts/texts.ts";

export const composeGate = (places: Places): GatePorts & RecordPorts & RegisterPorts & PromotePorts & GatePlanPorts => ({
  clock,
  keys: { load: loadSigningKey, create: createKeyFile },
  texts: homeTexts(places),
  policies: { read: readPolicy, load: loadPolicyFiles },
  golden: (policyFile) => readGoldenFolder(policyFile, places.shippedPolicy),
  suite: suiteLoader(places.suiteFolders),
  revisions: gitRevisions,
  trustedKeys,
  log: registrationLogFile(join(places.reports, "gates", LOG_NAME)),
  stamps: rfc3161,
  capsules: capsuleFiles(places),
  readCapsule: (runIdOrPath) => readGateCapsule(capsuleFiles(places), places.version, runIdOrPath),
  gatesFolder: join(places.reports, "gates"),
  version: places.version,
});

const capsuleFiles = (places: Places): CapsuleFiles => ({
  folder: places.capsules,
  pathOf: places.capsule,
  list: () => readdir(places.capsules).catch(() => []),
  glance: peekCapsule,
  open: openCapsule,
  shown: diskTexts.shown,
});

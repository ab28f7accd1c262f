// One file to hand a capsule over in: whole or safe, in the clear or encrypted.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { ExportManifest } from "../../core/capsule/export-rule.ts";
import type { ExportOptions, StoredCapsules } from "../../ports/capsules.ts";
import type { LoadPolicy } from "../../ports/policies.ts";
import type { Places } from "../places.ts";
import { type PassphrasePorts, readPassphrase } from "./passphrase.ts";

export interface ExportPorts extends PassphrasePorts {
  readonly capsules: Pick<StoredCapsules, "export">;
  readonly loadPolicy: LoadPolicy;
  readonly places: Pick<Places, "capsule" | "policyFile" | "workingFolder">;
}

export interface CapsuleExportRequest {
  /** A run id, or a path. */
  readonly capsule: string;
  /** Leave texts out by rule, or leave nothing out; neither: as the policy says. */
  readonly safe: boolean;
  readonly full: boolean;
  /** Says whether exports are safe by default; null: the policy of this place. */
  readonly policyFile: string | null;
  readonly encrypt: boolean;
  /** Public keys (`age1…`). */
  readonly recipients: readonly string[];
  readonly passphraseFile: string | null;
  readonly container: ExportOptions["container"];
  /** Null: named after the run, in the working folder. */
  readonly out: string | null;
}

export interface ExportedCapsule {
  readonly target: string;
  readonly safe: boolean;
  readonly manifest: ExportManifest;
}

/** Throws `usage` for what excludes each other, and where something of the target's name is there. */
export async function exportStored(ports: ExportPorts, request: CapsuleExportRequest): Promise<ExportedCapsule> {
  const { capsules, places } = ports;
  const { container } = request;
  const safe = await isSafe(ports, request);
  const encrypt = await encryptionOf(ports, request);
  const path = places.capsule(request.capsule);
  const name = `${basename(path, ".capsule.jsonl")}${safe ? ".safe" : ""}.${container}${encrypt ? ".age" : ""}`;
  const target = resolve(places.workingFolder, request.out ?? name);
  return { target, safe, manifest: await capsules.export(path, { safe, container, encrypt, target }) };
}

async function isSafe({ loadPolicy, places }: ExportPorts, { safe, full, policyFile }: CapsuleExportRequest): Promise<boolean> {
  if (safe && full) throw new BakeoffError("usage", "--safe and --full exclude each other", "choose one");
  if (safe || full) return safe;
  const { policy } = await loadPolicy(places.policyFile(policyFile ?? undefined));
  return policy.export.safe_by_default;
}

async function encryptionOf(
  ports: PassphrasePorts,
  { recipients, encrypt, passphraseFile, container }: CapsuleExportRequest,
): Promise<ExportOptions["encrypt"]> {
  if (!encrypt && recipients.length === 0 && passphraseFile === null) return null;
  if (container === "mv2") throw new BakeoffError("usage", "a .mv2 is not encrypted here", "encrypt a tar: leave out --mv2");
  const passphrase = await readPassphrase(ports, passphraseFile);
  if (passphrase !== null && recipients.length > 0) throw new BakeoffError("usage", "a passphrase and recipients exclude each other", "choose one");
  if (passphrase === null && recipients.length === 0)
    throw new BakeoffError("usage", "nobody to encrypt for", "name --recipient age1…, or --passphrase-file FILE, or set BAKEOFF_PASSPHRASE");
  return { recipients, passphrase };
}

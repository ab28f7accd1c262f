// Gathers the parts of an export: the capsule, whole or safe, the files beside it, and a manifest.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type ExportManifest, Withholding } from "../../core/capsule/export-rule.ts";
import { isKept } from "../../core/capsule/keep-rule.ts";
import { type Header, lineText } from "../../core/capsule/line.ts";
import { dataHash } from "../../core/capsule/proof/text-root.ts";
import { fileDigest, listAttachments } from "./attachments.ts";
import { checkCapsule } from "./check.ts";
import { scanCapsule } from "./file.ts";
import { attachmentsPath, signaturePath } from "./paths.ts";
import { makeFolder, withDiskErrors, replaceFile } from "../files/disk.ts";
import { NewFile } from "../files/new-file.ts";

/** The parts of an export, all in one folder, under their names in the export. */
export interface ExportParts {
  readonly folder: string;
  readonly manifest: ExportManifest;
  /** Paths below the folder, sorted, the manifest first. */
  readonly names: readonly string[];
}

export const MANIFEST_NAME = "manifest.json";

/** Writes the parts into an empty folder. Throws `integrity` for a capsule that does not verify. */
export async function writeExportParts(capsule: string, folder: string, safe: boolean): Promise<ExportParts> {
  const checked = await checkCapsule(capsule, []);
  const [fault] = checked.faults;
  if (fault) throw new BakeoffError("integrity", `${capsule} does not verify: ${fault.fault}`, "only a capsule that verifies can be exported");
  const { run_id: runId } = checked.header;
  const withholding = new Withholding();
  const names = [`${runId}.capsule.jsonl`];
  const texts = await copyLines(capsule, join(folder, `${runId}.capsule.jsonl`), safe ? withholding : null);
  names.push(...(await layTexts(folder, texts)));
  if (checked.signature.state !== "unsigned") {
    names.push(`${runId}.capsule.sig.json`);
    await copy(signaturePath(capsule), join(folder, `${runId}.capsule.sig.json`));
  }
  // A report may quote any text: attachments are not part of a safe export.
  if (!safe) names.push(...(await layAttachments(capsule, folder)));
  const files = await Promise.all(names.toSorted().map(async (name) => ({ name, ...(await fileDigest(join(folder, name))) })));
  const manifest: ExportManifest = { kind: "bakeoff-export", format: 1, run_id: runId, safe, files, withheld: withholding.list() };
  await replaceFile(join(folder, MANIFEST_NAME), `${canonicalJson(manifest)}\n`);
  return { folder, manifest, names: [MANIFEST_NAME, ...names.toSorted()] };
}

/** The texts that an export also holds as files, for readers without this program. */
interface PlainTexts {
  snapshot: string | null;
  register: string | null;
}

/** Copies a capsule; in a safe export, texts that no rule keeps are replaced by their hashes. */
async function copyLines(capsule: string, target: string, withholding: Withholding | null): Promise<PlainTexts> {
  const file = new NewFile(target);
  const seen: { header: Header | null } & PlainTexts = { header: null, snapshot: null, register: null };
  const copyLine = (_: unknown, text: string): void => file.line(text);
  try {
    await scanCapsule(capsule, {
      header: (header, text) => {
        seen.header = header;
        file.line(text);
      },
      blob: (blob, text) => {
        if (blob.sha256 === seen.header?.policy.snapshot_hash) seen.snapshot = blob.text;
        if (blob.sha256 === seen.header?.decision_register_hash) seen.register = blob.text;
        if (!withholding || !seen.header || isKept(blob, seen.header)) return file.line(text);
        const { bytes, data } = blob.stored;
        withholding.leaveOut(blob.sha256, bytes);
        file.line(lineText({ kind: "withheld", sha256: blob.sha256, bytes, data_sha256: dataHash(data) }));
      },
      withheld: (line, text) => {
        withholding?.leaveOut(line.sha256, line.bytes);
        file.line(text);
      },
      event: (line, text) => {
        withholding?.usedBy(line);
        file.line(text);
      },
      seal: copyLine,
    });
    file.commit();
    return seen;
  } finally {
    file.discard();
  }
}

async function layTexts(folder: string, { snapshot, register }: PlainTexts): Promise<readonly string[]> {
  const texts = [
    ["PolicySnapshot.json", snapshot],
    ["DECISION_REGISTER.md", register],
  ] as const;
  const names: string[] = [];
  for (const [name, text] of texts) {
    if (text === null) continue;
    await replaceFile(join(folder, name), text);
    names.push(name);
  }
  return names;
}

async function layAttachments(capsule: string, folder: string): Promise<readonly string[]> {
  const files = await listAttachments(capsule);
  if (files.length === 0) return [];
  await makeFolder(join(folder, "attachments"));
  const names = ["manifest.json", ...files.map(({ name }) => name)].map((name) => `attachments/${name}`);
  for (const name of names) await copy(join(attachmentsPath(capsule), name.slice("attachments/".length)), join(folder, name));
  return names;
}

const copy = (from: string, to: string): Promise<void> => withDiskErrors(to, () => copyFile(from, to));

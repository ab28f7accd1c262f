// Writes an export: packs it as a tar or .mv2, encrypts it if asked, and only then gives it its name.
import { open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { ExportManifest } from "../../core/capsule/export-rule.ts";
import { packFiles } from "./archive.ts";
import { writeExportParts } from "./export.ts";
import { makeFolder, withDiskErrors } from "../files/disk.ts";
import { encryptFile } from "./encryption.ts";
import { packMemvid } from "./memvid.ts";
import type { ExportOptions } from "../../ports/capsules.ts";
import { withStaging } from "../files/staging.ts";

/** Packs the named parts of a folder as one file. `scratch`: a folder that may be made for what comes between. */
type Pack = (parts: string, names: readonly string[], to: { readonly packed: string; readonly scratch: string }) => Promise<void>;

const PACK: Readonly<Record<ExportOptions["container"], Pack>> = {
  tar: (parts, names, { packed }) => packFiles(parts, names, packed),
  mv2: async (parts, names, { packed, scratch }) => {
    await makeFolder(scratch);
    await packMemvid(parts, names, packed, scratch);
  },
};

/** Returns the manifest of the export. Throws `usage` if the target exists. */
export async function exportCapsule(capsule: string, { safe, container, encrypt, target }: ExportOptions): Promise<ExportManifest> {
  if (await stat(target).catch(() => null)) throw new BakeoffError("usage", `${target} exists already`, "move it away, or name another file with --out");
  return withStaging(dirname(target), async (staging) => {
    const parts = join(staging, "parts");
    await makeFolder(parts);
    const { manifest, names } = await writeExportParts(capsule, parts, safe);
    const packed = join(staging, "packed");
    await PACK[container](parts, names, { packed, scratch: join(staging, "scratch") });
    const whole = encrypt === null ? packed : join(staging, "encrypted");
    if (encrypt !== null) await encryptFile(packed, whole, encrypt);
    await withDiskErrors(target, () => settle(whole, target));
    return manifest;
  });
}

async function settle(from: string, target: string): Promise<void> {
  const file = await open(from, "r+");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(from, target);
}

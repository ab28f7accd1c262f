// The capsules in a folder: listing and removing them.
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { scanCapsule } from "./file.ts";
import { attachmentsPath, CAPSULE_EXTENSION, signaturePath, sumPath } from "./paths.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { withDiskErrors } from "../files/disk.ts";
import type { ListedCapsule } from "../../ports/capsules.ts";
import { isLocked } from "./lock.ts";

/** The capsules in a folder, newest first by run name. A damaged file does not hide the others. */
export async function listShelf(folder: string): Promise<readonly ListedCapsule[]> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new BakeoffError("environment", `${folder} can't be read: ${error.message}`, "make it readable", { cause: error });
  });
  const names = entries
    .filter((name) => name.endsWith(CAPSULE_EXTENSION))
    .toSorted()
    .toReversed();
  const shelf: ListedCapsule[] = [];
  // One at a time: a capsule may be large, and only its first line is kept.
  for (const name of names) shelf.push(await shelved(join(folder, name)));
  return shelf;
}

async function shelved(path: string): Promise<ListedCapsule> {
  const seen: { header: Header | null; withheld: boolean } = { header: null, withheld: false };
  const facts = { run: basename(path, CAPSULE_EXTENSION), path, inUse: await isLocked(path), signed: await isSigned(path) };
  try {
    const { sealed } = await scanCapsule(path, { header: (header) => void (seen.header = header), withheld: () => void (seen.withheld = true) });
    return { ...facts, state: sealed ? "sealed" : "unfinished", isSafeExport: seen.withheld, header: seen.header };
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    return { ...facts, state: "damaged", isSafeExport: false, header: null };
  }
}

async function isSigned(path: string): Promise<boolean> {
  try {
    return (await readBoundedJson(signaturePath(path), 1_000_000)) !== null;
  } catch (error) {
    // A signature exists; whether it holds is for `verify` to say.
    if (error instanceof BakeoffError) return true;
    throw error;
  }
}

/** Removes a capsule and the files beside it; the capsule first, so that a partial removal never looks complete. */
export async function removeCapsule({ path }: ListedCapsule): Promise<void> {
  if (await isLocked(path)) throw new BakeoffError("environment", `${path} is being written`, "wait until its run ends");
  for (const one of [path, signaturePath(path), attachmentsPath(path), sumPath(path)])
    await withDiskErrors(one, () => rm(one, { recursive: true, force: true }));
}

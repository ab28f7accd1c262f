// The capsules of a folder: what there is, and what may be thrown away.
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { scanCapsule } from "./file.ts";
import { attachmentsPath, CAPSULE_EXTENSION, signaturePath } from "./paths.ts";
import { readBoundedJson } from "../files/bounded-json.ts";
import { onDisk } from "../files/disk.ts";
import { isLocked } from "./lock.ts";

export interface ShelvedCapsule {
  readonly run: string;
  readonly path: string;
  readonly state: "sealed" | "unfinished" | "damaged";
  /** A process is writing to it now. */
  readonly inUse: boolean;
  readonly signed: boolean;
  /** A safe export of a capsule, imported. */
  readonly isSafeExport: boolean;
  /** Null where it is damaged. */
  readonly header: Header | null;
}

/** The capsules of a folder, newest first by the names of their runs. One damaged file does not hide the others. */
export async function listShelf(folder: string): Promise<readonly ShelvedCapsule[]> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new BakeoffError("environment", `${folder} can't be read: ${error.message}`, "make it readable", { cause: error });
  });
  const names = entries
    .filter((name) => name.endsWith(CAPSULE_EXTENSION))
    .toSorted()
    .toReversed();
  const shelf: ShelvedCapsule[] = [];
  // One after the other: a capsule may be large, and only its first line is kept.
  for (const name of names) shelf.push(await shelved(join(folder, name)));
  return shelf;
}

async function shelved(path: string): Promise<ShelvedCapsule> {
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
    // Something is there: whether it holds is for verify to say.
    if (error instanceof BakeoffError) return true;
    throw error;
  }
}

export interface PruneRule {
  /** Keep so many of the newest. */
  readonly keep: number | null;
  /** Take only those that were begun before this time (RFC 3339). */
  readonly before: string | null;
}

/** Which sealed capsules a rule takes; `shelf` is newest first. Those in use, unfinished or damaged are never taken. */
export function prunable(shelf: readonly ShelvedCapsule[], { keep, before }: PruneRule): readonly ShelvedCapsule[] {
  const sealed = shelf.filter(({ state, inUse }) => state === "sealed" && !inUse).toSorted((a, b) => (begun(a) < begun(b) ? 1 : -1));
  return sealed.slice(keep ?? 0).filter((capsule) => before === null || begun(capsule) < before);
}

const begun = ({ header }: ShelvedCapsule): string => header?.created_at ?? "";

/** Removes a capsule and what lies beside it; the capsule first, so that no half of it looks whole. */
export async function removeCapsule({ path }: ShelvedCapsule): Promise<void> {
  if (await isLocked(path)) throw new BakeoffError("environment", `${path} is being written`, "wait for its run to end");
  for (const one of [path, signaturePath(path), attachmentsPath(path)]) await onDisk(one, () => rm(one, { recursive: true, force: true }));
}

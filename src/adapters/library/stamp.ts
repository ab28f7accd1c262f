// Whether a file is still the one that was read: its size, its time and its number on the disk.
import { statSync } from "node:fs";
import { BakeoffError } from "../../core/base/errors.ts";

export interface FileStamp {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ino: string;
}

/** Throws `usage` where it can't be looked at. */
export function stampOf(path: string): FileStamp {
  try {
    const { size, mtimeNs, ino } = statSync(path, { bigint: true });
    return { size: String(size), mtimeNs: String(mtimeNs), ino: String(ino) };
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, "name a capsule file, or the id of a run in capsules/", { cause: error });
  }
}

export const isSameStamp = (a: FileStamp, b: FileStamp): boolean => a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;

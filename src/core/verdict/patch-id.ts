// The id of a patch: a hash over the files it changes, the same in any run.
import { type Sha256, sha256 } from "../base/canonical.ts";

/** Pairs of path and hash of the content that the patch leaves; null: the patch deletes the file. */
export function patchIdOf(files: Iterable<readonly [path: string, afterHash: Sha256 | null]>): Sha256 {
  const parts = [...files].map(([path, hash]) => `${path}\u0000${hash ?? "deleted"}`);
  return sha256(parts.toSorted().join("\n"));
}

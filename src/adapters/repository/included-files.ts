// Files that a user names by globs: what a build needs and git ignores, or keeps elsewhere.
import { matcher } from "../../core/base/glob.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { IncludedFiles } from "../../ports/repository.ts";
import { readPlainFiles, walkFolder } from "./tree-copy.ts";

/** Paths of what the globs match, below the folder. Throws `usage` for a glob that matches nothing. */
export async function includedPaths(folder: string, globs: readonly string[]): Promise<readonly string[]> {
  if (globs.length === 0) return [];
  const all = await walkFolder(folder);
  const idle = globs.find((glob) => !all.some(matcher([glob])));
  if (idle === undefined) return all.filter(matcher(globs));
  throw new BakeoffError(
    "usage",
    `--include ${idle} matches no file of ${folder}`,
    "write it as a path below the repository's folder, with * within a name and ** across folders; what cargo builds in target/ is never taken",
  );
}

export async function includedFiles(folder: string, globs: readonly string[]): Promise<IncludedFiles> {
  if (globs.length === 0) return { tree: new Map(), leftOut: [] };
  const { tree, skipped } = await readPlainFiles(folder, await includedPaths(folder, globs));
  return { tree, leftOut: skipped.map(({ path, reason }) => ({ path, why: reason })) };
}

// Reads a folder of sources into a tree: plain files only, no links followed, no build output.
import { readdir, readFile } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { FileIssue } from "../../core/base/errors.ts";
import { isPlainPath } from "../../core/base/glob.ts";
import { isBuildOutput } from "../../core/suite/build-output.ts";
import type { Content, Tree } from "../../core/text/edit.ts";

const MAX_FILE_BYTES = 5_000_000;

/** The tree below `root`, in path order, and what can't be part of it. `isLeftOut`: of a folder, by its path and what it holds. */
export async function readTree(
  root: string,
  isLeftOut: typeof isBuildOutput = isBuildOutput,
): Promise<{ readonly tree: Tree; readonly issues: readonly FileIssue[] }> {
  const files: [string, Content][] = [];
  const issues: FileIssue[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    if (isLeftOut(folder, entries)) return;
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const issue = (message: string) => issues.push({ path: join(root, path), line: 1, column: 1, message });
      if (!isPlainPath(path)) issue("a name that can't be used: no backslashes or control characters");
      else if (entry.isDirectory()) await walk(path);
      else if (!entry.isFile()) issue("neither a file nor a folder: replace the link or device by its content");
      else files.push([path, await readContent(join(root, path), issue)]);
    }
  };
  await walk("");
  return { tree: new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1))), issues };
}

async function readContent(path: string, issue: (message: string) => void): Promise<Content> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_FILE_BYTES) issue(`larger than ${MAX_FILE_BYTES / 1e6} MB: leave it out of the base`);
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}

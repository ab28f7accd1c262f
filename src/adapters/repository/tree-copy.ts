// Reads selected files of a folder into a tree; files that can't be part of a base are left out, each with its reason.
import { isUtf8 } from "node:buffer";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { isPlainPath } from "../../core/base/glob.ts";
import { buildOutputOf, isBuildOutput } from "../../core/suite/build-output.ts";
import type { Content, Tree } from "../../core/text/edit.ts";
import type { SkippedPath } from "../../ports/repository.ts";

/** Cargo writes it into what it unpacks. */
const CARGO_OK = ".cargo-ok";
const MAX_FILE_BYTES = 5_000_000;
const LFS_POINTER = "version https://git-lfs.github.com/spec/";
/** The replacement character in a name that is not UTF-8. */
const REPLACEMENT = "\ufffd";

/** Every path below a folder that is not a git repository, without following links. */
export async function walkFolder(root: string): Promise<string[]> {
  const paths: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    if (isBuildOutput(folder, entries)) return;
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else paths.push(path);
    }
  };
  await walk("");
  return paths;
}

/** The tree of these paths, in path order. A file that git lists but that is gone was deleted and is left out silently. */
export async function readPlainFiles(root: string, paths: readonly string[]): Promise<{ readonly tree: Tree; readonly skipped: readonly SkippedPath[] }> {
  const inside = (await realpath(root)) + sep;
  const files: [string, Content][] = [];
  const skipped: SkippedPath[] = [];
  const isOutput = buildOutputOf(paths);
  for (const path of paths.toSorted()) {
    if (isOutput(path) || path.split("/").includes(CARGO_OK)) continue;
    const read = await readOne(root, inside, path);
    if (read === null) continue;
    if (typeof read === "object" && "reason" in read) skipped.push({ path: shown(path), reason: read.reason });
    else files.push([path, read]);
  }
  return { tree: new Map(files), skipped };
}

const shown = (path: string): string => [...path].map((char) => (char < " " ? "?" : char)).join("");

async function readOne(root: string, inside: string, path: string): Promise<Content | { readonly reason: string } | null> {
  if (path.includes(REPLACEMENT)) return { reason: "its name is not UTF-8" };
  if (!isPlainPath(path)) return { reason: "its name has backslashes or control characters" };
  const file = join(root, path);
  const info = await lstat(file).catch(() => null);
  if (!info) return null;
  const isLink = info.isSymbolicLink();
  if (!isLink && !info.isFile()) return { reason: "neither a file nor a folder" };
  const real = await realpath(file).catch(() => null);
  if (real === null) return { reason: "a link to nothing" };
  if (!real.startsWith(inside)) return { reason: "a link out of the repository" };
  const target = await stat(real);
  if (!target.isFile()) return { reason: "a link to a folder: a base holds plain files" };
  if (target.size > MAX_FILE_BYTES) return { reason: `larger than ${MAX_FILE_BYTES / 1e6} MB` };
  const bytes = await readFile(real);
  if (!isUtf8(bytes)) return bytes;
  const text = bytes.toString("utf8");
  return text.startsWith(LFS_POINTER) ? { reason: "a Git LFS pointer: its content is not here" } : text;
}

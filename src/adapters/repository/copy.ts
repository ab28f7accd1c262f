// Reads the working tree of a user's repository without ever writing to it, and runs cargo on a copy.
import { lstat, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BakeoffError, WrittenFileError } from "../../core/base/errors.ts";
import { outsideDependencies, outsideText } from "../../core/suite/making/outside.ts";
import type { Tree } from "../../core/text/edit.ts";
import type { CopyOptions, Repositories, RepositoryCopy } from "../../ports/repository.ts";
import type { HostToolchain } from "../workbench/cargo/toolchain.ts";
import { readWorkspace, writeLockFile } from "./cargo-workspace.ts";
import { folderDigest } from "./folder-digest.ts";
import { type GitState, gitState } from "./git-state.ts";
import { includedPaths } from "./included-files.ts";
import { readPlainFiles, walkFolder } from "./tree-copy.ts";

/** A larger base is not suitable for small repairs. */
const MAX_TREE_BYTES = 50_000_000;

export function openRepositories(toolchain: HostToolchain): Repositories {
  return { copy: (folder, options, signal) => copyRepository(toolchain, folder, options, signal), digest: folderDigest };
}

async function copyRepository(toolchain: HostToolchain, folder: string, options: CopyOptions, signal: AbortSignal): Promise<RepositoryCopy> {
  const git = await gitState(folder, signal);
  await refuseUnusable(folder, git, options);
  const included = await includedPaths(folder, options.include);
  const read = await readPlainFiles(folder, [...new Set([...(git?.paths ?? (await walkFolder(folder))), ...included])]);
  const skipped = [...(git?.skipped ?? []), ...read.skipped];
  refuseTooLarge(folder, read.tree);
  refuseOutside(folder, read.tree);
  const work = await realpath(await mkdtemp(join(tmpdir(), "bakeoff-copy-")));
  try {
    await layTree(work, read.tree);
    const lock = read.tree.has("Cargo.lock") ? null : await writeLockFile(toolchain, { folder: work, tree: read.tree }, signal);
    const tree: Tree = lock === null ? read.tree : new Map([...read.tree, ["Cargo.lock", lock] as const].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const workspace = await readWorkspace(toolchain, { folder: work, shown: folder, tree }, signal);
    return { tree, skipped, commit: git?.commit ?? null, dirty: git?.dirty ?? false, workspace };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function refuseUnusable(folder: string, git: GitState | null, { allowDirty }: CopyOptions): Promise<void> {
  const info = await lstat(folder).catch(() => null);
  if (!info) throw new BakeoffError("usage", `no folder ${folder}`, "name the folder of a Rust repository: --repo DIR");
  if (git?.bare === true) throw new BakeoffError("usage", `${folder} is a bare git repository`, "clone it, and name the clone");
  const manifest = await readFile(join(folder, "Cargo.toml"), "utf8").catch(() => null);
  if (manifest === null) throw new BakeoffError("usage", `${folder} has no Cargo.toml`, "name the folder of a cargo workspace or package");
  if (git?.dirty === true && !allowDirty)
    throw new BakeoffError("usage", `${folder} has changes that are not committed`, "commit or stash them, or include them with --allow-dirty");
}

function refuseTooLarge(folder: string, tree: Tree): void {
  let bytes = 0;
  for (const content of tree.values()) bytes += content.length;
  if (bytes <= MAX_TREE_BYTES) return;
  const message = `${(bytes / 1e6).toFixed(0)} MB of files: a base has at most ${MAX_TREE_BYTES / 1e6} MB, so name a smaller package or ignore what it does not need`;
  throw new WrittenFileError([{ path: folder, line: 1, column: 1, message }]);
}

function refuseOutside(folder: string, tree: Tree): void {
  const outside = outsideDependencies(tree);
  if (outside.length === 0) return;
  const what = outside.slice(0, 5).map(outsideText).join("; ");
  throw new BakeoffError(
    "usage",
    `${folder} builds on packages outside of it (${what})`,
    "name a folder that holds both with --repo, or vendor them: cargo vendor",
  );
}

async function layTree(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of tree) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

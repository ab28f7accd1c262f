// Searches a prepared workspace for lines of text: build artefacts, foreign files, and git object stores including unreachable objects.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import { execa } from "execa";
import { foreignArtefacts } from "../../../core/suite/artefact.ts";
import type { PreparedBase } from "../../../ports/workbench.ts";
import type { WorkspaceHit, WorkspaceSearch } from "../../../ports/repository.ts";
import type { BaseCache } from "../base-cache.ts";
import { lineFinder } from "../line-finder.ts";

const MAX_UNPACKED = 64_000_000;

export function openWorkspaceSearch(cache: Pick<BaseCache, "root" | "find">): WorkspaceSearch {
  return {
    find: async function* (prepared, lines, signal) {
      // Hidden sources lie under other paths there, and no trial sees them.
      const secret = new Set((await cache.find(prepared.key))?.meta.hide);
      for await (const hit of searchFolder(join(cache.root, "bases", prepared.key, "tree"), prepared, lines, signal)) if (!secret.has(hit.where)) yield hit;
    },
  };
}

/** Text sources of the base are skipped, as the caller has the broken tree itself; so are the artefacts of its dependencies. */
export async function* searchFolder(
  root: string,
  prepared: Pick<PreparedBase, "base">,
  lines: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<WorkspaceHit> {
  if (lines.length === 0) return;
  const foundIn = lineFinder(lines);
  const isForeign = foreignArtefacts(prepared.base.tree);
  for await (const path of below(root, "")) {
    signal.throwIfAborted();
    if (path.endsWith(".git/HEAD") || path === ".git/HEAD" || (await isGitStore(root, path))) {
      const found = foundIn(await gitObjects(join(root, path.slice(0, -"/HEAD".length)), signal));
      if (found.length > 0) yield { where: path.slice(0, -"/HEAD".length), kind: "git-object", found };
    }
    if (typeof prepared.base.tree.get(path) === "string" || isForeign(path)) continue;
    const bytes = await readFile(join(root, path));
    const found = [...new Set([...foundIn(bytes), ...foundIn(unpacked(bytes))])];
    if (found.length > 0) yield { where: path, kind: path.startsWith("target/") ? "artefact" : "file", found };
  }
}

async function* below(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* below(root, path);
    else if (entry.isFile()) yield path;
  }
}

/** Any folder with a HEAD and an object store counts, whatever its name. */
async function isGitStore(root: string, path: string): Promise<boolean> {
  if (!path.endsWith("/HEAD")) return false;
  return stat(join(root, path, "..", "objects")).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/** The content of every object in a store, reachable or not. The store's own configuration is not used. */
async function gitObjects(store: string, signal: AbortSignal): Promise<Buffer> {
  const { stdout } = await execa("git", ["-c", "safe.directory=*", `--git-dir=${store}`, "cat-file", "--batch-all-objects", "--batch", "--unordered"], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/", LANG: "C" },
    extendEnv: false,
    encoding: "buffer",
    maxBuffer: MAX_UNPACKED * 8,
    reject: false,
    cancelSignal: signal,
  });
  return Buffer.from(stdout ?? []);
}

/** The content of a compressed file (a loose git object, a gzip); empty for any other. */
function unpacked(bytes: Buffer): Buffer {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
    if (bytes[0] === 0x78) return inflateSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch {
    // It only began like a compressed file.
  }
  return Buffer.alloc(0);
}

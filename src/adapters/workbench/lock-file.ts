// Completes a tree's Cargo.lock, and tells its members, by running cargo in a scratch folder with empty source files: no code of the tree runs.
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hollowTree } from "../../core/suite/hollow-tree.ts";
import type { Tree } from "../../core/text/edit.ts";
import type { LockFileMaker } from "../../ports/repository.ts";
import { hostCargo, type RunCargo } from "./cargo/host-cargo.ts";
import type { HostToolchain } from "./cargo/toolchain.ts";
import { readWorkspaceMembers } from "./cargo/workspace-members.ts";

const TIMEOUT_MS = 120_000;

export function lockFileMaker(toolchain: HostToolchain): LockFileMaker {
  return async (tree, signal) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "bakeoff-lock-")));
    try {
      await layManifests(folder, tree);
      const run = hostCargo(toolchain, { folder, tree }, { timeoutMs: TIMEOUT_MS, signal });
      const failure = await complete(run, tree.has("Cargo.lock"));
      const lock = await readFile(join(folder, "Cargo.lock"), "utf8").catch(() => null);
      if (lock === null || failure !== null) return refusal(failure ?? "cargo wrote no lock file", folder);
      const told = await run(["metadata", "--no-deps", "--format-version=1", "--offline"]);
      if (told.code !== 0) return refusal(told.stderr, folder);
      return { ok: true, lock, ...readWorkspaceMembers(told.stdout, folder, String(tree.get("Cargo.toml"))) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Cargo checks that sources exist, not their content. */
async function layManifests(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of hollowTree(tree)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Null if the lock file is now complete, else cargo's error. */
async function complete(run: RunCargo, hasLock: boolean): Promise<string | null> {
  if (hasLock) {
    const updated = await run(["update", "--workspace", "--offline"]);
    // A complete lock file may name crates that are not fetched yet: preparing the base fetches them.
    return updated.code === 0 || !/manifest|parse|lock file version/.test(updated.stderr) ? null : updated.stderr;
  }
  const offline = await run(["generate-lockfile", "--offline"]);
  if (offline.code === 0) return null;
  const online = await run(["generate-lockfile"]);
  return online.code === 0 ? null : online.timedOut ? "failed to download within two minutes" : online.stderr;
}

function refusal(stderr: string, folder: string): Awaited<ReturnType<LockFileMaker>> {
  const lines = stderr
    .replaceAll(folder, "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return { ok: false, detail: lines.slice(0, 6).join(" ").slice(0, 400) };
}

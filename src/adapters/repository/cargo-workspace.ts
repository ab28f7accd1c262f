// What cargo knows about a copied workspace: its members, their crate roots, and its lock file.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BakeoffError, messageOf, WrittenFileError } from "../../core/base/errors.ts";
import type { PackageFacts, WorkspaceFacts } from "../../ports/repository.ts";
import { cargoComplaint, type CargoPlace, hostCargo } from "../workbench/cargo/host-cargo.ts";
import type { HostToolchain } from "../workbench/cargo/toolchain.ts";
import { readWorkspaceMembers } from "../workbench/cargo/workspace-members.ts";

const metadata = z.object({
  workspace_root: z.string(),
  packages: z.array(
    z.object({
      name: z.string(),
      edition: z.string(),
      manifest_path: z.string(),
      targets: z.array(z.object({ kind: z.array(z.string()), name: z.string(), src_path: z.string() })),
    }),
  ),
});

const TIMEOUT_MS = 300_000;
const LIBRARY_KINDS = new Set(["lib", "rlib", "proc-macro", "dylib", "cdylib", "staticlib"]);

interface Copied extends CargoPlace {
  /** The user's own folder, for messages. */
  readonly shown: string;
}

export async function readWorkspace(toolchain: HostToolchain, copied: Copied, signal: AbortSignal): Promise<WorkspaceFacts> {
  const end = await hostCargo(toolchain, copied, { timeoutMs: TIMEOUT_MS, signal })(["metadata", "--no-deps", "--format-version=1", "--offline"]);
  if (end.code !== 0) throw unreadable(copied, end.stderr);
  const { packages } = parsedMetadata(() => metadata.parse(JSON.parse(end.stdout)));
  const { byDefault } = parsedMetadata(() => readWorkspaceMembers(end.stdout, copied.folder, String(copied.tree.get("Cargo.toml"))));
  const lock = copied.tree.get("Cargo.lock");
  const below = (path: string) => (path.startsWith(`${copied.folder}/`) ? path.slice(copied.folder.length + 1) : null);
  return {
    packages: packages.flatMap(({ name, edition, manifest_path, targets }): PackageFacts[] => {
      const manifest = below(manifest_path);
      if (manifest === null) return [];
      const roots = targets.flatMap(({ kind, name: own, src_path }) => {
        const path = below(src_path);
        const first = kind[0] ?? "";
        return path === null ? [] : [{ target: LIBRARY_KINDS.has(first) ? "lib" : `${first}:${own}`, path }];
      });
      return [{ name, edition, dir: manifest.replace(/\/?Cargo\.toml$/, ""), roots }];
    }),
    byDefault,
    dependencies: typeof lock === "string" && /^source = /m.test(lock) ? "cargo-fetch" : "none",
  };
}

function parsedMetadata<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new BakeoffError("environment", `the output of cargo metadata can't be parsed (${messageOf(error).slice(0, 200)})`, "update Rust", {
      cause: error,
    });
  }
}

function unreadable({ folder, shown }: Copied, stderr: string): WrittenFileError {
  const why = stderr.replaceAll(folder, shown).trim().split("\n").slice(0, 6).join(" ").slice(0, 600);
  return new WrittenFileError([
    { path: join(shown, "Cargo.toml"), line: 1, column: 1, message: `cargo can't read the workspace (${why}): name the folder of the whole workspace` },
  ]);
}

/** Creates the lock file that the copy lacks; first without the network. */
export async function writeLockFile(toolchain: HostToolchain, copied: CargoPlace, signal: AbortSignal): Promise<string> {
  const cargo = hostCargo(toolchain, copied, { timeoutMs: TIMEOUT_MS, signal });
  const offline = await cargo(["generate-lockfile", "--offline"]);
  const end = offline.code === 0 ? offline : await cargo(["generate-lockfile"]);
  if (end.code === 0) return readFile(join(copied.folder, "Cargo.lock"), "utf8");
  throw new BakeoffError(
    "environment",
    `the repository has no Cargo.lock, and cargo can't make one (${cargoComplaint(end.stderr)})`,
    "run cargo generate-lockfile in it, with a network",
  );
}

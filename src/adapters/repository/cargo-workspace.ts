// What cargo knows about a copied workspace: its members, their crate roots, and its lock file.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BakeoffError, messageOf, WrittenFileError } from "../../core/base/errors.ts";
import type { Content } from "../../core/text/edit.ts";
import type { PackageFacts, WorkspaceFacts } from "../../ports/repository.ts";
import { type ProcessEnd, runProcess } from "../sandbox/process.ts";
import type { HostToolchain } from "../workbench/toolchain.ts";

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

const LIBRARY_KINDS = new Set(["lib", "rlib", "proc-macro", "dylib", "cdylib", "staticlib"]);

interface Copied {
  readonly folder: string;
  /** The user's own folder, for messages. */
  readonly shown: string;
  readonly lock: Content | undefined;
}

export async function readWorkspace(toolchain: HostToolchain, copied: Copied, signal: AbortSignal): Promise<WorkspaceFacts> {
  const args = ["metadata", "--no-deps", "--format-version=1", "--offline"];
  const end = await cargo(toolchain, copied.folder, args, signal);
  if (end.code !== 0) throw unreadable(copied, end.stderr);
  const { packages } = parseMetadata(end.stdout);
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
    dependencies: typeof copied.lock === "string" && /^source = /m.test(copied.lock) ? "cargo-fetch" : "none",
  };
}

function parseMetadata(stdout: string): z.infer<typeof metadata> {
  try {
    return metadata.parse(JSON.parse(stdout));
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
export async function writeLockFile(toolchain: HostToolchain, folder: string, signal: AbortSignal): Promise<string> {
  const offline = await cargo(toolchain, folder, ["generate-lockfile", "--offline"], signal);
  const end = offline.code === 0 ? offline : await cargo(toolchain, folder, ["generate-lockfile"], signal);
  if (end.code === 0) return readFile(join(folder, "Cargo.lock"), "utf8");
  const why =
    end.stderr
      .trim()
      .split("\n")
      .find((line) => line.startsWith("error")) ??
    end.stderr.trim().split("\n")[0] ??
    "";
  throw new BakeoffError(
    "environment",
    `the repository has no Cargo.lock, and cargo can't make one (${why.slice(0, 300)})`,
    "run cargo generate-lockfile in it, with a network",
  );
}

function cargo(toolchain: HostToolchain, folder: string, args: readonly string[], signal: AbortSignal): Promise<ProcessEnd> {
  const [verb = "", ...rest] = args;
  const kept = Object.entries(process.env).flatMap(([name, value]) => (value === undefined || /TOKEN|SECRET|_KEY$/.test(name) ? [] : [[name, value] as const]));
  return runProcess({
    command: [join(toolchain.sysroot, "bin", "cargo"), verb, ...rest, "--manifest-path", join(folder, "Cargo.toml")],
    env: { ...Object.fromEntries(kept), CARGO_TERM_COLOR: "never" },
    cwd: "/",
    timeoutMs: 300_000,
    maxBytes: 64_000_000,
    signal,
  });
}

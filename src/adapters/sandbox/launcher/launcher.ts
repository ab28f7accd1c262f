// The launcher: the small program that every stage starts through, built once a toolchain with the user's own rustc.
import { randomBytes } from "node:crypto";
import { access, constants, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "../../../core/base/canonical.ts";
import { BakeoffError } from "../../../core/base/errors.ts";
import { runProcess } from "../process.ts";
import { SOURCES } from "./sources.ts";

/** The exit code of a launcher whose wall could not be built, or whose program could not be executed. */
export const NO_WALL = 125;

/** What it writes at its mark once the wall stands, or where only the program is to blame: whatever comes after is that one's doing. */
export const WALL_IS_UP: ReadonlySet<string | null> = new Set(["walled\n", "unfit\n"]);

/** What a stage's program may do: `test` has threads only; `spawn` other programs too; `build` is a compiler at work. */
export type Wall = "test" | "spawn" | "build";

export interface StageWall {
  readonly wall: Wall;
  /** `none`: UNIX sockets alone; `pair`: none but pairs of its own, where a socket's path could lead out. */
  readonly net: "none" | "loopback" | "pair";
  /** File with a Landlock rule a line (`r`, `x`, `w` or `wx`, then a path; `?` where the path may be absent); null: none is applied. */
  readonly landlock: string | null;
  readonly folder: string;
  /** The descriptor at which it says that the wall stands; null: it does not say so. */
  readonly mark: number | null;
  /** Resource limits by the names of prlimit(1); sizes in bytes, `cpu` in seconds. */
  readonly limits: Readonly<Partial<Record<"cpu" | "fsize" | "stack" | "core" | "nproc" | "nofile" | "as", number>>>;
  /** The descriptor that the program is open at, and the name it goes by; null: the first word is its path. */
  readonly open: { readonly fd: number; readonly name: string } | null;
}

/** The words that start a program behind its wall. */
export function stageWords(launcher: string, stage: StageWall, argv: readonly string[]): string[] {
  const limits = Object.entries(stage.limits).flatMap(([name, value]) => ["--limit", `${name}=${value}`]);
  const landlock = stage.landlock === null ? [] : ["--landlock", stage.landlock];
  const mark = stage.mark === null ? [] : ["--mark", String(stage.mark)];
  const open = stage.open === null ? [] : ["--fd", String(stage.open.fd), "--name", stage.open.name];
  return [launcher, "stage", "--wall", stage.wall, "--net", stage.net, ...landlock, "--chdir", stage.folder, ...limits, ...mark, ...open, "--", ...argv];
}

const FLAGS = ["-O", "-C", "panic=abort", "-C", "strip=symbols", "--edition", "2021", "--crate-name", "launcher"] as const;
const BUILD_MS = 120_000;

/**
 * The launcher's path, from the cache or built there now.
 * @param toolchain `sysroot`: the toolchain's root; `verbose`: all of `rustc -vV`.
 * @throws `environment` where rustc can't build it (no linker, or an architecture without a system call table).
 */
export async function openLauncher(cache: string, toolchain: { readonly sysroot: string; readonly verbose: string }, signal: AbortSignal): Promise<string> {
  const folder = join(cache, "launcher");
  const path = join(folder, hashOf({ sources: SOURCES, flags: FLAGS, rustc: toolchain.verbose }));
  const isThere = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  const work = join(folder, `building-${randomBytes(6).toString("hex")}`);
  await mkdir(work, { recursive: true });
  try {
    const [text, program] = [join(work, "launcher.rs"), join(work, "launcher")];
    for (const [name, source] of Object.entries(SOURCES)) await writeFile(join(work, `${name}.rs`), source);
    const command = [join(toolchain.sysroot, "bin", "rustc"), ...FLAGS, "-o", program, text] as const;
    const end = await runProcess({ command, env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" }, cwd: work, timeoutMs: BUILD_MS, signal });
    if (end.code !== 0)
      throw new BakeoffError(
        "environment",
        `the sandbox's launcher can't be built: ${end.stderr.trim().slice(0, 600)}`,
        "install a C linker (Debian: apt-get install gcc), or update Rust",
      );
    await rename(program, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

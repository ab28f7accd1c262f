// Finds the Rust toolchain behind rustup's shims, and the host programs that the sandbox uses.
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { BakeoffError } from "../../../core/base/errors.ts";
import type { Toolchain } from "../../../ports/workbench.ts";
import { runProcess } from "../../sandbox/process.ts";

export interface HostToolchain extends Toolchain {
  /** The toolchain's root: `bin/cargo`, `bin/rustc`, `lib/`. */
  readonly sysroot: string;
  /** The whole of `rustc -vV`: part of every cache key. */
  readonly verbose: string;
  readonly clippy: boolean;
}

const INSTALL = "install Rust with rustup (https://rustup.rs), or your distribution's cargo and rustc";

/** The path of a program, or null. */
export async function findProgram(name: string, searchPath = process.env["PATH"] ?? ""): Promise<string | null> {
  for (const folder of searchPath.split(delimiter).filter((part) => part.startsWith("/"))) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

export async function findToolchain(cwd: string, signal: AbortSignal): Promise<HostToolchain> {
  const rustc = await findProgram("rustc");
  const cargoShim = await findProgram("cargo");
  if (!rustc || !cargoShim) throw new BakeoffError("environment", `${rustc ? "cargo" : "rustc"} is not installed`, INSTALL);
  const ask = (program: string, ...args: string[]) => output([program, ...args], cwd, signal);
  const sysroot = await realpath((await ask(rustc, "--print", "sysroot")).trim());
  const cargo = join(sysroot, "bin", "cargo");
  const usable = await access(cargo, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!usable) throw new BakeoffError("environment", `the toolchain at ${sysroot} has no cargo`, INSTALL);
  const verbose = await ask(join(sysroot, "bin", "rustc"), "-vV");
  const clippy = await access(join(sysroot, "bin", "cargo-clippy"), constants.X_OK).then(
    () => true,
    () => false,
  );
  return {
    sysroot,
    verbose,
    clippy,
    rustc: verbose.split("\n")[0] ?? "",
    cargo: (await ask(cargo, "-V")).trim(),
    host: /^host: (.*)$/m.exec(verbose)?.[1] ?? "unknown",
  };
}

async function output(command: readonly [string, ...string[]], cwd: string, signal: AbortSignal): Promise<string> {
  const env = Object.fromEntries(
    ["PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const end = await runProcess({ command, env, cwd, timeoutMs: 30_000, signal });
  if (end.code === 0) return end.stdout;
  throw new BakeoffError("environment", `${command.join(" ")} failed: ${end.stderr.trim().split("\n")[0] ?? ""}`, INSTALL);
}

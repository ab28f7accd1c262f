// Cargo outside of the sandbox, where it resolves and fetches as it would in the repository, and runs nothing of it.
import { join } from "node:path";
import { cargoSources } from "../../../core/suite/cargo-sources.ts";
import type { Tree } from "../../../core/text/edit.ts";
import { type ProcessEnd, runProcess } from "../../sandbox/process.ts";
import type { HostToolchain } from "./toolchain.ts";

/** A large workspace has a lot to say of itself. */
const MAX_BYTES = 64_000_000;

export interface CargoPlace {
  /** Where the tree lies. */
  readonly folder: string;
  /** Its registries, sources and patches are those of its own configuration. */
  readonly tree: Tree;
}

/** `args`: the verb and what stands behind the manifest. */
export type RunCargo = (args: readonly [string, ...string[]]) => Promise<ProcessEnd>;

export function hostCargo(
  toolchain: HostToolchain,
  { folder, tree }: CargoPlace,
  limit: { readonly timeoutMs: number; readonly signal: AbortSignal },
): RunCargo {
  const { named, fetching } = cargoSources(tree, folder);
  const settings = [...named, ...fetching].flatMap((setting) => ["--config", setting]);
  return ([verb, ...rest]) =>
    runProcess({
      command: [join(toolchain.sysroot, "bin", "cargo"), verb, "--manifest-path", join(folder, "Cargo.toml"), ...settings, ...rest],
      env: { ...withoutSecrets(), RUSTC: join(toolchain.sysroot, "bin", "rustc"), CARGO_TERM_COLOR: "never" },
      // Not in the tree: cargo would read all of its configuration, programs that it names among it.
      cwd: "/",
      maxBytes: MAX_BYTES,
      ...limit,
    });
}

function withoutSecrets(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined || /TOKEN|SECRET|_KEY$/.test(name) ? [] : [[name, value]])),
  );
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What went wrong, in a line: cargo's first error, and all that is said of its last cause. */
export function cargoComplaint(stderr: string): string {
  const [head = "", ...causes] = stderr.split(/^Caused by:$/m);
  const lines = linesOf(head);
  const told = [lines.find((line) => line.startsWith("error")) ?? lines[0], linesOf(causes.at(-1) ?? lines.at(-1) ?? "").join(" ")];
  return [...new Set(told.filter((line) => line !== undefined && line !== ""))].join(": ").slice(0, 400);
}

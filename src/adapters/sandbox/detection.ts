// Finds out which sandbox works here, by running the smallest job in each: what is probed is what will be used.
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../core/base/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TierReport } from "../../ports/workbench.ts";
import { ISOLATING_TIERS, type SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { ownFolder } from "../workbench/leftovers.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";
import { TIERS } from "./tiers/tiers.ts";
import { findProgram } from "../workbench/cargo/toolchain.ts";

const NEEDED = ["unshare", "mount", "setpriv", "xargs", "head"] as const;
const LIMITS = { buildS: 10, testS: 10, outputBytes: 10_000, scratchBytes: 16 * 1024 ** 2 };

/** The best tier that works. `wanted`: only this tier is tried (tests and CI choose theirs). */
export async function detectTier(clock: Clock, launcher: string, signal: AbortSignal, wanted: SandboxTier | null): Promise<TierReport> {
  const missing = await missingPrograms();
  if (missing.length > 0) return { tier: "none", layer: "copy", notes: [`not installed: ${missing.join(", ")} (packages util-linux, coreutils, findutils)`] };
  const notes: string[] = [];
  for (const tier of ISOLATING_TIERS) {
    if (await isMissing(TIERS[tier].wall)) notes.push(`${tier}: not installed`);
    else if (wanted === null || wanted === tier) {
      for (const layer of TIERS[tier].layers) {
        const why = await probe({ clock, launcher, tier, layer }, signal);
        if (why === null) return { tier, layer, notes };
        notes.push(`${tier} (${layer}): ${why}`);
      }
    }
  }
  return { tier: "none", layer: "copy", notes };
}

async function missingPrograms(): Promise<string[]> {
  const found = await Promise.all(NEEDED.map(async (name) => ((await isMissing(name)) ? [name] : [])));
  return found.flat();
}

const isMissing = async (program: string | null): Promise<boolean> =>
  program !== null && (await findProgram(program, `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`)) === null;

interface Probe {
  readonly clock: Clock;
  readonly launcher: string;
  readonly tier: SandboxTier;
  readonly layer: "overlay" | "copy";
}

/** Null if a job's build and the laying of its layers work; else what went wrong. */
async function probe({ clock, launcher, tier, layer }: Probe, signal: AbortSignal): Promise<string | null> {
  const folder = await ownFolder("probe");
  let sandbox: Sandbox | null = null;
  try {
    await mkdir(join(folder, "base/target"), { recursive: true });
    sandbox = await openSandbox({ tier, clock, launcher, plainTree: "" });
    if (sandbox.owner !== null) await chown(join(folder, "base"), sandbox.owner, sandbox.owner);
    const build = { argv: ["/usr/bin/env", "true"], env: { PATH: "/usr/bin:/bin" } };
    const none = { write: new Map<string, string>(), remove: [], hide: [], tests: [], vendor: null, toolchainLibraries: false, parallelTests: 1 };
    const output = await sandbox.run({ layer, base: join(folder, "base"), sysroot: "/usr", ...none, build, limits: LIMITS }, signal);
    return output.build?.code === 0 ? null : `a trivial command ended with ${output.build?.code ?? "nothing"}: ${output.build?.stderr.trim() ?? ""}`;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error).slice(0, 300);
  } finally {
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

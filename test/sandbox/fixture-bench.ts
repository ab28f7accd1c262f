// Opens a workbench for the fixture crates, with a cache of its own.
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { BaseCache } from "../../src/adapters/workbench/base-cache.ts";
import { openLauncher } from "../../src/adapters/sandbox/launcher/launcher.ts";
import { openSandbox } from "../../src/adapters/sandbox/sandbox.ts";
import { detectTier } from "../../src/adapters/sandbox/detection.ts";
import { TIERS } from "../../src/adapters/sandbox/tiers/tiers.ts";
import { findToolchain } from "../../src/adapters/workbench/cargo/toolchain.ts";
import type { Preparation } from "../../src/adapters/workbench/preparation.ts";
import { openWorkbench } from "../../src/adapters/workbench/workbench.ts";
import type { Task } from "../../src/core/suite/suite.ts";
import type { Changes } from "../../src/core/text/edit.ts";
import type { Verdict } from "../../src/core/verdict/verdict.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { SandboxTier } from "../../src/core/trial/sandbox-tier.ts";
import type { Workbench } from "../../src/ports/workbench.ts";

export const clock: Clock = { now: () => performance.now(), wall: () => new Date().toISOString() };
export const never = new AbortController().signal;

export interface BenchOptions {
  readonly tier?: SandboxTier;
  readonly layer?: "overlay" | "copy";
  readonly cargoSlots?: number;
  /** Shares the cache of another bench. */
  readonly root?: string;
  /** Shares what it prepares with the other files of this run of the tests: for those that only read it. */
  readonly shared?: boolean;
}

export interface FixtureBench {
  readonly bench: Workbench;
  readonly cache: BaseCache;
  readonly layer: "overlay" | "copy";
  verdict(task: Task, changes: Changes | Readonly<Record<string, string>>): Promise<Verdict>;
  close(): Promise<void>;
}

/** The tier that this run is about: BAKEOFF_SANDBOX, else the best that works here. */
export const wantedTier = (): SandboxTier | null => (process.env["BAKEOFF_SANDBOX"] as SandboxTier | undefined) ?? null;

async function newRoot(isShared: boolean): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "bakeoff-test-cache-"));
  const cache = process.env["BAKEOFF_TEST_CACHE"];
  if (!isShared || cache === undefined) return root;
  const bases = join(cache, "fixtures");
  await mkdir(bases, { recursive: true });
  await symlink(bases, join(root, "bases"));
  return root;
}

export async function openFixtureBench(options: BenchOptions = {}): Promise<FixtureBench> {
  const toolchain = await findToolchain("/", never);
  const plain = options.tier === "none";
  const root = options.root ?? (await newRoot(options.shared ?? false));
  const launcher = await openLauncher(root, toolchain, never);
  const found = plain ? ({ tier: "none", layer: "copy" } as const) : await detectTier(clock, launcher, never, options.tier ?? wantedTier());
  if (!plain && found.tier === "none") throw new Error(`no sandbox here: ${JSON.stringify(found)}`);
  const plainTree = join(root, "plain", "w");
  const sandbox = await openSandbox({ tier: found.tier, clock, launcher, plainTree });
  const cargoSlots = plain ? 1 : (options.cargoSlots ?? 2);
  const places = TIERS[found.tier].places({ plainTree, sysroot: toolchain.sysroot });
  const jobs = Math.max(1, Math.floor(availableParallelism() / cargoSlots));
  const flags = (base: Parameters<Preparation["flags"]>[0]) => ({
    ...base,
    jobs,
    ...places,
  });
  const cache = new BaseCache(root);
  const layer = options.layer ?? found.layer;
  const bench = openWorkbench({ clock, cargoSlots, layer, sandbox, toolchain, cache, flags, prepareJobs: 2, root: places.root, vendor: async () => null });
  return {
    bench,
    cache,
    layer,
    verdict: async (task, changes) => {
      const map = changes instanceof Map ? (changes as Changes) : new Map(Object.entries(changes));
      return (await bench.verify({ task, changes: map }, never)).verdict;
    },
    close: async () => {
      await sandbox.close();
      if (options.root === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

/** A bench for as long as `work` takes. */
export async function withBench<T>(options: BenchOptions, work: (bench: FixtureBench) => Promise<T>): Promise<T> {
  const opened = await openFixtureBench(options);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

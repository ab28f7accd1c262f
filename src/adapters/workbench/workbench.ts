// The workbench: prepares bases, verifies patches and lints trees, with a bounded number of cargo jobs.
import pLimit from "p-limit";
import { WrittenFileError } from "../../core/base/errors.ts";
import type { Base, Task } from "../../core/suite/suite.ts";
import { PRESENT_PROTOCOL, PROTOCOLS } from "../../core/verdict/protocol.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { Lint, PreparedBase, Verification, VerifyJob, Workbench } from "../../ports/workbench.ts";
import { countObservations } from "../../core/verdict/observed/records.ts";
import type { StoredBase } from "./base-cache.ts";
import type { BaseMeta } from "./base-meta.ts";
import type { Variant } from "./layout.ts";
import { isLasting, openKept, startOnce } from "./kept-verdicts.ts";
import { type FreshLint, lintKey, lintNow, lintOnce, unlinted } from "./lint.ts";
import { lintBase } from "./lint-base.ts";
import { baseKey } from "./base-key.ts";
import { prepareBase, type WantedBase } from "./prepare.ts";
import { reobserved } from "./reobservation.ts";
import { verifyNow, verifyTwice, type WorkbenchOptions } from "./verify.ts";

export function openWorkbench(at: WorkbenchOptions): Workbench {
  const inSlot = openSlots(at);
  const { stored, loopBase, apartBase } = openBases(at);
  const starts = new Map<string, Promise<Verdict>>();

  const lastBase = async (base: Base, signal: AbortSignal): Promise<StoredBase> => (await stored(base, lastVariant(base), signal)).stored;

  const verify = async (job: VerifyJob, signal: AbortSignal): Promise<Verification> => {
    const last = await lastBase(job.task.base, signal);
    const { builds, apart: isApart } = PROTOCOLS[job.protocol ?? PRESENT_PROTOCOL];
    const isOneBuild = job.whole || isLoopOnly(job.task.base) || builds === 1;
    const loop = isOneBuild ? null : await loopBase(job.task.base, signal);
    const apart = loop === null || !isApart ? null : await apartBase(job.task.base, last, signal);
    const [verification, queueMs] = await inSlot(() =>
      loop === null ? verifyNow(at, last, job, signal) : verifyTwice(at, { loop, confirmation: last, apart }, job, signal),
    );
    return { ...verification, queueMs };
  };

  const startState = async (task: Task, signal: AbortSignal): Promise<Verdict> => {
    const base = (await loopBase(task.base, signal)) ?? (await lastBase(task.base, signal));
    const work = async () => (await verify({ task, changes: new Map() }, signal)).verdict;
    // Trials of several candidates ask for the same task at once: it is worked out for the first of them.
    return once(starts, task.digest, () => startOnce(base, task, work), isLasting);
  };

  return {
    tier: at.sandbox.tier,
    toolchain: { rustc: at.toolchain.rustc, cargo: at.toolchain.cargo, host: at.toolchain.host },
    prepare: async (base, signal, builds) => {
      const { prepared, stored: last } = await stored(base, lastVariant(base), signal);
      if (builds?.whole) return prepared;
      const asked = at.clock.now();
      await loopBase(base, signal);
      if (!isLoopOnly(base)) await apartBase(base, last, signal);
      return { ...prepared, preparedMs: prepared.preparedMs === 0 ? 0 : prepared.preparedMs + at.clock.now() - asked };
    },
    verify,
    startState,
    kept: openKept({ tier: at.sandbox.tier, baseOf: lastBase, startState }),
    ...openLints(at, inSlot, loopBase),
  };
}

/** Clippy over trees of this workbench, each looked at once. */
function openLints(
  at: WorkbenchOptions,
  inSlot: ReturnType<typeof openSlots>,
  loopBase: ReturnType<typeof openBases>["loopBase"],
): Pick<Workbench, "prepareLint" | "lint"> {
  const lints = new Map<string, Promise<Lint>>();
  const clean = new Map<string, Promise<StoredBase | null>>();
  const lintable = (base: Base, loop: StoredBase, signal: AbortSignal): Promise<StoredBase | null> =>
    once(
      clean,
      loop.meta.key,
      () => lintBase(at, base, loop, signal),
      () => true,
    );
  const lintTree = async (loop: StoredBase, job: VerifyJob, signal: AbortSignal): Promise<Lint | FreshLint> => {
    const on = await lintable(job.task.base, loop, signal);
    return on === null ? unlinted("clippy does not pass the clean base") : (await inSlot(() => lintNow(at, on, job, signal)))[0];
  };
  return {
    prepareLint: async (base, signal) => {
      const loop = at.toolchain.clippy ? await loopBase(base, signal) : null;
      if (loop !== null) await lintable(base, loop, signal);
    },
    lint: async (job, signal) => {
      if (!at.toolchain.clippy) return unlinted("clippy is not installed");
      const loop = await loopBase(job.task.base, signal);
      if (loop === null) return unlinted("the base has no build without its hidden tests");
      // Many trials end with the same tree; what clippy says of it does not change.
      const key = lintKey(at, job);
      return once(
        lints,
        `${loop.meta.key} ${key}`,
        () => lintOnce(loop, key, () => lintTree(loop, job, signal)),
        ({ outcome }) => outcome === "linted",
      );
    },
  };
}

/** Waits for a cargo slot; tells how long that took. */
function openSlots({ cargoSlots, clock }: WorkbenchOptions) {
  const slots = pLimit(cargoSlots);
  return async <T>(work: () => Promise<T>): Promise<readonly [T, number]> => {
    const asked = clock.now();
    return slots(async () => {
      const queueMs = clock.now() - asked;
      return [await work(), queueMs] as const;
    });
  };
}

/** Where tests contradict the instructions, there is nothing to confirm: what the loop's build says is the verdict. */
const isLoopOnly = ({ contradictory }: Base): boolean => contradictory !== undefined;

/** The build that a verdict rests on at last. */
const lastVariant = (base: Base): Variant => (isLoopOnly(base) ? "loop" : "confirmation");

/** The prepared bases of this workbench: each worked out or found once. */
function openBases(at: WorkbenchOptions) {
  const bases = new Map<string, Promise<{ stored: StoredBase; prepared: PreparedBase }>>();
  const stored = (base: Base, variant: Variant, signal: AbortSignal) => {
    const key = baseKey(base, variant, at.toolchain, at.root);
    return once(
      bases,
      key,
      () => open(at, { base, variant, key }, signal),
      () => true,
    );
  };
  const ifItCompiles = async (base: Base, variant: Variant, signal: AbortSignal): Promise<StoredBase | null> => {
    try {
      return (await stored(base, variant, signal)).stored;
    } catch (error) {
      if (error instanceof WrittenFileError) return null;
      throw error;
    }
  };
  return {
    stored,
    /** Null where the tree does not compile without its hidden sources: then there is one build for all tests. */
    loopBase: (base: Base, signal: AbortSignal) => ifItCompiles(base, "loop", signal),
    /** Null where safe code is all that there is, which can't read what is in its process; or where observed forms do not compile alone. */
    apartBase: async (base: Base, { meta }: StoredBase, signal: AbortSignal) =>
      meta.forbidUnsafe || meta.observed === null ? null : ifItCompiles(base, "apart", signal),
  };
}

/** Works a thing out for the first who asks. What went wrong (an abort, a full disk) is not kept: the next one tries again. */
function once<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>, isKept: (result: T) => boolean): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const begun = work();
  known.set(key, begun);
  const forget = (): void => void known.delete(key);
  begun.then((result) => (isKept(result) ? undefined : forget()), forget);
  return begun;
}

async function open(at: WorkbenchOptions, wanted: WantedBase, signal: AbortSignal): Promise<{ stored: StoredBase; prepared: PreparedBase }> {
  const start = at.clock.now();
  const { base, key } = wanted;
  const found = await at.cache.find(key);
  const { base: stored, unsteady } = found ? await reobserved(at, found, signal) : { base: await prepareBase(at, wanted, signal), unsteady: 0 };
  const tests = stored.meta.binaries.flatMap((binary) => binary.tests);
  const idsOf = (role: string) =>
    tests
      .filter((test) => test.role === role)
      .map((test) => test.id)
      .toSorted();
  const prepared = {
    base,
    key,
    visibleTests: idsOf("visible"),
    heldOutTests: idsOf("held-out"),
    observations: observationsOf(stored.meta),
    unsteadyObservations: unsteady,
    sentinels: idsOf("sentinel").length,
    compileTime: stored.meta.compileTime,
    preparedMs: found ? 0 : at.clock.now() - start,
  };
  return { stored, prepared };
}

/** By the identity of the test. */
function observationsOf({ observed, binaries }: BaseMeta): PreparedBase["observations"] {
  return new Map(
    binaries.flatMap(({ member, target, exe }) =>
      [...countObservations(observed?.reference[exe] ?? {})].map(([test, count]) => [`${member}/${target}/${test}`, count] as const),
    ),
  );
}

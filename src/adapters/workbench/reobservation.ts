// The reference observed again, once a base and worker: a value that comes out otherwise here and now judges nobody.
import { observed, observedRuns } from "./observation.ts";
import type { StoredBase } from "./base-cache.ts";
import { jobTests } from "./base-meta.ts";
import { attempt, places, type WorkbenchOptions } from "./verify.ts";
import { OUTPUT_BYTES } from "../sandbox/script.ts";

const LIMITS = { buildS: 1, testS: 120, outputBytes: OUTPUT_BYTES, scratchBytes: 1024 ** 3 };

/**
 * The base without the observations that differ from when it was prepared, by the day, the machine's cores, its kernel or its paths, and
 * how many these are. All stay where the sandbox does not bring them back: what fails there, fails for the attempts and is told then.
 */
export async function reobserved(
  at: WorkbenchOptions,
  base: StoredBase,
  signal: AbortSignal,
): Promise<{ readonly base: StoredBase; readonly unsteady: number }> {
  const { meta } = base;
  const names = meta.observed;
  const binaries = meta.binaries.filter(({ exe }) => names?.reference[exe] !== undefined);
  if (names === null || binaries.length === 0) return { base, unsteady: 0 };
  const tests = jobTests(meta, binaries, at.root).slice(0, binaries.length);
  const job = {
    ...places(at, base),
    write: new Map<string, string>(),
    remove: [],
    hide: meta.hide,
    build: null,
    tests: [...tests.flatMap((test) => observedRuns(test, names)), ...jobTests(meta, [], at.root)],
    toolchainLibraries: meta.members.some((member) => member.procMacro),
    limits: LIMITS,
    parallelTests: 1,
  };
  const ran = await attempt(() => at.sandbox.run(job, signal));
  if (typeof ran === "string") return { base, unsteady: 0 };
  const now = binaries.map(({ exe }, index) => [exe, observed(ran.tests.slice(2 * index, 2 * index + 2), names)] as const);
  const { reference, unsteady } = steadyReference(names.reference, new Map(now));
  return { base: { ...base, meta: { ...meta, observed: { ...names, reference } } }, unsteady };
}

type Reference = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What `now` tells as the reference does, by binary; and how much of the reference that leaves out. */
export function steadyReference(reference: Reference, now: ReadonlyMap<string, ReadonlyMap<string, string>>) {
  let unsteady = 0;
  const kept = Object.entries(reference).map(([exe, told]) => {
    const same = Object.entries(told).filter(([key, value]) => now.get(exe)?.get(key) === value);
    unsteady += Object.keys(told).length - same.length;
    return [exe, Object.fromEntries(same)] as const;
  });
  return { reference: Object.fromEntries(kept), unsteady };
}

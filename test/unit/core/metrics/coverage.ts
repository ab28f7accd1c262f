// How often an interval covers the truth in simulated runs, for the coverage tests.
import type { Random } from "../../../../src/core/base/random.ts";
import { createRandom } from "../../../../src/core/base/random.ts";
import type { Estimate } from "../../../../src/core/metrics/statistics/interval.ts";

/** The sample sizes and true rates of `statistics.md`. */
export const CASES: readonly (readonly [n: number, p: number])[] = [30, 100].flatMap((n) => [0.1, 0.5, 0.9].map((p) => [n, p] as const));

/** The share of 2,000 simulated estimates whose interval holds the truth; a null bound holds everything. */
export function measureCoverage(seed: string, truth: number, simulate: (random: Random) => Estimate): number {
  const random = createRandom(seed);
  let covered = 0;
  for (let draw = 0; draw < 2000; draw += 1) {
    const { low, high } = simulate(random);
    if ((low ?? -Infinity) <= truth && truth <= (high ?? Infinity)) covered += 1;
  }
  return covered / 2000;
}

/** The number of passes among `trials` trials that each pass with probability `p`. */
export function drawPasses(random: Random, trials: number, p: number): number {
  let passes = 0;
  for (let trial = 0; trial < trials; trial += 1) if (random.next() < p) passes += 1;
  return passes;
}

/** A task's own pass rate: uniform around `p`, as wide as [0, 1] allows. */
export function drawTaskRate(random: Random, p: number): number {
  return p + Math.min(p, 1 - p) * (2 * random.next() - 1);
}

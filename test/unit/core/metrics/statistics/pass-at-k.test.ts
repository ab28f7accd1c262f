// pass@k: known values, the definition by counting, coverage.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusteredMean, passRate, wilson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { passAtK } from "../../../../../src/core/metrics/statistics/pass-at-k.ts";
import { CASES, drawPasses, drawTaskRate, measureCoverage } from "../coverage.ts";

const SEEDED = { seed: 7, numRuns: 300 };
const INVARIANT = expect.objectContaining({ code: "invariant" });
const tally = fc.integer({ min: 1, max: 12 }).chain((trials) => fc.record({ passes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }));

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}

describe("passAtK", () => {
  it.each([
    [5, 2, 2, 0.7],
    [10, 0, 1, 0],
    [10, 0, 5, 0],
    [10, 9, 2, 1],
    [10, 3, 1, 0.3],
    [200, 1, 100, 0.5],
    // The example of Chen et al. 2021's own program (github.com/openai/human-eval, README): three of six samples pass, pass@1 = 0.5.
    [6, 3, 1, 0.5],
    [6, 3, 2, 0.8],
  ])("of %d trials with %d passes at k = %d is known", (trials, passes, k, expected) => {
    expect(passAtK([{ passes, trials }], k).value).toBeCloseTo(expected, 12);
  });

  it("is the share of k-subsets with a pass", () => {
    const property = fc.property(tally, fc.integer({ min: 1, max: 12 }), ({ passes, trials }, k) => {
      fc.pre(k <= trials);
      const failures = trials - passes;
      const allFail = failures < k ? 0 : choose(failures, k) / choose(trials, k);
      expect(passAtK([{ passes, trials }], k).value).toBeCloseTo(1 - allFail, 12);
    });
    fc.assert(property, SEEDED);
  });

  it("is the mean over tasks, clustered by task", () => {
    const perTask = [
      { passes: 2, trials: 5 },
      { passes: 0, trials: 5 },
      { passes: 5, trials: 5 },
    ];
    const estimate = passAtK(perTask, 2);
    expect(estimate).toMatchObject({ n: 3, method: "clustered-wilson" });
    expect(estimate.value).toBeCloseTo(1.7 / 3, 12);
    expect(estimate.low).toBeCloseTo(clusteredMean([0.7, 0, 1]).low as number, 12);
  });

  it("is Wilson's over tasks when each has exactly k trials", () => {
    const perTask = [
      { passes: 2, trials: 3 },
      { passes: 0, trials: 3 },
      { passes: 3, trials: 3 },
    ];
    expect(passAtK(perTask, 3)).toEqual(wilson(2, 3));
  });

  it("counts only tasks with at least k trials", () => {
    expect(
      passAtK(
        [
          { passes: 2, trials: 5 },
          { passes: 1, trials: 1 },
        ],
        2,
      ).n,
    ).toBe(1);
    expect(passAtK([{ passes: 1, trials: 1 }], 2)).toMatchObject({ value: null, low: null, high: null, n: 0 });
    expect(passAtK([], 1)).toMatchObject({ value: null, low: null, high: null, n: 0 });
  });

  it("is the pass rate for k = 1, and rises with k", () => {
    const property = fc.property(fc.array(tally, { minLength: 1, maxLength: 20 }), (perTask) => {
      const [one, rate] = [passAtK(perTask, 1), passRate(perTask)];
      expect(one).toMatchObject({ n: rate.n, method: rate.method });
      for (const part of ["value", "low", "high"] as const) expect(one[part]).toBeCloseTo(rate[part] as number, 10);
      const shared = perTask.map(({ passes }) => ({ passes, trials: 12 }));
      const values = [1, 2, 5, 12].map((k) => passAtK(shared, k).value as number);
      for (let place = 1; place < values.length; place += 1) {
        expect(values[place] as number).toBeGreaterThanOrEqual((values[place - 1] as number) - 1e-12);
      }
    });
    fc.assert(property, SEEDED);
  });

  it("refuses a k below 1 and more passes than trials", () => {
    for (const k of [0, -1, 1.5, Number.NaN]) expect(() => passAtK([], k)).toThrow(INVARIANT);
    expect(() => passAtK([{ passes: 3, trials: 2 }], 1)).toThrow(INVARIANT);
  });

  it.each(CASES)("covers the truth in 93 to 98 of 100 runs with 4 trials at k = 2, for n = %d, p = %d", (n, p) => {
    const observed = measureCoverage(`pass-at-k/${n}/${p}`, p, (random) => {
      const drawTally = () => {
        const rate = 1 - Math.sqrt(1 - drawTaskRate(random, p)); // of one trial, so that pass@2 is p on average
        return { passes: drawPasses(random, 4, rate), trials: 4 };
      };
      return passAtK(Array.from({ length: n }, drawTally), 2);
    });
    expect(observed).toBeGreaterThan(0.93);
    expect(observed).toBeLessThan(0.98);
  });
});

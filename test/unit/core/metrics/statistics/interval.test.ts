// Proportions and clustered means: published values, coverage by simulation, properties.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Estimate } from "../../../../../src/core/metrics/statistics/interval.ts";
import { clopperPearson, clusteredMean, passRate, wilson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { CASES, drawPasses, drawTaskRate, measureCoverage } from "../coverage.ts";

const SEEDED = { seed: 7, numRuns: 300 };
const INVARIANT = expect.objectContaining({ code: "invariant" });
const counts = fc.integer({ min: 1, max: 400 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
const tally = fc.integer({ min: 0, max: 6 }).chain((trials) => fc.record({ passes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }));

function expectBounds(estimate: Estimate, low: number, high: number): void {
  expect(estimate.low).toBeCloseTo(low, 4);
  expect(estimate.high).toBeCloseTo(high, 4);
}

function expectInOrder({ value, low, high }: Estimate): void {
  for (const bound of [value, low, high]) expect(bound).not.toBeNaN();
  expect(low).toBeGreaterThanOrEqual(0);
  expect(value).toBeGreaterThanOrEqual(low as number);
  expect(high).toBeGreaterThanOrEqual(value as number);
  expect(high).toBeLessThanOrEqual(1);
}

describe.each([
  ["wilson", wilson],
  ["clopper-pearson", clopperPearson],
])("a proportion by %s", (method, estimate) => {
  it("says nothing about no trials", () => {
    expect(estimate(0, 0)).toEqual({ value: null, low: null, high: null, n: 0, method });
  });

  it("reaches 0 and 1 exactly when all trials agree", () => {
    expect(estimate(0, 10)).toMatchObject({ value: 0, low: 0, n: 10, method });
    expect(estimate(10, 10)).toMatchObject({ value: 1, high: 1 });
  });

  it("keeps its bounds in order within [0, 1]", () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.5, 0.8, 0.95, 0.999), ([successes, n], confidence) => {
        expectInOrder(estimate(successes, n, confidence));
      }),
      SEEDED,
    );
  });

  it("rises with the successes", () => {
    const property = fc.property(counts, ([successes, n]) => {
      fc.pre(successes > 0);
      const [fewer, more] = [estimate(successes - 1, n), estimate(successes, n)];
      expect(more.low).toBeGreaterThan(fewer.low as number);
      expect(more.high).toBeGreaterThan(fewer.high as number);
    });
    fc.assert(property, SEEDED);
  });

  it("mirrors when successes and failures swap", () => {
    const property = fc.property(counts, ([successes, n]) => {
      const [one, other] = [estimate(successes, n), estimate(n - successes, n)];
      expect(one.low).toBeCloseTo(1 - (other.high as number), 10);
      expect(one.high).toBeCloseTo(1 - (other.low as number), 10);
    });
    fc.assert(property, SEEDED);
  });

  it("widens with the confidence", () => {
    const [narrow, wide] = [estimate(7, 20, 0.9), estimate(7, 20, 0.99)];
    expect(wide.low).toBeLessThan(narrow.low as number);
    expect(wide.high).toBeGreaterThan(narrow.high as number);
  });

  it("refuses impossible counts and confidences", () => {
    for (const [successes, n] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
      [Number.NaN, 2],
      [0, -1],
    ] as const) {
      expect(() => estimate(successes, n)).toThrow(INVARIANT);
    }
    for (const confidence of [0, 1, 95, Number.NaN]) expect(() => estimate(1, 2, confidence)).toThrow(INVARIANT);
  });
});

describe("wilson", () => {
  // The last four: Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  it.each([
    [8, 10, 0.4902, 0.9433],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d of %d is the published interval", (successes, n, low, high) => {
    expectBounds(wilson(successes, n), low, high);
  });

  // Exact, summed over the binomial distribution: it swings around 95 % (Brown, Cai & DasGupta 2001).
  const exact = [0.9742, 0.9572, 0.9742, 0.9364, 0.9431, 0.9364];
  it.each(CASES.map(([n, p], index) => [n, p, exact[index] as number] as const))(
    "covers the truth in about 95 of 100 runs for n = %d, p = %d",
    (n, p, expected) => {
      const observed = measureCoverage(`wilson/${n}/${p}`, p, (random) => wilson(drawPasses(random, n, p), n));
      expect(Math.abs(observed - expected)).toBeLessThan(0.015);
    },
  );
});

describe("clopperPearson", () => {
  // The last four: Newcombe 1998, table I, method 5.
  it.each([
    [8, 10, 0.4439, 0.9748],
    [0, 10, 0, 0.3085],
    [10, 10, 0.6915, 1],
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])("of %d of %d is the published interval", (successes, n, low, high) => {
    expectBounds(clopperPearson(successes, n), low, high);
  });

  it.each(CASES)("covers the truth in at least 95 of 100 runs for n = %d, p = %d", (n, p) => {
    const simulate = (random: Parameters<typeof drawPasses>[0]) => clopperPearson(drawPasses(random, n, p), n);
    expect(measureCoverage(`exact/${n}/${p}`, p, simulate)).toBeGreaterThan(0.945);
  });
});

describe("clusteredMean", () => {
  it("is Wilson's formula at the effective number of tasks, with a t quantile at tasks minus one degrees of freedom", () => {
    // Standard deviation 0.2 over 4 tasks: SE 0.1, so 0.25 / 0.01 = 25 effective tasks; t(0.975, 3) = 3.182446.
    const [below, above] = [0.5 - 0.1 * Math.sqrt(3), 0.5 + 0.1 * Math.sqrt(3)];
    const estimate = clusteredMean([below, below, above, above]);
    const weight = 3.182446 ** 2 / 25;
    const half = (3.182446 * Math.sqrt(0.01 + weight / 100)) / (1 + weight);
    expect(estimate).toMatchObject({ n: 4, method: "clustered-wilson" });
    expect(estimate.value).toBeCloseTo(0.5, 12);
    expect(estimate.low).toBeCloseTo(0.5 - half, 6);
    expect(estimate.high).toBeCloseTo(0.5 + half, 6);
  });

  it("tends to v ± z·SE for many tasks, the standard error clustered by task", () => {
    const means = Array.from({ length: 4000 }, (_, index) => (index % 4) / 3);
    const standardError = Math.sqrt(means.reduce((sum, mean) => sum + (mean - 0.5) ** 2, 0) / 3999 / 4000);
    const { low, high } = clusteredMean(means);
    expect(low).toBeCloseTo(0.5 - 1.96 * standardError, 4);
    expect(high).toBeCloseTo(0.5 + 1.96 * standardError, 4);
  });

  // Miller 2024, "Adding Error Bars to Evals", section on resampling: where the tasks' difficulties are uniform, two trials a task
  // take a third of the variance of one, four a half, six five ninths.
  it.each([
    [2, 1 / 3],
    [4, 1 / 2],
    [6, 5 / 9],
  ])("with %d trials a task loses the published share %d of the variance", (epochs, lost) => {
    const width = (trials: number): number => {
      // Uniform difficulty makes every number of passes equally likely.
      const estimate = clusteredMean(Array.from({ length: 5040 * (trials + 1) }, (_, task) => (task % (trials + 1)) / trials));
      return ((estimate.high ?? 0) - (estimate.low ?? 0)) * Math.sqrt(trials + 1);
    };
    expect(1 - (width(epochs) / width(1)) ** 2).toBeCloseTo(lost, 3);
  });

  it("does not claim certainty when all tasks agree", () => {
    expect(clusteredMean([1, 1, 1, 1, 1])).toEqual(wilson(5, 5));
    const twoThirds = clusteredMean([2 / 3, 2 / 3, 2 / 3]);
    expect(twoThirds).toMatchObject({ n: 3, method: "wilson" });
    expect(twoThirds.low).toBeCloseTo(wilson(2, 3).low as number, 10);
  });

  it("says little about one task and nothing about none", () => {
    expect(clusteredMean([1])).toEqual(wilson(1, 1));
    expect(clusteredMean([])).toEqual({ value: null, low: null, high: null, n: 0, method: "clustered-wilson" });
  });

  it("refuses means outside [0, 1]", () => {
    for (const mean of [-0.1, 1.1, Number.NaN]) expect(() => clusteredMean([0.5, mean])).toThrow(INVARIANT);
  });

  it("keeps its bounds in order within [0, 1] and mirrors when passes and failures swap", () => {
    const means = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
    const property = fc.property(means, (taskMeans) => {
      const estimate = clusteredMean(taskMeans);
      expectInOrder(estimate);
      const mirrored = clusteredMean(taskMeans.map((mean) => 1 - mean));
      expect(mirrored.low).toBeCloseTo(1 - (estimate.high as number), 9);
      expect(mirrored.high).toBeCloseTo(1 - (estimate.low as number), 9);
    });
    fc.assert(property, SEEDED);
  });
});

describe("passRate", () => {
  it("is Wilson's when every task has one trial", () => {
    const perTask = Array.from({ length: 10 }, (_, index) => ({ passes: index < 8 ? 1 : 0, trials: 1 }));
    expect(passRate(perTask)).toEqual(wilson(8, 10));
    expect(passRate(perTask, 0.9)).toEqual(wilson(8, 10, 0.9));
  });

  it("is the clustered mean as soon as a task has repeats, and counts tasks, not trials", () => {
    const perTask = [
      { passes: 3, trials: 3 },
      { passes: 1, trials: 4 },
      { passes: 1, trials: 1 },
    ];
    expect(passRate(perTask)).toEqual(clusteredMean([1, 0.25, 1]));
    expect(passRate(perTask).n).toBe(3);
  });

  it("does not grow surer by repeating the same outcomes", () => {
    const once = [1, 0, 1, 1].map((passes) => ({ passes: passes * 2, trials: 2 }));
    const often = [1, 0, 1, 1].map((passes) => ({ passes: passes * 50, trials: 50 }));
    expect(passRate(often)).toEqual(passRate(once));
  });

  it("leaves out tasks without a trial", () => {
    expect(
      passRate([
        { passes: 1, trials: 1 },
        { passes: 0, trials: 0 },
      ]),
    ).toEqual(wilson(1, 1));
    const nothing = { value: null, low: null, high: null, n: 0, method: "wilson" };
    expect(passRate([])).toEqual(nothing);
    expect(passRate([{ passes: 0, trials: 0 }])).toEqual(nothing);
  });

  it("is never NaN, and is null only without trials", () => {
    const property = fc.property(fc.array(tally, { maxLength: 40 }), (perTask) => {
      const estimate = passRate(perTask);
      expect(estimate.n).toBe(perTask.filter(({ trials }) => trials > 0).length);
      if (estimate.n === 0) expect([estimate.value, estimate.low, estimate.high]).toEqual([null, null, null]);
      else expectInOrder(estimate);
    });
    fc.assert(property, SEEDED);
  });

  it("refuses more passes than trials", () => {
    expect(() => passRate([{ passes: 2, trials: 1 }])).toThrow(INVARIANT);
  });

  it.each(CASES)("covers the truth in 94 to 98 of 100 runs with 4 epochs, for n = %d, p = %d", (n, p) => {
    const observed = measureCoverage(`epochs/${n}/${p}`, p, (random) =>
      passRate(Array.from({ length: n }, () => ({ passes: drawPasses(random, 4, drawTaskRate(random, p)), trials: 4 }))),
    );
    expect(observed).toBeGreaterThan(0.935);
    expect(observed).toBeLessThan(0.98);
  });
});

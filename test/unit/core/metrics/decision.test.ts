// What gates are made of besides intervals: Holm, noise floor, sample size, looks.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { binomialCdf, binomialQuantile, normalCdf, tCdf } from "../../../../src/core/metrics/statistics/distribution.ts";
import { holmAdjusted, holmStepDown } from "../../../../src/core/metrics/statistics/holm.ts";
import { wilson } from "../../../../src/core/metrics/statistics/interval.ts";
import { noiseFloor } from "../../../../src/core/metrics/statistics/noise-floor.ts";
import { tangoInterval } from "../../../../src/core/metrics/statistics/paired.ts";
import { samplesForQuantile, tasksForDifference, tasksForShare, unitsByRoot, unitsToSettle } from "../../../../src/core/metrics/statistics/sample-size.ts";
import { planLooks, spentBy } from "../../../../src/core/metrics/statistics/sequential.ts";
import { normalQuantile, tQuantile } from "../../../../src/core/metrics/statistics/special.ts";
import { drawPasses, drawTaskRate } from "./coverage.ts";

describe("distributions", () => {
  it("undo their quantile functions", () => {
    for (const p of [1e-8, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999]) {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
      expect(tCdf(tQuantile(p, 7), 7)).toBeCloseTo(p, 11);
    }
  });

  it("are one function on both sides of where the method changes", () => {
    expect(normalCdf(3 + 1e-12) - normalCdf(3 - 1e-12)).toBeLessThan(1e-13);
    expect(normalCdf(-40)).toBe(0);
  });

  it("sum the binomial distribution", () => {
    expect(binomialCdf(1, 8, 0.5)).toBeCloseTo(9 / 256, 14);
    expect([binomialCdf(-1, 8, 0.5), binomialCdf(8, 8, 0.5)]).toEqual([0, 1]);
    expect(binomialQuantile(0.5, 8, 0.5)).toBe(4);
  });
});

describe("Holm", () => {
  it.each([
    { source: "a check value", raw: [0.01, 0.04, 0.03, 0.005], holm: [0.03, 0.06, 0.06, 0.02] },
    {
      source: "R's package multtest, mt.rawp2adjp, as kept in statsmodels' tests (test_multi.py)",
      raw: [
        0.838541367553, 0.177096952723, 5.23656777208e-5, 0.0202732688798, 2.8140506198e-4, 0.0149877310796, 0.642193923795, 0.680845947633, 0.967833824309,
        0.71626938238,
      ],
      holm: [1, 1, 5.23656777208e-4, 0.1419128821586, 2.53264555782e-3, 0.1199018486368, 1, 1, 1, 1],
    },
  ])("adjusts p-values as published by $source", ({ raw, holm }) => {
    const adjusted = holmAdjusted(raw);
    for (const [index, p] of holm.entries()) expect(adjusted[index]).toBeCloseTo(p, 10);
  });

  it("tries what is left at a higher level as long as anything passes, and tells the level that each was last tried at", () => {
    const levels = (...pValues: readonly number[]) =>
      holmStepDown(
        pValues,
        0.06,
        (p, alpha) => p <= alpha,
        (passed) => passed,
      ).map(({ result, alpha }) => [result, alpha]);
    expect(levels(0.03, 0.01, 0.05)).toEqual([
      [true, 0.03],
      [true, 0.02],
      [true, 0.06],
    ]);
    expect(levels(0.04, 0.01, 0.035)).toEqual([
      [false, 0.03],
      [true, 0.02],
      [false, 0.03],
    ]);
    // Two that pass at once leave together: the third is tried at the whole level, and no level twice.
    expect(levels(0.01, 0.02, 0.07)).toEqual([
      [true, 0.02],
      [true, 0.02],
      [false, 0.06],
    ]);
    expect(levels(0.021, 0.05, 0.05)).toEqual([
      [false, 0.02],
      [false, 0.02],
      [false, 0.02],
    ]);
  });

  it("by levels decides just as by p-values", () => {
    const property = fc.property(fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 8 }), (pValues) => {
      const steps = holmStepDown(
        pValues,
        0.05,
        (p, alpha) => p <= alpha,
        (passed) => passed,
      );
      const adjusted = holmAdjusted(pValues);
      for (const [index, p] of adjusted.entries()) if (Math.abs(p - 0.05) > 1e-9) expect(steps[index]?.result).toBe(p < 0.05);
    });
    fc.assert(property, { seed: 5, numRuns: 500 });
  });
});

describe("noiseFloor", () => {
  it("is the spread of two runs of one candidate", () => {
    const random = createRandom("aa");
    const rates = Array.from({ length: 40 }, () => drawTaskRate(random, 0.5));
    const run = () => rates.map((rate) => ({ passes: drawPasses(random, 5, rate), trials: 5 }));
    const rateOf = (tallies: ReturnType<typeof run>) => tallies.reduce((sum, { passes, trials }) => sum + passes / trials, 0) / 40;
    const differences = Array.from({ length: 2000 }, () => rateOf(run()) - rateOf(run()));
    const deviation = Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / 2000);
    const guessed = Array.from({ length: 200 }, () => noiseFloor(run(), 0.05).spread ?? 0);
    expect(guessed.reduce((sum, value) => sum + value, 0) / 200).toBeCloseTo(deviation, 2);
  });

  it("finds the published noise within tasks of uniform difficulty: a variance of 1/6 a trial", () => {
    // Miller 2024, "Adding Error Bars to Evals": E[σᵢ²] = 1/6. Of two runs of k trials a task: 2 · (1/6) / k over n tasks.
    const k = 5;
    const tallies = Array.from({ length: 60 }, (_, task) => ({ passes: task % (k + 1), trials: k }));
    expect(noiseFloor(tallies, 0.05).spread).toBeCloseTo(Math.sqrt(2 / 6 / k / 60), 12);
  });

  it("counts the tasks that flip, and knows nothing from one trial a task", () => {
    const tallies = [
      { passes: 1, trials: 2 },
      { passes: 2, trials: 2 },
      { passes: 0, trials: 2 },
      { passes: 1, trials: 1 },
    ];
    expect(noiseFloor(tallies, 0.05)).toMatchObject({ flipRate: { value: 1 / 3, n: 3 } });
    expect(noiseFloor([{ passes: 1, trials: 1 }], 0.05)).toMatchObject({ spread: null, floor: null, flipRate: { n: 0 } });
  });
});

describe("how many more", () => {
  it("finds the first number that settles it, or none", () => {
    expect(unitsToSettle(10, (n) => n >= 37)).toBe(27);
    expect(unitsToSettle(10, (n) => n >= 3)).toBe(0);
    expect(unitsToSettle(10, () => false)).toBeNull();
  });

  it("tells after how many tasks a share's bound clears the threshold", () => {
    const estimate = wilson(36, 40, 0.9);
    const more = tasksForShare(estimate, 0.85, 0.9) as number;
    expect(more).toBeGreaterThan(0);
    const units = 40 + more;
    expect(wilson(Math.round(0.9 * units), units, 0.9).low).toBeGreaterThanOrEqual(0.85);
    expect(wilson(Math.round(0.9 * (units - 1)), units - 1, 0.9).low).toBeLessThan(0.85);
    // 2.7055 / (n + 2.7055) ≤ 0.05.
    expect(tasksForShare(wilson(0, 20, 0.9), 0.05, 0.9)).toBe(32);
  });

  it("has no answer where the figure lies on its threshold", () => {
    expect(unitsByRoot({ value: 0.5, low: 0.4, high: 0.6, n: 10, method: "" }, 0.5)).toBeNull();
    expect(tasksForShare({ value: null, low: null, high: null, n: 0, method: "" }, 0.5, 0.9)).toBeNull();
  });

  it("goes with the square for an interval that shrinks with the root", () => {
    expect(unitsByRoot({ value: 0.6, low: 0.4, high: 0.8, n: 10, method: "" }, 0.5)).toBeCloseTo(30, -1);
  });

  it("needs the published 969 questions to see three points", () => {
    // Miller 2024: ω² = 1/9, 5 % two-sided, 80 % power. A bound at both quantiles together clears zero at just that number.
    const half = ((normalQuantile(0.975) + normalQuantile(0.8)) * Math.sqrt(1 / 9)) / Math.sqrt(100);
    expect(100 + (unitsByRoot({ value: 0.03, low: 0.03 - half, high: 0.03 + half, n: 100, method: "" }, 0) ?? 0)).toBe(969);
  });

  it("needs as many tasks as Tango's interval says for a difference", () => {
    const estimate = tangoInterval(2, 2, 57, 0.9);
    const more = tasksForDifference(estimate, 4 / 57, -0.05, 0.9) as number;
    expect(more).toBeGreaterThan(0);
    const n = 57 + more;
    const each = Math.round((2 / 57) * n);
    expect(tangoInterval(each, each, n, 0.9).low).toBeGreaterThan(-0.05);
  });

  it("needs 59 samples below the limit for a 95th percentile at 95 %", () => {
    // 0.95^59 ≤ 0.05: Wilks 1941.
    expect(samplesForQuantile(20, 20, 0.95, 0.05)).toBe(39);
  });
});

describe("planLooks", () => {
  it("gives the published bounds of O'Brien-Fleming-type spending", () => {
    // Five equal looks, one-sided 0.025: Reboussin, DeMets, Kim & Lan 2000, table for spending function 1.
    const bounds = planLooks([0.2, 0.4, 0.6, 0.8, 1], 0.025).map(({ bound }) => bound);
    for (const [index, bound] of [4.8769, 3.3569, 2.6803, 2.2898, 2.031].entries()) expect(bounds[index]).toBeCloseTo(bound, 3);
  });

  it("spends all of α by the end, and next to nothing at first", () => {
    expect(spentBy(1, 0.05)).toBe(0.05);
    expect(spentBy(0, 0.05)).toBe(0);
    expect(spentBy(0.25, 0.05)).toBeLessThan(0.0005);
    const looks = planLooks([0.5, 1], 0.05);
    expect(looks[1]?.spent).toBe(0.05);
    expect(looks.every(({ alpha }) => alpha < 0.05)).toBe(true);
  });

  it("with one look is the plain test", () => {
    expect(planLooks([1], 0.05)[0]?.bound).toBeCloseTo(1.6449, 4);
    expect(planLooks([1], 0.3)[0]?.bound).toBeCloseTo(0.524_400_512_708, 9);
    expect(planLooks([1], 1e-6)[0]?.bound).toBeCloseTo(4.753_424_308_823, 7);
  });

  it("crosses by chance in at most α of the paths", () => {
    const looks = planLooks([0.25, 0.5, 0.75, 1], 0.05);
    const random = createRandom("paths");
    let crossed = 0;
    for (let path = 0; path < 20_000; path += 1) {
      let sum = 0;
      let at = 0;
      for (const { information, bound } of looks) {
        sum += normalQuantile(Math.max(1e-12, random.next())) * Math.sqrt(information - at);
        at = information;
        if (sum / Math.sqrt(information) <= bound) continue;
        crossed += 1;
        break;
      }
    }
    expect(crossed / 20_000).toBeGreaterThan(0.045);
    expect(crossed / 20_000).toBeLessThan(0.055);
  });

  it("refuses looks that do not rise", () => {
    expect(() => planLooks([0.5, 0.5], 0.05)).toThrow(expect.objectContaining({ code: "invariant" }));
  });
});

// What gates are made of besides intervals: parity, Holm, noise floor, sample size, looks.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { binomialCdf, binomialQuantile, normalCdf, tCdf } from "../../../../src/core/metrics/distribution.ts";
import { holmAdjusted, holmStepDown } from "../../../../src/core/metrics/holm.ts";
import { wilson } from "../../../../src/core/metrics/interval.ts";
import { noiseFloor } from "../../../../src/core/metrics/noise-floor.ts";
import { type TaskPair, tangoInterval } from "../../../../src/core/metrics/paired.ts";
import { successParity } from "../../../../src/core/metrics/parity.ts";
import { samplesForQuantile, tasksForDifference, tasksForShare, unitsByRoot, unitsToSettle } from "../../../../src/core/metrics/sample-size.ts";
import { planLooks, spentBy } from "../../../../src/core/metrics/sequential.ts";
import { normalQuantile, tQuantile } from "../../../../src/core/metrics/special.ts";
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
  it("adjusts p-values as published", () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    for (const [index, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[index]).toBeCloseTo(p, 12);
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

const pairsOf = (own: readonly number[], other: readonly number[], trials: number): TaskPair[] =>
  own.map((passes, index) => ({ task: `t${index}`, candidate: { passes, trials }, reference: { passes: other[index] ?? 0, trials } }));

describe("successParity", () => {
  it("is the ratio of the rates, the same for the same seed", () => {
    const pairs = pairsOf([1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0], 1);
    const [one, again, other] = [successParity(pairs, 1), successParity(pairs, 1), successParity(pairs, 2)];
    expect(one.value).toBeCloseTo(0.7, 12);
    expect(one.at(0.9)).toEqual(again.at(0.9));
    expect(Math.abs((one.at(0.9).low as number) - (other.at(0.9).low as number))).toBeLessThan(0.05);
  });

  it("is what the delta method says for many tasks", () => {
    // Ratio r = a/b, variance of a − r·b over n·b²: Cochran 1977, "Sampling Techniques", equation 6.13.
    const random = createRandom("many");
    const [own, other] = [0.6, 0.8].map((rate) => Array.from({ length: 2000 }, () => drawPasses(random, 1, rate)));
    const pairs = pairsOf(own ?? [], other ?? [], 1);
    const estimate = successParity(pairs, 3).at(0.95);
    const mean = (values: readonly number[] = []) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const ratio = mean(own) / mean(other);
    const residual = mean(own?.map((value, index) => (value - ratio * (other?.[index] ?? 0)) ** 2));
    const error = Math.sqrt(residual / 2000) / mean(other);
    expect(estimate.low).toBeCloseTo(ratio - 1.96 * error, 2);
    expect(estimate.high).toBeCloseTo(ratio + 1.96 * error, 2);
  });

  it("does not claim certainty where hardly a task differs", () => {
    const all = Array.from({ length: 57 }, () => 1);
    const { value, low, high, method } = { ...successParity(pairsOf(all, all, 1), 1).at(0.9) };
    expect(value).toBe(1);
    expect(low).toBeCloseTo(1 + (tangoInterval(0, 0, 57, 0.9).low as number), 10);
    expect(high).toBeGreaterThan(1);
    expect(method).toBe("bootstrap-bca, widened");
  });

  it("says nothing where the reference passed nothing", () => {
    expect(successParity(pairsOf([1, 1], [0, 0], 1), 1).at(0.9)).toMatchObject({ value: null, low: null, n: 2 });
    expect(successParity([], 1).at(0.9)).toMatchObject({ value: null, n: 0 });
  });

  it.each([
    [30, 0.5],
    [30, 0.9],
  ])("covers the truth in about 95 of 100 runs for n = %d, p = %d", (n, p) => {
    const random = createRandom(`parity/${n}/${p}`);
    let covered = 0;
    for (let draw = 0; draw < 80; draw += 1) {
      const rates = Array.from({ length: n }, () => drawTaskRate(random, p));
      const tallies = (factor: number) => rates.map((rate) => drawPasses(random, 3, rate * factor));
      const { low, high } = successParity(pairsOf(tallies(0.85), tallies(1), 3), 1).at(0.95);
      if ((low as number) <= 0.85 && 0.85 <= (high as number)) covered += 1;
    }
    // 80 draws: a standard error of 2.4 points.
    expect(covered / 80).toBeGreaterThan(0.88);
    expect(covered / 80).toBeLessThanOrEqual(1);
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

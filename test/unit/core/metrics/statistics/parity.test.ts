// Success parity: the ratio of the pass rates, its interval, and what it does not claim. The bootstrap itself: bootstrap.test.ts.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { type TaskPair, tangoInterval } from "../../../../../src/core/metrics/statistics/paired.ts";
import { successParity } from "../../../../../src/core/metrics/statistics/parity.ts";
import { drawPasses, drawTaskRate } from "../coverage.ts";

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

  it("is widened where fewer than ten tasks differ, and not from the tenth on", () => {
    const method = (differing: number) => {
      const own = Array.from({ length: 60 }, (_, index) => (index < differing ? 0 : 1));
      return successParity(
        pairsOf(
          own,
          Array.from({ length: 60 }, () => 1),
          1,
        ),
        1,
      ).at(0.9).method;
    };
    expect([method(9), method(10)]).toEqual(["bootstrap-bca, widened", "bootstrap-bca"]);
  });

  it("says nothing where the reference passed nothing", () => {
    expect(successParity(pairsOf([1, 1], [0, 0], 1), 1).at(0.9)).toMatchObject({ value: null, low: null, n: 2 });
    expect(successParity([], 1).at(0.9)).toMatchObject({ value: null, n: 0 });
  });

  it("has no upper bound where resamples in which the reference passes nothing are too many", () => {
    const once = Array.from({ length: 60 }, (_, index) => (index === 0 ? 1 : 0));
    const half = Array.from({ length: 60 }, (_, index) => index % 2);
    const { value, low, high } = successParity(pairsOf(half, once, 1), 1).at(0.9);
    expect(value).toBe(30);
    expect(low).toBeLessThan(30);
    expect(high).toBeNull();
    expect(successParity(pairsOf(once, once, 1), 1).at(0.9).low).toBeLessThan(0.5);
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

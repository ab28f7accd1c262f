// Quantiles and their order-statistics intervals: known values, coverage, properties.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { binomialCdf } from "../../../../../src/core/metrics/statistics/distribution.ts";
import { quantileEstimate } from "../../../../../src/core/metrics/statistics/quantile.ts";
import { CASES, measureCoverage } from "../coverage.ts";

const SEEDED = { seed: 7, numRuns: 300 };
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
const share = fc.constantFrom(0, 0.01, 0.5, 0.9, 0.95, 0.99, 1);

describe("quantileEstimate", () => {
  it.each([
    [10, 0.95, 9.55],
    [10, 0.5, 5.5],
    [10, 0, 1],
    [10, 1, 10],
    [5, 0.5, 3],
    [4, 0.9, 3.7],
    [1, 0.99, 1],
  ])("of 1..%d at %d interpolates to %d", (n, q, expected) => {
    expect(quantileEstimate(upTo(n), q).value).toBeCloseTo(expected, 12);
  });

  // Ranks from tables of the binomial distribution (Conover 1999, table A3).
  it.each([
    [20, 0.5, 6, 15],
    [10, 0.5, 2, 9],
    [100, 0.5, 40, 61],
    [100, 0.9, 84, 96],
  ])("of %d samples at %d lies between ranks %d and %d", (n, q, low, high) => {
    expect(quantileEstimate(upTo(n), q)).toMatchObject({ low, high, n, method: "order-statistics" });
  });

  it("of the lifetimes of sixteen tubes has the published lower bound, and an upper one that keeps its level", () => {
    // Conover 1999, section 3.2, example on the upper quartile at 90 %: 63.3 to 73.3, whose exact level is 90.9 %, with 6.3 % beyond the
    // upper end. We leave at most 5 % on either side, so the upper bound is the next of them.
    const hours = [46.9, 47.2, 49.1, 56.5, 56.8, 59.2, 59.9, 63.2, 63.3, 63.4, 63.7, 64.1, 67.1, 67.7, 73.3, 78.5];
    expect(quantileEstimate(hours, 0.75, 0.9)).toMatchObject({ low: 63.3, high: 78.5, n: 16 });
    expect(binomialCdf(14, 16, 0.75) - binomialCdf(8, 16, 0.75)).toBeCloseTo(0.909, 3);
    expect(quantileEstimate(hours, 0.75, 0.87)).toMatchObject({ low: 63.3, high: 73.3 });
  });

  it("has no bound that too few samples cannot reach", () => {
    expect(quantileEstimate(upTo(5), 0.5)).toMatchObject({ value: 3, low: null, high: null });
    expect(quantileEstimate(upTo(6), 0.5)).toMatchObject({ low: 1, high: 6 });
    expect(quantileEstimate(upTo(71), 0.95).high).toBeNull();
    expect(quantileEstimate(upTo(72), 0.95).high).toBe(72);
    expect(quantileEstimate(upTo(71), 0.95).low).not.toBeNull();
    expect(quantileEstimate(upTo(72), 0.95, 0.99).high).toBeNull();
  });

  it("keeps the value of very few samples within its interval", () => {
    const { value, low } = quantileEstimate([1, 2], 0.99);
    expect(value).toBeCloseTo(1.99, 12);
    expect(low).toBe(value);
  });

  it("says nothing about no samples", () => {
    const nothing = { value: null, low: null, high: null, n: 0, method: "order-statistics" };
    expect(quantileEstimate([], 0.5)).toEqual(nothing);
  });

  it("refuses shares outside [0, 1] and samples that are not finite", () => {
    const refused = expect.objectContaining({ code: "invariant" });
    for (const q of [-0.1, 1.1, 95, Number.NaN]) expect(() => quantileEstimate([1], q)).toThrow(refused);
    for (const sample of [Number.NaN, Infinity]) expect(() => quantileEstimate([1, sample], 0.5)).toThrow(refused);
    expect(() => quantileEstimate([1], 0.5, 1)).toThrow(refused);
  });

  it("does not depend on the order of the samples, and leaves them alone", () => {
    const property = fc.property(latencies, share, fc.string(), (samples, q, seed) => {
      const before = [...samples];
      const shuffled = createRandom(seed).shuffle(samples);
      expect(quantileEstimate(shuffled, q)).toEqual(quantileEstimate(samples, q));
      expect(samples).toEqual(before);
    });
    fc.assert(property, SEEDED);
  });

  it("keeps its bounds in order within the samples", () => {
    const property = fc.property(latencies, share, (samples, q) => {
      const { value, low, high } = quantileEstimate(samples, q);
      const [least, most] = [Math.min(...samples), Math.max(...samples)];
      const line = [least, low ?? least, value as number, high ?? most, most];
      expect(line).toEqual(line.toSorted((a, b) => a - b));
    });
    fc.assert(property, SEEDED);
  });

  it("rises with the share", () => {
    const property = fc.property(latencies, (samples) => {
      const values = [0.5, 0.9, 0.95, 0.99].map((q) => quantileEstimate(samples, q).value as number);
      for (let place = 1; place < values.length; place += 1) {
        expect(values[place] as number).toBeGreaterThanOrEqual((values[place - 1] as number) - 1e-9);
      }
    });
    fc.assert(property, SEEDED);
  });

  it.each(CASES)("covers the truth in at least 95 of 100 runs for n = %d, q = %d", (n, q) => {
    const truth = -Math.log1p(-q); // of an exponential distribution
    const observed = measureCoverage(`quantile/${n}/${q}`, truth, (random) =>
      quantileEstimate(
        Array.from({ length: n }, () => -Math.log1p(-random.next())),
        q,
      ),
    );
    expect(observed).toBeGreaterThan(0.945);
  });
});

// Statistics at the ends of what they are asked: what they refuse, and what they say of nothing.
import { describe, expect, it } from "vitest";
import { bettingMean } from "../../../../../src/core/metrics/statistics/betting.ts";
import { bcaBootstrap } from "../../../../../src/core/metrics/statistics/bootstrap.ts";
import { outcomesChange } from "../../../../../src/core/metrics/statistics/change-point.ts";
import { clusteredQuantile } from "../../../../../src/core/metrics/statistics/clustered-quantile.ts";
import { familyDifference, familyDifferenceAbove, type FamilyPair } from "../../../../../src/core/metrics/statistics/family.ts";
import { familyRate } from "../../../../../src/core/metrics/statistics/family-rate.ts";
import { holmAdjusted, holmStepDown } from "../../../../../src/core/metrics/statistics/holm.ts";
import { clopperPearson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { differenceAbove, pairedDifference, tangoInterval } from "../../../../../src/core/metrics/statistics/paired.ts";
import { ratioOfMeans } from "../../../../../src/core/metrics/statistics/parity.ts";
import { quantileEstimate } from "../../../../../src/core/metrics/statistics/quantile.ts";
import { incompleteBeta } from "../../../../../src/core/metrics/statistics/special.ts";
import { withinSlope } from "../../../../../src/core/metrics/statistics/within-slope.ts";

const invariant = expect.objectContaining({ code: "invariant" });
const pair = (own: number, other: number, index = 0, trials = 2): FamilyPair => ({
  task: `t${index}`,
  family: `f${index}`,
  candidate: { passes: own, trials },
  reference: { passes: other, trials },
});

describe("what statistics refuse", () => {
  it.each<readonly [string, () => unknown]>([
    ["a quantile above all", () => clusteredQuantile([{ cluster: "a", value: 1 }], 1.1)],
    ["a quantile below all", () => clusteredQuantile([{ cluster: "a", value: 1 }], -0.1)],
    ["a margin beyond the scale", () => differenceAbove([pair(1, 1)], -1.1)],
    ["a margin beyond its other end", () => differenceAbove([pair(1, 1)], 1.1)],
    ["a margin of families beyond the scale", () => familyDifferenceAbove([pair(1, 1)], 1.1)],
    ["a p-value below nothing", () => holmAdjusted([0.5, -0.1])],
    ["a p-value above one", () => holmAdjusted([0.5, 1.1])],
    ["columns of two lengths", () => bcaBootstrap({ first: Float64Array.of(1, 2), second: Float64Array.of(1) }, ratioOfMeans, "s", 100)],
    ["nothing to resample", () => bcaBootstrap({ first: Float64Array.of(), second: Float64Array.of() }, ratioOfMeans, "s", 100)],
    ["a value that is none", () => withinSlope([{ at: 1, value: Number.NaN, task: "a", family: "a" }])],
    ["a time that is none", () => withinSlope([{ at: Number.NaN, value: 1, task: "a", family: "a" }])],
    ["more passes than trials", () => familyRate([{ family: "a", passes: 3, trials: 2 }], 0.9, { bounds: "exact", alike: "families" })],
    ["a confidence of all in a rate", () => familyRate([{ family: "a", passes: 1, trials: 2 }], 1, { bounds: "exact", alike: "families" })],
    ["a confidence of all in a difference", () => pairedDifference([pair(1, 1)], 1)],
    ["a confidence of all in a difference by family", () => familyDifference([pair(1, 1)], 1)],
    ["a confidence of all in discordant counts", () => tangoInterval(1, 0, 3, 1)],
    ["a margin of families below the scale", () => familyDifferenceAbove([pair(1, 1)], -1.1)],
    ["a reference without trials", () => pairedDifference([{ ...pair(1, 1), reference: { passes: 0, trials: 0 } }])],
    ["a candidate without trials", () => pairedDifference([{ ...pair(1, 1), candidate: { passes: 0, trials: 0 } }])],
    ["a reference without trials in a family", () => familyDifference([{ ...pair(1, 1), reference: { passes: 0, trials: 0 } }])],
    ["a candidate without trials in a family", () => familyDifference([{ ...pair(1, 1), candidate: { passes: 0, trials: 0 } }])],
    ["a confidence of all in bets", () => bettingMean({ values: [{ value: 1, cluster: "a" }], least: 0, most: 1 }, 1)],
    ["a bet's value below the least", () => bettingMean({ values: [{ value: -0.1, cluster: "a" }], least: 0, most: 1 })],
    ["a confidence of all in a quantile by cluster", () => clusteredQuantile([{ cluster: "a", value: 1 }], 0.5, 1)],
    ["a confidence of all in a quantile", () => quantileEstimate([1], 0.5, 1)],
    ["a confidence of all in a slope", () => withinSlope([{ at: 1, value: 1, task: "a", family: "a" }], 1)],
    ["an outcome that is no number in a history", () => outcomesChange([[1, 0, 1, 0, 1, 0, 1, Number.NaN]], "s")],
    ["a side without trials", () => familyDifference([pair(0, 0, 0, 0)])],
  ])("is %s", (_, asked) => {
    expect(asked).toThrow(invariant);
  });
});

describe("what statistics say", () => {
  it("of nothing is nothing, by the method that it would have been", () => {
    expect(pairedDifference([])).toEqual({ value: null, low: null, high: null, n: 0, method: "tango" });
    expect(pairedDifference([pair(1, 0, 0, 1)]).method).toBe("tango");
    expect(pairedDifference([pair(1, 0), pair(2, 0, 1)]).method).toBe("clustered-score");
    expect(tangoInterval(0, 0, 0)).toMatchObject({ value: null, method: "tango" });
    expect(familyDifference([]).value).toBeNull();
    expect([differenceAbove([], -0.05), familyDifferenceAbove([], -0.05), familyDifferenceAbove([], -1)]).toEqual([1, 1, 1]);
  });

  it("at the ends of a margin is certain", () => {
    const pairs = [pair(1, 0), pair(2, 1, 1)];
    expect([differenceAbove(pairs, 1), differenceAbove(pairs, -1), familyDifferenceAbove(pairs, 1), familyDifferenceAbove(pairs, -1)]).toEqual([1, 0, 1, 0]);
  });

  it("of tasks that are all lost is that nothing speaks for the candidate", () => {
    const lost = Array.from({ length: 12 }, (_, index) => pair(0, 2, index));
    expect(familyDifferenceAbove(lost, -0.05)).toBe(1);
    expect(familyDifferenceAbove(lost, 0.5)).toBe(1);
  });

  it("of families that all tie hangs on how many there are", () => {
    const tied = Array.from({ length: 20 }, (_, index) => pair(1, 1, index));
    expect(familyDifferenceAbove(tied, -0.05)).toBeCloseTo(0.95 ** 20, 12);
    expect(familyDifferenceAbove(tied, 0)).toBe(1);
    const { low, high } = familyDifference(tied, 0.9);
    expect([low, high]).toEqual([-(1 - 0.05 ** (1 / 20)), 1 - 0.05 ** (1 / 20)]);
  });

  it("of one unit is that unit, in each of ten thousand resamples, without any skew", () => {
    const { value, resampled, skew, shift, at } = bcaBootstrap({ first: Float64Array.of(3), second: Float64Array.of(4) }, ratioOfMeans, "one");
    expect([value, resampled.length, skew, shift]).toEqual([0.75, 10_000, 0, 0]);
    expect(new Set(resampled)).toEqual(new Set([0.75]));
    expect(at(0.9)).toEqual({ value: 0.75, low: 0.75, high: 0.75, n: 1, method: "bootstrap-bca" });
  });

  it("of a rate is plain where each task stands for itself and comes out as one", () => {
    const rate = (...tallies: readonly (readonly [family: string, passes: number, trials: number])[]) =>
      familyRate(
        tallies.map(([family, passes, trials]) => ({ family, passes, trials })),
        0.9,
        { bounds: "exact", alike: "families" },
      );
    const plain = rate(["a", 1, 1], ["b", 0, 1], ["c", 1, 1]);
    expect(plain).toEqual({ ...clopperPearson(2, 3, 0.9), method: plain.method });
    expect(rate(["a", 0, 0], ["b", 1, 1])).toMatchObject({ value: 1, n: 1 });
    expect(rate(["a", 0, 0])).toMatchObject({ value: null, n: 0 });
  });

  it("of p-values that are none or all is just that", () => {
    expect(holmAdjusted([0, 1])).toEqual([0, 1]);
    expect(holmAdjusted([])).toEqual([]);
    expect(holmStepDown([], 0.05, () => true, Boolean)).toEqual([]);
    expect([incompleteBeta(-0.1, 2, 3), incompleteBeta(1.1, 2, 3)]).toEqual([0, 1]);
    expect(ratioOfMeans(1, 0, 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

// Which of the resamples are an interval's bounds, and what becomes of resamples that tie or have no statistic.
import { describe, expect, it } from "vitest";
import { type Bootstrap, bcaBootstrap, type SumStatistic, type Units } from "../../../../../src/core/metrics/statistics/bootstrap.ts";
import { normalCdf } from "../../../../../src/core/metrics/statistics/distribution.ts";
import { ratioOfMeans } from "../../../../../src/core/metrics/statistics/parity.ts";
import { normalQuantile } from "../../../../../src/core/metrics/statistics/special.ts";

const units = (first: readonly number[], second: readonly number[] = first): Units => ({ first: Float64Array.from(first), second: Float64Array.from(second) });
const total: SumStatistic = (sum) => sum;

/** Powers of two: no other choice of units has the same sum. */
const POWERS = Array.from({ length: 20 }, (_, power) => 2 ** power);

/** Davison & Hinkley 1997, section 5.3: the (R + 1) p-th resample from either end; outwards where it lies between two, the last where it lies beyond. */
function boundsOf({ resampled, shift, skew }: Bootstrap, confidence: number): readonly (number | undefined)[] {
  const levelOf = (p: number) => normalCdf(shift + (shift + normalQuantile(p)) / (1 - skew * (shift + normalQuantile(p))));
  const [low, high] = [levelOf((1 - confidence) / 2), levelOf((1 + confidence) / 2)];
  const draws = resampled.length;
  return [resampled[Math.floor((draws + 1) * low) - 1], resampled[Math.min(draws - 1, draws - Math.floor((draws + 1) * (1 - high)))]];
}

describe("the bounds of a bootstrap", () => {
  it.each([0.5, 0.8, 0.89, 0.9])("at %d are its resamples of the corrected levels", (confidence) => {
    for (const draws of [99, 200]) {
      const found = bcaBootstrap(units(POWERS), total, `bounds ${draws}`, draws);
      const { low, high } = found.at(confidence);
      expect([low, high]).toEqual(boundsOf(found, confidence));
    }
  });

  it("are the least and the largest resample where more is asked than there are", () => {
    const found = bcaBootstrap(units(POWERS), total, "ends", 50);
    const { low, high } = found.at(1 - 1e-9);
    expect([low, high]).toEqual([found.resampled[0], found.resampled[49]]);
  });

  it("are open above where too many resamples have no statistic", () => {
    const found = bcaBootstrap(units([1, 2, 3, 4], [0, 0, 0, 5]), ratioOfMeans, "open", 500);
    expect(found.at(0.9)).toMatchObject({ value: 2, high: null });
    expect(found.at(0.9).low).toBeLessThanOrEqual(2);
    const known = bcaBootstrap(units([1, 2, 3, 4], [2, 3, 4, 5]), ratioOfMeans, "known", 500);
    expect(known.at(0.9).high).toBeGreaterThanOrEqual(10 / 14);
  });

  it("hold as many units in each resample as there are, in an odd sample as in an even one", () => {
    for (const ones of [[1], [1, 1], [1, 1, 1], [1, 1, 1, 1]])
      expect(new Set(bcaBootstrap(units(ones), total, "ones", 20).resampled)).toEqual(new Set([ones.length]));
  });

  it("are made of resamples whose every unit is as likely as another", () => {
    for (const n of [4, 5]) {
      // The mean of a resample's sum is the sample's; its variance is n times that of one unit.
      const squares = Array.from({ length: n }, (_, unit) => unit ** 2);
      const { resampled } = bcaBootstrap(units(squares), total, "alike", 20_000);
      const sum = squares.reduce((all, one) => all + one, 0);
      const variance = squares.reduce((all, one) => all + (one - sum / n) ** 2, 0);
      const mean = resampled.reduce((all, one) => all + one, 0) / resampled.length;
      expect(Math.abs(mean - sum)).toBeLessThan(4 * Math.sqrt(variance / resampled.length));
      const spread = resampled.reduce((all, one) => all + (one - mean) ** 2, 0) / resampled.length;
      expect(Math.abs(spread / variance - 1)).toBeLessThan(0.06);
    }
  });
});

describe("the bias of a bootstrap", () => {
  it("is bounded by half a resample where all lie on one side", () => {
    const sum = total(2 ** 20 - 1, 0, 20);
    const most = bcaBootstrap(units(POWERS), (one) => -Math.abs(one - sum), "most", 100);
    const least = bcaBootstrap(units(POWERS), (one) => Math.abs(one - sum), "least", 100);
    expect([most.shift, least.shift]).toEqual([expect.closeTo(2.575_829_303_548_901, 10), expect.closeTo(-2.575_829_303_548_901, 10)]);
  });

  it("counts half of each tie, though sums differ in their last bits", () => {
    const tenths = [0.1, 0.2, 0.3, 0.7, 1.1, 1.3];
    const ones = tenths.map((value) => Math.round(value * 10));
    const { resampled, shift, skew } = bcaBootstrap(units(tenths, ones), ratioOfMeans, "ties", 400);
    expect(new Set(resampled).size).toBeGreaterThan(1);
    expect([shift, skew]).toEqual([0, 0]);
    const large = tenths.map((value) => (value * 1e9) / 7);
    const scaled = bcaBootstrap(units(large, ones), ratioOfMeans, "ties", 400);
    expect(new Set(scaled.resampled).size).toBeGreaterThan(1);
    expect(scaled.shift).toBe(0);
  });

  it("sees a difference that is small beside one", () => {
    // Half of one and half of none: a resample of two units ties every second time, and is below every fourth.
    const small = bcaBootstrap(units([1e-9, 3e-9]), total, "small", 10_000);
    expect(Math.abs(small.shift)).toBeLessThan(0.04);
    const lop = bcaBootstrap(units([0, 0, 0, 4e-9]), total, "lop", 10_000);
    // Binomial(4, ¼): 0.3164 lie below, and 0.4219 tie.
    expect(Math.abs(lop.shift - normalQuantile(0.3164 + 0.4219 / 2))).toBeLessThan(0.04);
  });
});

describe("the acceleration of a bootstrap", () => {
  /** Efron & Tibshirani 1993, equation 14.15, of the statistics without each unit. */
  const accelerationOf = (left: readonly number[]): number => {
    const mean = left.reduce((all, one) => all + one, 0) / left.length;
    const moment = (power: number) => left.reduce((all, one) => all + (mean - one) ** power, 0);
    return moment(3) / (6 * moment(2) ** 1.5);
  };

  it("takes a unit without which there is no statistic as one that changes nothing", () => {
    const { skew } = bcaBootstrap(units([1, 2, 6], [0, 0, 5]), ratioOfMeans, "alone", 20);
    expect(skew).toBeCloseTo(accelerationOf([8 / 5, 7 / 5, 9 / 5]), 12);
    const lop = bcaBootstrap(units([1, 2, 16], [0, 0, 5]), ratioOfMeans, "alone", 20);
    expect(lop.skew).toBeCloseTo(accelerationOf([18 / 5, 17 / 5, 19 / 5]), 12);
    const two = bcaBootstrap(units([1, 9, 2, 4], [0, 3, 0, 0]), ratioOfMeans, "alone", 20);
    expect(two.skew).toBeCloseTo(accelerationOf([15 / 3, 16 / 3, 14 / 3, 12 / 3]), 12);
  });
});

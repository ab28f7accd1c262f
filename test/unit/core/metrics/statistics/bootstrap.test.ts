// The bootstrap against published intervals, and against every resample that there is.
import { describe, expect, it } from "vitest";
import { type Bootstrap, bcaBootstrap, type SumStatistic, type Units } from "../../../../../src/core/metrics/statistics/bootstrap.ts";
import { normalCdf } from "../../../../../src/core/metrics/statistics/distribution.ts";
import { ratioOfMeans } from "../../../../../src/core/metrics/statistics/parity.ts";
import { normalQuantile } from "../../../../../src/core/metrics/statistics/special.ts";

/** Runs of a published example's own size: what was published must be one of them, not the ideal that they scatter around. */
const RUNS = 400;

const repeated = (units: Units, statistic: SumStatistic, resamples: number): readonly Bootstrap[] =>
  Array.from({ length: RUNS }, (_, run) => bcaBootstrap(units, statistic, `run ${run}`, resamples));

/** The middle 95 % of what the runs come to. */
function middle(runs: readonly Bootstrap[], figure: (run: Bootstrap) => number | null): { readonly from: number; readonly to: number } {
  const sorted = runs.map((run) => figure(run) ?? Number.NaN).toSorted((a, b) => a - b);
  return { from: sorted[Math.floor(RUNS * 0.025)] ?? Number.NaN, to: sorted[Math.ceil(RUNS * 0.975) - 1] ?? Number.NaN };
}

function expectAmong(runs: readonly Bootstrap[], published: number, figure: (run: Bootstrap) => number | null): void {
  const { from, to } = middle(runs, figure);
  expect(published).toBeGreaterThanOrEqual(from);
  expect(published).toBeLessThanOrEqual(to);
  // A range that holds everything would show nothing.
  expect(to - from).toBeLessThan(Math.abs(published) * 0.25);
}

describe("bcaBootstrap on the spatial test", () => {
  // Efron & Tibshirani 1993, "An Introduction to the Bootstrap", table 14.1: the A scores of 26 impaired children, their plug-in variance.
  const A = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const units = { first: Float64Array.from(A), second: Float64Array.from(A, (score) => score * score) };
  const variance: SumStatistic = (sum, squares, n) => squares / n - (sum / n) ** 2;
  const runs = repeated(units, variance, 2000);

  it("gives the published variance, acceleration and bias correction (pages 180, 186)", () => {
    const { value, skew, shift } = bcaBootstrap(units, variance, "spatial");
    expect(value).toBeCloseTo(171.5, 1);
    expect(skew).toBeCloseTo(0.061, 3);
    // From 2,000 resamples: a standard error of √(¼ / 2000) / φ(0) = 0.028, of which two are granted.
    expect(Math.abs(shift - 0.146)).toBeLessThan(0.056);
  });

  it("gives the published BCa interval of 2,000 resamples at 90 % (table 14.2)", () => {
    expectAmong(runs, 115.8, (run) => run.at(0.9).low);
    expectAmong(runs, 259.6, (run) => run.at(0.9).high);
  });

  it("gives the published percentile interval too: its resamples are the book's", () => {
    expectAmong(runs, 100.8, ({ resampled }) => resampled[99] ?? null);
    expectAmong(runs, 233.9, ({ resampled }) => resampled[1899] ?? null);
  });
});

describe("bcaBootstrap of a ratio of means on the cities", () => {
  // Populations of ten cities in 1920 and 1930, in thousands: data set `city` of R's package "boot", from Davison & Hinkley
  // 1997, "Bootstrap Methods and their Application".
  const before = [138, 93, 61, 179, 48, 37, 29, 23, 30, 2];
  const after = [143, 104, 69, 260, 75, 63, 50, 48, 111, 50];
  const units = { first: Float64Array.from(after), second: Float64Array.from(before) };

  it("gives the ratio and the intervals that boot.ci prints for them", () => {
    const runs = repeated(units, ratioOfMeans, 999);
    expect(runs[0]?.value).toBeCloseTo(1.52031, 5);
    // boot.ci's own example (R = 999), as printed in the vignette of R's package "simTool".
    expectAmong(runs, 1.271, (run) => run.at(0.9).low);
    expectAmong(runs, 2.002, (run) => run.at(0.9).high);
    expectAmong(runs, 1.242, (run) => run.at(0.95).low);
    expectAmong(runs, 2.195, (run) => run.at(0.95).high);
  });
});

// Hormone patches on eight subjects: old patch − placebo, new patch − old patch. Efron & Tibshirani 1993, "An Introduction
// to the Bootstrap", table 10.1; also data set `patch` of R's package "bootstrap".
const EFFECT = [8406, 2342, 8187, 8459, 4795, 3516, 4796, 10_238];
const CHANGE = [-1200, 2601, -2705, 1982, -1290, 351, -638, -2719];
const subjects = EFFECT.length;
const ratio = bcaBootstrap({ first: Float64Array.from(CHANGE), second: Float64Array.from(EFFECT) }, ratioOfMeans, "patch");

interface Mass {
  readonly value: number;
  readonly weight: number;
}

/** The ideal bootstrap: each of the 6,435 ways to draw eight of eight subjects, in order of their ratios. */
function everyResample(): readonly Mass[] {
  const masses: Mass[] = [];
  const draw = (subject: number, left: number, weight: number, [change, effect]: readonly [number, number]): void => {
    const [dy = 0, dz = 0] = [CHANGE[subject], EFFECT[subject]];
    if (subject === subjects - 1) {
      masses.push({ value: (change + left * dy) / (effect + left * dz), weight: weight / subjects ** subjects });
      return;
    }
    let ways = weight;
    for (let times = 0; times <= left; times += 1) {
      draw(subject + 1, left - times, ways, [change + times * dy, effect + times * dz]);
      ways = (ways * (left - times)) / (times + 1);
    }
  };
  draw(0, subjects, 1, [0, 0]);
  return masses.toSorted((a, b) => a.value - b.value);
}

const deviation = (masses: readonly Mass[]): number => {
  const mean = masses.reduce((sum, { value, weight }) => sum + value * weight, 0);
  return Math.sqrt(masses.reduce((sum, { value, weight }) => sum + weight * (value - mean) ** 2, 0));
};

/** Efron & Tibshirani 1993, equations 14.10, 14.14 and 14.15, over the ideal bootstrap. */
function idealBca(masses: readonly Mass[], value: number, p: number): number {
  const shift = normalQuantile(masses.reduce((sum, mass) => sum + (mass.value < value ? mass.weight : 0), 0));
  const total = (values: readonly number[], without: number) => values.reduce((sum, one, index) => sum + (index === without ? 0 : one), 0);
  const left = EFFECT.map((_, index) => total(CHANGE, index) / total(EFFECT, index));
  const centre = total(left, -1) / subjects;
  const moment = (power: number) => left.reduce((sum, one) => sum + (centre - one) ** power, 0);
  const skew = moment(3) / (6 * moment(2) ** 1.5);
  const z = shift + normalQuantile(p);
  const corrected = normalCdf(shift + z / (1 - skew * z));
  let below = 0;
  return masses.find(({ weight }) => (below += weight) >= corrected)?.value ?? Number.NaN;
}

describe("bcaBootstrap of a ratio of means on the hormone patches", () => {
  it("gives the published ratio and standard error of the hormone patches", () => {
    expect(ratio.value).toBeCloseTo(-0.0713, 4);
    const spread = deviation(Array.from(ratio.resampled, (value) => ({ value, weight: 1 / ratio.resampled.length })));
    // Published from 400 resamples: a standard error of 0.105 / √800 = 0.0037, of which two are granted.
    expect(Math.abs(spread - 0.105)).toBeLessThan(0.0075);
    // 10,000 resamples of our own against all that there are.
    expect(spread).toBeCloseTo(deviation(everyResample()), 2.3);
  });

  it.each([0.9, 0.95])("gives the interval of the ideal bootstrap at %d", (confidence) => {
    const masses = everyResample();
    const { low, high, method } = ratio.at(confidence);
    expect(method).toBe("bootstrap-bca");
    expect(Math.abs((low ?? 0) - idealBca(masses, ratio.value, (1 - confidence) / 2))).toBeLessThan(0.01);
    expect(Math.abs((high ?? 0) - idealBca(masses, ratio.value, (1 + confidence) / 2))).toBeLessThan(0.015);
  });
});

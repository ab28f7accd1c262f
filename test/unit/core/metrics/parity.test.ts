// The interval of success parity against a published example, and against every resample that there is.
import { describe, expect, it } from "vitest";
import { pairedRatio } from "../../../../src/core/metrics/ratio.ts";
import { normalCdf } from "../../../../src/core/metrics/distribution.ts";
import { normalQuantile } from "../../../../src/core/metrics/special.ts";

// Hormone patches on eight subjects: old patch − placebo, new patch − old patch. Efron & Tibshirani 1993, "An Introduction
// to the Bootstrap", table 10.1; also data set `patch` of R's package "bootstrap".
const EFFECT = [8406, 2342, 8187, 8459, 4795, 3516, 4796, 10_238];
const CHANGE = [-1200, 2601, -2705, 1982, -1290, 351, -638, -2719];
const subjects = EFFECT.length;
const ratio = pairedRatio(Float64Array.from(CHANGE), Float64Array.from(EFFECT), "patch");

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

describe("pairedRatio", () => {
  it("gives the published ratio and standard error of the hormone patches", () => {
    expect(ratio.value).toBeCloseTo(-0.0713, 4);
    const spread = deviation(Array.from(ratio.resampled, (value) => ({ value, weight: 1 / ratio.resampled.length })));
    // Published from 400 resamples: a standard error of 0.105 / √800 = 0.0037, of which two are granted.
    expect(Math.abs(spread - 0.105)).toBeLessThan(0.0075);
    // 10,000 resamples of our own against all that there are.
    expect(spread).toBeCloseTo(deviation(everyResample()), 2.3);
  });

  // The book's interval could not be looked up, so none is asserted: the ideal bootstrap is the reference instead.
  it.each([0.9, 0.95])("gives the interval of the ideal bootstrap at %d, in place of a published one", (confidence) => {
    const masses = everyResample();
    const { low, high, method } = ratio.at(confidence);
    expect(method).toBe("bootstrap-bca");
    expect(Math.abs((low ?? 0) - idealBca(masses, ratio.value, (1 - confidence) / 2))).toBeLessThan(0.01);
    expect(Math.abs((high ?? 0) - idealBca(masses, ratio.value, (1 + confidence) / 2))).toBeLessThan(0.015);
  });
});

// A seeded bootstrap with BCa intervals, of any statistic that is a function of two sums over the units.
import { invariant } from "../../base/errors.ts";
import { createRandom, type Random } from "../../base/random.ts";
import { normalCdf } from "./distribution.ts";
import type { Estimate } from "./interval.ts";
import { normalQuantile } from "./special.ts";

/** Number of resamples: enough that the interval's last shown digit does not depend on the seed. */
const RESAMPLES = 10_000;

/** The statistic of a sample of `n` units, from the sums of its two columns: a ratio of means, a variance, part of a correlation. */
export type SumStatistic = (first: number, second: number, n: number) => number;

/** The units as two columns of equal length, each of which is summed. */
export interface Units {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export interface Bootstrap {
  readonly value: number;
  /** The statistic of the resamples, sorted; their standard deviation is the standard error. */
  readonly resampled: Float64Array;
  /** Bias correction z₀ and acceleration a. Source: Efron & Tibshirani 1993, equations 14.14 and 14.15. */
  readonly shift: number;
  readonly skew: number;
  readonly at: (confidence: number) => Estimate;
}

/** Sources: Efron 1987 (BCa); Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 14. */
export function bcaBootstrap(units: Units, statistic: SumStatistic, seed: string, resamples = RESAMPLES): Bootstrap {
  const n = units.first.length;
  invariant(n > 0 && n <= 1e6 && units.second.length === n, "units to resample: one to a million of them, with both columns");
  const value = statistic(sum(units.first), sum(units.second), n);
  const resampled = resample(units, statistic, createRandom(seed), resamples);
  const made = { value, resampled, shift: biasOf(resampled, value), skew: skewOf(units, statistic, value) };
  return { ...made, at: (confidence) => intervalOf(made, n, confidence) };
}

function intervalOf({ resampled, value, shift, skew }: Omit<Bootstrap, "at">, n: number, confidence: number): Estimate {
  const bound = (p: number): number => {
    const z = shift + normalQuantile(p);
    const corrected = normalCdf(shift + z / (1 - skew * z));
    const index = Math.min(resampled.length - 1, Math.max(0, Math.floor(corrected * (resampled.length + 1)) - (corrected < 0.5 ? 1 : 0)));
    return resampled[index] as number;
  };
  const tail = (1 - confidence) / 2;
  const high = Math.max(value, bound(1 - tail));
  // An infinite value is not a bound: too many resamples have no statistic.
  return { value, low: Math.min(value, bound(tail)), high: Number.isFinite(high) ? high : null, n, method: "bootstrap-bca" };
}

function resample({ first, second }: Units, statistic: SumStatistic, random: Random, resamples: number): Float64Array {
  const n = first.length;
  const values = new Float64Array(resamples);
  for (let draw = 0; draw < resamples; draw += 1) {
    let one = 0;
    let other = 0;
    for (let left = n; left > 0; left -= 2) {
      // One draw of 53 bits chooses two units: the remainder of the first choice is uniform again.
      const drawn = random.next() * n;
      const unit = Math.floor(drawn);
      one += first[unit] as number;
      other += second[unit] as number;
      if (left === 1) break;
      const next = Math.floor((drawn - unit) * n);
      one += first[next] as number;
      other += second[next] as number;
    }
    values[draw] = statistic(one, other, n);
  }
  return values.toSorted();
}

/** Ties count half, so that a symmetric distribution has no bias. Source: Efron 1987, equation 4.1. */
function biasOf(sorted: Float64Array, value: number): number {
  const slack = 1e-12 * Math.max(1, Math.abs(value));
  let below = 0;
  for (const one of sorted) below += one < value - slack ? 1 : one <= value + slack ? 0.5 : 0;
  const share = Math.min(1 - 0.5 / sorted.length, Math.max(0.5 / sorted.length, below / sorted.length));
  return normalQuantile(share);
}

/** The acceleration by the jackknife; a unit without which the statistic is undefined counts as if it changed nothing. */
function skewOf({ first, second }: Units, statistic: SumStatistic, value: number): number {
  const n = first.length;
  const [one, other] = [sum(first), sum(second)];
  const left = first.map((own, unit) => {
    const without = statistic(one - own, other - (second[unit] as number), n - 1);
    return Number.isFinite(without) ? without : value;
  });
  const mean = sum(left) / n;
  const squares = left.reduce((total, each) => total + (mean - each) ** 2, 0);
  const cubes = left.reduce((total, each) => total + (mean - each) ** 3, 0);
  return squares < 1e-18 ? 0 : cubes / (6 * squares ** 1.5);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

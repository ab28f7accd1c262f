// The ratio of two paired means, by a seeded bootstrap over the pairs with BCa intervals.
import { invariant } from "../base/errors.ts";
import { createRandom, type Random } from "../base/random.ts";
import { normalCdf } from "./distribution.ts";
import type { Estimate } from "./interval.ts";
import { normalQuantile } from "./special.ts";

/** Resamples of the pairs: so many that the interval's last shown digit does not depend on the seed. */
const RESAMPLES = 10_000;

export interface RatioBootstrap {
  readonly value: number;
  /** The ratios of the resamples, in order; their spread is the standard error. */
  readonly resampled: Float64Array;
  readonly at: (confidence: number) => Estimate;
}

/**
 * mean(own) ÷ mean(other), where the two lists are of equal length and the second has no mean of 0.
 * Sources: Efron 1987 (BCa); Efron & Tibshirani 1993, chapter 14.
 */
export function pairedRatio(own: Float64Array, other: Float64Array, seed: string): RatioBootstrap {
  const value = sum(own) / sum(other);
  const resampled = resample(own, other, createRandom(seed));
  const corrected = { value, resampled, n: own.length, shift: biasOf(resampled, value), skew: skewOf(own, other) };
  return { value, resampled, at: (confidence) => intervalOf(corrected, confidence) };
}

interface Corrected extends Omit<RatioBootstrap, "at"> {
  readonly n: number;
  readonly shift: number;
  readonly skew: number;
}

function intervalOf({ resampled, value, n, shift, skew }: Corrected, confidence: number): Estimate {
  const bound = (p: number): number => {
    const z = shift + normalQuantile(p);
    const corrected = normalCdf(shift + z / (1 - skew * z));
    const index = Math.min(resampled.length - 1, Math.max(0, Math.floor(corrected * (resampled.length + 1)) - (corrected < 0.5 ? 1 : 0)));
    return resampled[index] as number;
  };
  const tail = (1 - confidence) / 2;
  return { value, low: Math.min(value, bound(tail)), high: Math.max(value, bound(1 - tail)), n, method: "bootstrap-bca" };
}

/** Sorted ratios of resampled pairs; Infinity where a resample's denominators sum to nothing. */
function resample(own: Float64Array, other: Float64Array, random: Random): Float64Array {
  const n = own.length;
  const ratios = new Float64Array(RESAMPLES);
  invariant(n <= 1e6, "more than a million pairs to resample");
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    let above = 0;
    let below = 0;
    for (let left = n; left > 0; left -= 2) {
      // One draw of 53 bits gives two pairs: what remains below the first choice is uniform again.
      const first = random.next() * n;
      const task = Math.floor(first);
      above += own[task] as number;
      below += other[task] as number;
      if (left === 1) break;
      const second = Math.floor((first - task) * n);
      above += own[second] as number;
      below += other[second] as number;
    }
    ratios[draw] = below === 0 ? Infinity : above / below;
  }
  return ratios.toSorted();
}

/** Half a count for ties, so that a symmetric distribution has no bias. Source: Efron 1987, equation 4.1. */
function biasOf(sorted: Float64Array, value: number): number {
  let below = 0;
  for (const ratio of sorted) below += ratio < value - 1e-12 ? 1 : ratio <= value + 1e-12 ? 0.5 : 0;
  const share = Math.min(1 - 0.5 / sorted.length, Math.max(0.5 / sorted.length, below / sorted.length));
  return normalQuantile(share);
}

/** The acceleration by the jackknife over pairs. Source: Efron & Tibshirani 1993, equation 14.15. */
function skewOf(own: Float64Array, other: Float64Array): number {
  const [above, below] = [sum(own), sum(other)];
  const left = own.map((share, task) => (below - (other[task] as number) === 0 ? above / below : (above - share) / (below - (other[task] as number))));
  const mean = sum(left) / left.length;
  const squares = left.reduce((total, ratio) => total + (mean - ratio) ** 2, 0);
  const cubes = left.reduce((total, ratio) => total + (mean - ratio) ** 3, 0);
  return squares < 1e-18 ? 0 : cubes / (6 * squares ** 1.5);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

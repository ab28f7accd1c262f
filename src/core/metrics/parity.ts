// Success parity: a candidate's pass rate as a share of a reference's, on the same tasks.
import { invariant } from "../base/errors.ts";
import { createRandom, type Random } from "../base/random.ts";
import { normalCdf } from "./distribution.ts";
import { emptyEstimate, type Estimate } from "./interval.ts";
import { pairedDifference, shareOf, type TaskPair } from "./paired.ts";
import { normalQuantile } from "./special.ts";

/** Resamples of the tasks: so many that the interval's last shown digit does not depend on the seed. */
export const RESAMPLES = 10_000;
/** Below so many tasks on which the two differ, resampling sees too few of them, and the interval is widened. */
const FEW_DISCORDANT = 10;

/** A bootstrap that intervals at any confidence can be read from. */
export interface Parity {
  /** Candidate rate ÷ reference rate; null where the reference passed nothing. */
  readonly value: number | null;
  readonly n: number;
  readonly at: (confidence: number) => Estimate;
}

/**
 * Ratio of the mean task pass rates by a paired bootstrap over tasks, BCa. Where fewer than 10 tasks differ the interval
 * takes in that of the paired difference as well (1 + difference ÷ reference rate), since resampling can't show what was
 * seen too rarely. Sources: Efron 1987 (BCa); Efron & Tibshirani 1993, chapter 14.
 */
export function successParity(pairs: readonly TaskPair[], seed: number): Parity {
  const n = pairs.length;
  const own = Float64Array.from(pairs, ({ candidate }) => shareOf(candidate));
  const other = Float64Array.from(pairs, ({ reference }) => shareOf(reference));
  const [sumOwn, sumOther] = [sum(own), sum(other)];
  if (n === 0 || sumOther === 0) return { value: null, n, at: () => ({ ...emptyEstimate("bootstrap-bca"), n }) };
  const value = sumOwn / sumOther;
  const resampled = resample(own, other, createRandom(`parity/${seed}`));
  const shift = biasOf(resampled, value);
  const skew = skewOf(own, other);
  return { value, n, at: (confidence) => widened(pairs, sumOther / n, confidence, intervalOf({ resampled, value, n, shift, skew }, confidence)) };
}

interface Resampled {
  readonly resampled: Float64Array;
  readonly value: number;
  readonly n: number;
  readonly shift: number;
  readonly skew: number;
}

function intervalOf({ resampled, value, n, shift, skew }: Resampled, confidence: number): Estimate {
  const bound = (p: number): number => {
    const z = shift + normalQuantile(p);
    const corrected = normalCdf(shift + z / (1 - skew * z));
    const index = Math.min(resampled.length - 1, Math.max(0, Math.floor(corrected * (resampled.length + 1)) - (corrected < 0.5 ? 1 : 0)));
    return resampled[index] as number;
  };
  const tail = (1 - confidence) / 2;
  return { value, low: Math.min(value, bound(tail)), high: Math.max(value, bound(1 - tail)), n, method: "bootstrap-bca" };
}

function widened(pairs: readonly TaskPair[], referenceRate: number, confidence: number, estimate: Estimate): Estimate {
  const discordant = pairs.filter(({ candidate, reference }) => shareOf(candidate) !== shareOf(reference)).length;
  if (discordant >= FEW_DISCORDANT || estimate.low === null || estimate.high === null) return estimate;
  const { low, high } = pairedDifference(pairs, confidence);
  return {
    ...estimate,
    low: Math.min(estimate.low, Math.max(0, 1 + (low ?? 0) / referenceRate)),
    high: Math.max(estimate.high, 1 + (high ?? 0) / referenceRate),
    method: "bootstrap-bca, widened",
  };
}

/** Sorted ratios of resampled tasks; Infinity where a resample holds no pass of the reference. */
function resample(own: Float64Array, other: Float64Array, random: Random): Float64Array {
  const n = own.length;
  const ratios = new Float64Array(RESAMPLES);
  invariant(n <= 1e6, "more than a million tasks to resample");
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    let above = 0;
    let below = 0;
    for (let left = n; left > 0; left -= 2) {
      // One draw of 53 bits gives two tasks: what remains below the first choice is uniform again.
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

/** The acceleration by the jackknife over tasks. Source: Efron & Tibshirani 1993, equation 14.15. */
function skewOf(own: Float64Array, other: Float64Array): number {
  const [above, below] = [sum(own), sum(other)];
  const left = own.map((share, task) => (below - (other[task] as number) === 0 ? above / below : (above - share) / (below - (other[task] as number))));
  const mean = sum(left) / left.length;
  const squares = left.reduce((total, ratio) => total + (mean - ratio) ** 2, 0);
  const cubes = left.reduce((total, ratio) => total + (mean - ratio) ** 3, 0);
  return squares < 1e-18 ? 0 : cubes / (6 * squares ** 1.5);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

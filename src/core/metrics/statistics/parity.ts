// Success parity: a candidate's pass rate as a share of a reference's, on the same tasks.
import { bcaBootstrap, type SumStatistic } from "./bootstrap.ts";
import { emptyEstimate, type Estimate } from "./interval.ts";
import { pairedDifference, shareOf, type TaskPair } from "./paired.ts";

/** With fewer tasks on which the two differ, resampling sees too few of them, and the interval is widened. */
const FEW_DISCORDANT = 10;

/** Ratio of two means over the same units; Infinity if a resample's denominators sum to zero. */
export const ratioOfMeans: SumStatistic = (above, below) => (below === 0 ? Infinity : above / below);

/** A bootstrap that gives intervals at any confidence. */
export interface Parity {
  /** Candidate rate ÷ reference rate; null if the reference passed nothing. */
  readonly value: number | null;
  readonly n: number;
  readonly at: (confidence: number) => Estimate;
}

/**
 * Ratio of the mean task pass rates by a paired bootstrap over tasks. If fewer than 10 tasks differ, the interval also covers
 * that of the paired difference (1 + difference ÷ reference rate), since resampling can't show what was seen too rarely.
 */
export function successParity(pairs: readonly TaskPair[], seed: number): Parity {
  const n = pairs.length;
  const own = Float64Array.from(pairs, ({ candidate }) => shareOf(candidate));
  const other = Float64Array.from(pairs, ({ reference }) => shareOf(reference));
  const passed = other.reduce((total, share) => total + share, 0);
  if (passed === 0) return { value: null, n, at: () => ({ ...emptyEstimate("bootstrap-bca"), n }) };
  const { value, at } = bcaBootstrap({ first: own, second: other }, ratioOfMeans, `parity/${seed}`);
  return { value, n, at: (confidence) => widened(pairs, passed / n, confidence, at(confidence)) };
}

function widened(pairs: readonly TaskPair[], referenceRate: number, confidence: number, estimate: Estimate): Estimate {
  const discordant = pairs.filter(({ candidate, reference }) => shareOf(candidate) !== shareOf(reference)).length;
  if (discordant >= FEW_DISCORDANT || estimate.low === null) return estimate;
  const { low, high } = pairedDifference(pairs, confidence);
  return {
    ...estimate,
    low: Math.min(estimate.low, Math.max(0, 1 + (low ?? 0) / referenceRate)),
    high: estimate.high === null ? null : Math.max(estimate.high, 1 + (high ?? 0) / referenceRate),
    method: "bootstrap-bca, widened",
  };
}

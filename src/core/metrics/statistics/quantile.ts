// Quantiles of measured values, such as latencies, with intervals that assume no distribution.
import { invariant } from "../../base/errors.ts";
import { binomialQuantile } from "./distribution.ts";
import type { Estimate } from "./interval.ts";
import { checkConfidence, emptyEstimate } from "./interval.ts";

const METHOD = "order-statistics";

/**
 * The q-quantile (0 ≤ q ≤ 1) of finite samples in any order, in their unit. Each bound is null if there are too few samples for
 * it: for p95 at 95 % confidence, the upper one below 72 samples.
 * Source: Hyndman & Fan 1996, type 7; interval: Conover 1999, § 3.2.
 */
export function quantileEstimate(samples: readonly number[], q: number, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  invariant(q >= 0 && q <= 1, `quantile ${q}: must lie in [0, 1]`);
  invariant(samples.every(Number.isFinite), "samples of a quantile: must be finite numbers");
  const n = samples.length;
  if (n === 0) return emptyEstimate(METHOD);
  const sorted = samples.toSorted((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  const value = interpolate(sorted, q);
  const low = sorted[binomialQuantile(tail, n, q) - 1];
  const high = sorted[binomialQuantile(1 - tail, n, q)];
  return {
    value,
    // With very few samples, type 7 can lie outside a bound: it then widens the interval, which stays valid.
    low: low === undefined ? null : Math.min(low, value),
    high: high === undefined ? null : Math.max(high, value),
    n,
    method: METHOD,
  };
}

/** The q-quantile of sorted values, at least one, by linear interpolation. Source: Hyndman & Fan 1996, type 7. */
export function interpolate(sorted: readonly number[], q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const from = sorted[below] as number;
  const to = sorted[below + 1] ?? from;
  return from + (position - below) * (to - from);
}

// Quantiles of values that depend on each other within clusters, such as the latencies of one task's attempts.
import { invariant } from "../../base/errors.ts";
import { type ClusteredValue, clusterMean, clustersWith, effectiveSize } from "./cluster.ts";
import { checkConfidence, emptyEstimate, type Estimate } from "./interval.ts";
import { interpolate } from "./quantile.ts";
import { incompleteBeta, normalQuantile, tQuantile } from "./special.ts";

const METHOD = "order-statistics by cluster";

/**
 * The q-quantile (type 7) with an interval by order statistics at the effective number of values: the share at or below the quantile,
 * its variance clustered. A bound is null where there are too few values for it. With clusters of one value it is Conover's interval.
 * Sources: Woodruff 1952; Francisco & Fuller 1991; Korn & Graubard 1998.
 */
export function clusteredQuantile(samples: readonly ClusteredValue[], q: number, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  invariant(q >= 0 && q <= 1, `quantile ${q}: must lie in [0, 1]`);
  const n = samples.length;
  if (n === 0) return emptyEstimate(METHOD);
  const sorted = samples.map(({ value }) => value).toSorted((a, b) => a - b);
  const value = interpolate(sorted, q);
  const units = unitsOf(samples, value, confidence);
  const tail = (1 - confidence) / 2;
  const ratio = units / n;
  const high = sorted[firstIndex(n, (rank) => incompleteBeta(q, rank * ratio, (n - rank) * ratio + 1) <= tail) - 1];
  const low = sorted[n - firstIndex(n, (rank) => incompleteBeta(1 - q, rank * ratio, (n - rank) * ratio + 1) <= tail)];
  return { value, low: low === undefined ? null : Math.min(low, value), high: high === undefined ? null : Math.max(high, value), n, method: METHOD };
}

/** Never more than there are values: a variance that came out too small by chance is no reason to be surer. */
function unitsOf(samples: readonly ClusteredValue[], value: number, confidence: number): number {
  const within = samples.map((sample) => ({ cluster: sample.cluster, value: sample.value <= value ? 1 : 0 }));
  const mean = clusterMean(within);
  if (mean === null) return 0;
  if (mean.clusters === mean.n) return mean.n;
  const telling = clustersWith(within, (one) => one === 0);
  const effective = effectiveSize(mean, mean.mean * (1 - mean.mean), telling, "even");
  const p = (1 + confidence) / 2;
  const ratio = telling === 0 ? 1 : normalQuantile(p) / tQuantile(p, Math.max(1, mean.clusters - 1));
  return Math.min(mean.n, effective * ratio ** 2);
}

/** The first rank from 1 for which the rising condition holds; n + 1 where none does. */
function firstIndex(n: number, holds: (rank: number) => boolean): number {
  let [low, high] = [1, n + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

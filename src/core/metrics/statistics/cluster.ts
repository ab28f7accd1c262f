// Means of values that depend on each other within clusters: their variance, and how many independent values they are worth.
import { invariant } from "../../base/errors.ts";

/** A value and the cluster that it belongs to: values of one cluster may rise and fall together. */
export interface ClusteredValue {
  readonly value: number;
  readonly cluster: string;
}

export interface ClusterMean {
  /** Mean over the values, each with the same weight. */
  readonly mean: number;
  /** Values. */
  readonly n: number;
  readonly clusters: number;
  /** Sandwich variance of the mean, clustered, with the factor G/(G−1). Source: Liang & Zeger 1986; as statsmodels' cov_type="cluster". */
  readonly cv1: number;
  /** Variance of the mean by leaving out one cluster at a time. Source: MacKinnon, Nielsen & Webb 2023 (CV3). */
  readonly cv3: number;
  /** Values that count as one where all of a cluster are alike: Σ n_g² / n. Source: Kish 1965, design effect. */
  readonly size: number;
}

interface Sum {
  total: number;
  count: number;
}

/** Null without values; variances are 0 for a single cluster, which tells nothing of them. */
export function clusterMean(values: readonly ClusteredValue[]): ClusterMean | null {
  const n = values.length;
  if (n === 0) return null;
  const sums = clusterSums(values);
  const total = sums.reduce((sum, cluster) => sum + cluster.total, 0);
  const mean = total / n;
  const clusters = sums.length;
  const size = sums.reduce((sum, { count }) => sum + count * count, 0) / n;
  if (clusters === 1) return { mean, n, clusters, cv1: 0, cv3: 0, size };
  const scores = sums.reduce((sum, cluster) => sum + (cluster.total - cluster.count * mean) ** 2, 0);
  const jackknife = sums.reduce((sum, cluster) => sum + ((total - cluster.total) / (n - cluster.count) - mean) ** 2, 0);
  const cv1 = ((clusters / (clusters - 1)) * scores) / (n * n);
  return { mean, n, clusters, cv1, cv3: ((clusters - 1) / clusters) * jackknife, size };
}

function clusterSums(values: readonly ClusteredValue[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const { value, cluster } of values) {
    invariant(Number.isFinite(value), "a clustered value: must be a finite number");
    const sum = sums.get(cluster);
    if (sum === undefined) sums.set(cluster, { total: value, count: 1 });
    else {
      sum.total += value;
      sum.count += 1;
    }
  }
  return [...sums.values()];
}

/** How many clusters hold a value with the property. */
export function clustersWith(values: readonly ClusteredValue[], holds: (value: number) => boolean): number {
  return new Set(values.flatMap(({ value, cluster }) => (holds(value) ? [cluster] : []))).size;
}

interface DoubtTerms {
  /** Telling clusters from which on the data outweigh the worst, by the clusters' size (Kish's) and the share of clusters that tell. */
  readonly outweighed: (size: number, share: number) => number;
  /** By the share of clusters that tell: how much of a comparison's variance is taken as it was seen. The rest is what it would be at the margin. */
  readonly seen: (share: number) => number;
}

/**
 * How long one doubts what the data say of how alike a cluster's values are. The worst is that all values of a cluster are one. Where few of
 * many clusters tell, some that fail as a whole may just not have been met, and the larger clusters are, the more hangs on it. Found by
 * simulation (decision 0240).
 */
const DOUBTS = {
  /** As decisions of format 2 were made. */
  even: { outweighed: () => 1, seen: () => 0 },
  "by-size": { outweighed: (size, share) => Math.max(1, 0.75 * (size - 1) * (1 - share ** 4)), seen: (share) => share ** 4 },
} as const satisfies Readonly<Record<string, DoubtTerms>>;

export type Doubt = keyof typeof DOUBTS;

export const seenShare = (telling: number, { clusters }: Pick<ClusterMean, "clusters">, doubt: Doubt): number => DOUBTS[doubt].seen(telling / clusters);

/** The least that a design effect can be, against division by nothing. */
const LEAST = 1e-9;

/**
 * How many independent values with variance `unit` the mean is worth: n ÷ design effect. The design effect is the data's own
 * (n · CV3 ÷ unit), drawn towards the worst one by (c / (k + c))² for `telling` clusters k. None telling: as many as there are clusters
 * (of equal size). Sources: Kish 1965; Korn & Graubard 1998 (effective sample size); the shrinkage is our own (decisions 0142, 0240).
 */
export function effectiveSize({ n, clusters, cv3, size }: ClusterMean, unit: number, telling: number, doubted: Doubt): number {
  const most = DOUBTS[doubted].outweighed(size, telling / clusters);
  const doubt = (most / (telling + most)) ** 2;
  const own = unit > LEAST ? (n * cv3) / unit : size;
  return n / Math.max(LEAST, doubt * size + (1 - doubt) * own);
}

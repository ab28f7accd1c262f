// Rates of tasks that stand in families: tasks of one family may succeed or fail together.
import { type ClusteredValue, clusterMean, clustersWith, type Doubt, effectiveSize } from "./cluster.ts";
import { checkConfidence, checkCounts, emptyEstimate, type Estimate, type TaskTally, wilsonBounds } from "./interval.ts";
import { betaQuantile, normalQuantile, tQuantile } from "./special.ts";

/** A task's tally, and the family that it belongs to. */
export interface FamilyTally extends TaskTally {
  readonly family: string;
}

/** How a share's bounds are found at a number of independent units. */
export type RateBounds = keyof typeof BOUNDS;

export interface RateTerms {
  /** `exact` never covers less than it says, and is what decisions rest on; `score` covers as much as it says, and is what reports show. */
  readonly bounds: RateBounds;
  /** What is taken to be alike as long as nothing is seen to vary: all tasks of a family, or the trials of a task alone. */
  readonly alike: "families" | "tasks";
  /** Is the rate of a later draw meant, which varies as this one did, so that their difference has twice the variance? */
  readonly later?: boolean;
  /** As new decisions doubt how alike a family is, unless it says otherwise. */
  readonly doubt?: Doubt;
}

const BOUNDS = {
  // Decisions hold this name, plain or not.
  exact: { plain: "clopper-pearson by family", clustered: "clopper-pearson by family", at: exactBounds },
  score: {
    plain: "wilson",
    clustered: "wilson by family",
    at: (value: number, units: number, tail: number) => wilsonBounds(value, units, normalQuantile(1 - tail)),
  },
} as const;

/** Values that differ by less count as equal. */
const ROUNDING = 1e-12;

/**
 * The mean of task rates with an interval at the effective number of tasks, families as clusters, scaled by the t quantile
 * at families − 1. Where all tasks agree it rests on the families alone. Sources: Korn & Graubard 1998 (exact); Dean & Pagano 2015 (score).
 */
export function familyRate(tallies: readonly FamilyTally[], confidence: number, terms: RateTerms): Estimate {
  checkConfidence(confidence);
  for (const { passes, trials } of tallies) checkCounts(passes, trials);
  const values = tallies.flatMap((tally) => (tally.trials === 0 ? [] : [{ value: tally.passes / tally.trials, cluster: tally.family }]));
  return clusteredRate(values, confidence, terms);
}

/** The same of shares that are known already. */
export function clusteredRate(values: readonly ClusteredValue[], confidence: number, { bounds, alike, later = false, doubt = "by-size" }: RateTerms): Estimate {
  const { at, ...method } = BOUNDS[bounds];
  const clustered = clusterMean(values);
  if (clustered === null) return emptyEstimate(method.clustered);
  const mean = alike === "families" ? clustered : { ...clustered, size: 1 };
  const value = Math.min(1, Math.max(0, mean.mean));
  const telling = Math.min(
    clustersWith(values, (one) => one > ROUNDING),
    clustersWith(values, (one) => one < 1 - ROUNDING),
  );
  // However unsure the variance is: families of which each comes out as one vary the most that they can. In the plain case each is one task.
  const most = clustered.n / clustered.size;
  const own = Math.max(most, effectiveSize(mean, value * (1 - value), telling, doubt) * quantileRatio(mean.clusters, confidence, telling) ** 2);
  const kind = isPlain(values, mean.clusters) ? "plain" : "clustered";
  return { value, ...at(value, later ? own / 2 : own, (1 - confidence) / 2), n: values.length, method: method[kind] };
}

/** Quantiles of the beta distribution. Source: Clopper & Pearson 1934; Korn & Graubard 1998 for units that are no whole number. */
function exactBounds(value: number, units: number, tail: number): { readonly low: number; readonly high: number } {
  return {
    low: value < ROUNDING ? 0 : Math.min(value, betaQuantile(tail, value * units, (1 - value) * units + 1)),
    high: value > 1 - ROUNDING ? 1 : Math.max(value, betaQuantile(1 - tail, value * units + 1, (1 - value) * units)),
  };
}

/** One trial of each task, and each task a family: the plain case, in which nothing need be estimated but the share. */
const isPlain = (values: readonly ClusteredValue[], clusters: number): boolean =>
  clusters === values.length && values.every(({ value }) => value === 0 || value === 1);

/** The normal quantile as a share of the t quantile at clusters − 1; 1 where nothing varies, so that no variance was estimated. */
function quantileRatio(clusters: number, confidence: number, telling: number): number {
  if (telling === 0) return 1;
  const p = (1 + confidence) / 2;
  return normalQuantile(p) / tQuantile(p, Math.max(1, clusters - 1));
}

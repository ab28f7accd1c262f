// Rates and paired differences of tasks that stand in families: tasks of one family may succeed or fail together.
import { invariant } from "../../base/errors.ts";
import { type ClusteredValue, clusterMean, clustersWith, effectiveSize } from "./cluster.ts";
import { tCdf } from "./distribution.ts";
import { checkConfidence, checkCounts, emptyEstimate, type Estimate, type TaskTally } from "./interval.ts";
import { type PairedCounts, scoreAt, scoreInterval, shareOf, type TaskPair } from "./paired.ts";
import { betaQuantile, tQuantile } from "./special.ts";

/** A task's tally, and the family that it belongs to. */
export interface FamilyTally extends TaskTally {
  readonly family: string;
}

/** A task with both sides' results, and its family. */
export interface FamilyPair extends TaskPair {
  readonly family: string;
}

const RATE = "clopper-pearson by family";
const DIFFERENCE = "score by family";

/** Values that differ by less count as equal. */
const ROUNDING = 1e-12;

/**
 * The mean of task rates with an exact-type interval at the effective number of tasks, families as clusters, scaled by the t quantile
 * at families − 1. Where all tasks agree it is Clopper & Pearson's over the families. Source: Korn & Graubard 1998.
 */
export function familyRate(tallies: readonly FamilyTally[], confidence = 0.95, alike: RateTerms["alike"] = "families"): Estimate {
  checkConfidence(confidence);
  for (const { passes, trials } of tallies) checkCounts(passes, trials);
  const values = tallies.flatMap((tally) => (tally.trials === 0 ? [] : [{ value: tally.passes / tally.trials, cluster: tally.family }]));
  return rateOf(values, confidence, { alike });
}

export interface RateTerms {
  /** What is taken to be alike as long as nothing is seen to vary: all tasks of a family, or the trials of a task alone. */
  readonly alike: "families" | "tasks";
  /** Is the rate of a later draw meant, which varies as this one did, so that their difference has twice the variance? */
  readonly later?: boolean;
}

/** The same of shares that are known already. */
export function rateOf(values: readonly ClusteredValue[], confidence: number, { alike, later = false }: RateTerms = { alike: "families" }): Estimate {
  const clustered = clusterMean(values);
  if (clustered === null) return emptyEstimate(RATE);
  const mean = alike === "families" ? clustered : { ...clustered, size: 1 };
  const value = Math.min(1, Math.max(0, mean.mean));
  const telling = Math.min(
    clustersWith(values, (one) => one > ROUNDING),
    clustersWith(values, (one) => one < 1 - ROUNDING),
  );
  const own = isPlain(values, mean.clusters)
    ? values.length
    : effectiveSize(mean, value * (1 - value), telling) * quantileRatio(mean.clusters, confidence, telling) ** 2;
  const units = later ? own / 2 : own;
  const tail = (1 - confidence) / 2;
  return {
    value,
    low: value < ROUNDING ? 0 : Math.min(value, betaQuantile(tail, value * units, (1 - value) * units + 1)),
    high: value > 1 - ROUNDING ? 1 : Math.max(value, betaQuantile(1 - tail, value * units + 1, (1 - value) * units)),
    n: values.length,
    method: RATE,
  };
}

/** One trial of each task, and each task a family: the plain case, in which nothing need be estimated but the share. */
const isPlain = (values: readonly ClusteredValue[], clusters: number): boolean =>
  clusters === values.length && values.every(({ value }) => value === 0 || value === 1);

/** The normal quantile as a share of the t quantile at clusters − 1; 1 where nothing varies, so that no variance was estimated. */
function quantileRatio(clusters: number, confidence: number, telling: number): number {
  if (telling === 0) return 1;
  const p = (1 + confidence) / 2;
  return tQuantile(p, 1e9) / tQuantile(p, Math.max(1, clusters - 1));
}

/**
 * Difference candidate − reference of the mean task rates: Tango's score at the effective number of tasks, families as clusters,
 * with the t quantile at families − 1. Where no task differs, the bounds are those of nothing seen in so many families:
 * ±(1 − tail^(1/G)). Sources: Tango 1998; Korn & Graubard 1998; MacKinnon, Nielsen & Webb 2023 (CV3, t at G − 1).
 */
export function familyDifference(pairs: readonly FamilyPair[], confidence = 0.95): Estimate {
  checkConfidence(confidence);
  const tail = (1 - confidence) / 2;
  const table = familyTable(pairs);
  if (table === null) return emptyEstimate(DIFFERENCE);
  if (table.kind === "tied") {
    const most = 1 - tail ** (1 / table.families);
    return { value: 0, low: -most, high: most, n: pairs.length, method: DIFFERENCE };
  }
  return { ...scoreInterval(table.counts, tQuantile(1 - tail, table.df)), n: pairs.length, method: DIFFERENCE };
}

/** One-sided p-value against "the difference is at most `margin`", by the same score. */
export function familyDifferenceAbove(pairs: readonly FamilyPair[], margin: number): number {
  invariant(margin >= -1 && margin <= 1, `margin ${margin}: must lie in [-1, 1]`);
  const table = familyTable(pairs);
  if (table === null || margin === 1) return 1;
  if (margin === -1) return 0;
  if (table.kind === "tied") return margin >= 0 ? 1 : (1 + margin) ** table.families;
  return tCdf(-scoreAt(table.counts, margin), table.df);
}

type FamilyTable = { readonly kind: "tied"; readonly families: number } | { readonly kind: "differs"; readonly counts: PairedCounts; readonly df: number };

/** Counts at the effective number of tasks. */
function familyTable(pairs: readonly FamilyPair[]): FamilyTable | null {
  const leads = pairs.map(({ candidate, reference, family }) => {
    invariant(candidate.trials > 0 && reference.trials > 0, "a pair without trials on both sides");
    return { value: shareOf(candidate) - shareOf(reference), cluster: family };
  });
  const mean = clusterMean(leads);
  if (mean === null) return null;
  const telling = clustersWith(leads, (lead) => Math.abs(lead) > ROUNDING);
  if (telling === 0) return { kind: "tied", families: mean.clusters };
  const ahead = leads.reduce((sum, { value }) => sum + Math.max(0, value), 0) / leads.length;
  const behind = leads.reduce((sum, { value }) => sum + Math.max(0, -value), 0) / leads.length;
  const n = effectiveSize(mean, ahead + behind - mean.mean ** 2, telling);
  return { kind: "differs", counts: { onlyCandidate: ahead * n, onlyReference: behind * n, n }, df: Math.max(1, mean.clusters - 1) };
}

// Paired differences of tasks that stand in families: tasks of one family may succeed or fail together.
import { invariant } from "../../base/errors.ts";
import { clusterMean, clustersWith, type Doubt, effectiveSize, seenShare } from "./cluster.ts";
import { tCdf } from "./distribution.ts";
import { checkConfidence, emptyEstimate, type Estimate } from "./interval.ts";
import { type FamilyCounts, leastHigh, leastP, mostLow } from "./family-most.ts";
import { scoreAt, scoreInterval, shareOf, type TaskPair } from "./paired.ts";
import { tQuantile } from "./special.ts";

/** A task with both sides' results, and its family. */
export interface FamilyPair extends TaskPair {
  readonly family: string;
}

const DIFFERENCE = "score by family";

/** Values that differ by less count as equal. */
const ROUNDING = 1e-12;

/**
 * Difference candidate − reference of the mean task rates: Tango's score at the effective number of tasks, families as clusters,
 * with the t quantile at families − 1. Where no task differs, the bounds are those of nothing seen in so many families:
 * ±(1 − tail^(1/G)). The more of all families tell, the more of the variance is the one that was seen, and not the one that there would be at
 * the difference that is asked about: few families could else never be seen to be better (decision 0240). Sources: Tango 1998; Korn & Graubard 1998; MacKinnon, Nielsen & Webb 2023 (CV3, t at G − 1).
 */
export function familyDifference(pairs: readonly FamilyPair[], confidence = 0.95, doubt: Doubt = "by-size"): Estimate {
  checkConfidence(confidence);
  const tail = (1 - confidence) / 2;
  const table = familyTable(pairs, doubt);
  if (table === null) return emptyEstimate(DIFFERENCE);
  if (table.kind === "tied") {
    const most = 1 - tail ** (1 / table.families);
    return { value: 0, low: -most, high: most, n: pairs.length, method: DIFFERENCE };
  }
  const { value, low, high } = scoreInterval(table.counts, tQuantile(1 - tail, table.df));
  const bounds = IS_BOUNDED[doubt] ? { low: Math.min(low, mostLow(table, tail)), high: Math.max(high, leastHigh(table, tail)) } : { low, high };
  return { value, ...bounds, n: pairs.length, method: DIFFERENCE };
}

/** Is a difference no more certain than exact bounds allow? Decisions of format 2 were made without (decision 0260). */
const IS_BOUNDED: Readonly<Record<Doubt, boolean>> = { even: false, "by-size": true };

/** One-sided p-value against "the difference is at most `margin`", by the same score. */
export function familyDifferenceAbove(pairs: readonly FamilyPair[], margin: number, doubt: Doubt = "by-size"): number {
  invariant(margin >= -1 && margin <= 1, `margin ${margin}: must lie in [-1, 1]`);
  const table = familyTable(pairs, doubt);
  if (table === null || margin === 1) return 1;
  if (margin === -1) return 0;
  if (table.kind === "tied") return margin >= 0 ? 1 : (1 + margin) ** table.families;
  return Math.max(tCdf(-scoreAt(table.counts, margin), table.df), IS_BOUNDED[doubt] ? leastP(table, margin) : 0);
}

type FamilyTable = { readonly kind: "tied"; readonly families: number } | ({ readonly kind: "differs" } & FamilyCounts);

/** Counts at the effective number of tasks. */
function familyTable(pairs: readonly FamilyPair[], doubt: Doubt): FamilyTable | null {
  // A side without trials has no share, and a mean takes nothing that is no number.
  const leads = pairs.map(({ candidate, reference, family }) => ({ value: shareOf(candidate) - shareOf(reference), cluster: family }));
  const mean = clusterMean(leads);
  if (mean === null) return null;
  const telling = clustersWith(leads, (lead) => Math.abs(lead) > ROUNDING);
  if (telling === 0) return { kind: "tied", families: mean.clusters };
  const ahead = leads.reduce((sum, { value }) => sum + Math.max(0, value), 0) / leads.length;
  const behind = leads.reduce((sum, { value }) => sum + Math.max(0, -value), 0) / leads.length;
  const n = effectiveSize(mean, ahead + behind - mean.mean ** 2, telling, doubt);
  const seen = seenShare(telling, mean, doubt);
  return {
    kind: "differs",
    families: mean.clusters,
    counts: { onlyCandidate: ahead * n, onlyReference: behind * n, n, seen },
    df: Math.max(1, mean.clusters - 1),
  };
}

// Paired differences of tasks that stand in families: tasks of one family may succeed or fail together.
import { invariant } from "../../base/errors.ts";
import { clusterMean, clustersWith, effectiveSize } from "./cluster.ts";
import { tCdf } from "./distribution.ts";
import { checkConfidence, emptyEstimate, type Estimate } from "./interval.ts";
import { type PairedCounts, scoreAt, scoreInterval, shareOf, type TaskPair } from "./paired.ts";
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

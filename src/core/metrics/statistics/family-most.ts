// How certain a difference over families can be at most, by exact binomial bounds, however little is seen to vary.
import { tCdf } from "./distribution.ts";
import { root, type PairedCounts } from "./paired.ts";
import { incompleteBeta, normalQuantile } from "./special.ts";

/** Counts at the effective number of tasks, and what their variance rests on. */
export interface FamilyCounts {
  readonly counts: PairedCounts;
  readonly families: number;
  readonly df: number;
}

/** The least that a one-sided p-value against "the difference is at most `margin`" can be. */
export const leastP = (of: FamilyCounts, margin: number): number => Math.max(wonP(of, margin), lossesP(of, margin));

/** The lower bound of a difference can be no higher than here, where `leastP` is `tail`. */
export function mostLow(of: FamilyCounts, tail: number): number {
  const { onlyCandidate, onlyReference, n } = of.counts;
  const losses = root(-1, (onlyCandidate - onlyReference) / n, (delta) => tail - lossesP(of, delta));
  return Math.min(2 * tail ** (1 / of.families) - 1, losses);
}

/** The same of the other side: what is lost there is won here. */
export function leastHigh(of: FamilyCounts, tail: number): number {
  const { onlyCandidate, onlyReference, ...counts } = of.counts;
  return -mostLow({ ...of, counts: { ...counts, onlyCandidate: onlyReference, onlyReference: onlyCandidate } }, tail);
}

/** Were all families won wholly: a truth at the margin would let so many be drawn with this chance. Source: the exact bound of n of n, on [−1, 1]. */
const wonP = ({ families }: FamilyCounts, margin: number): number => ((1 + margin) / 2) ** families;

/**
 * As few losses as were seen, or fewer, where the gains are what they are and the losses as many as the margin has them; its normal deviate
 * taken for one of t. Sources: Clopper & Pearson 1934; Korn & Graubard 1998, for units that are no whole number.
 */
function lossesP({ counts: { onlyCandidate, onlyReference, n }, df }: FamilyCounts, margin: number): number {
  const lost = Math.min(1, Math.max(0, onlyCandidate / n - margin));
  const p = onlyReference >= n ? 1 : incompleteBeta(1 - lost, n - onlyReference, onlyReference + 1);
  return p <= 0 || p >= 1 ? p : tCdf(normalQuantile(p), df);
}

// Success parity of tasks that stand in families: a candidate's pass rate as a share of a reference's.
import { bcaBootstrap } from "./bootstrap.ts";
import type { Doubt } from "./cluster.ts";
import { type FamilyPair, familyDifference } from "./family.ts";
import { emptyEstimate, type Estimate } from "./interval.ts";
import { type Parity, ratioOfMeans } from "./parity.ts";
import { shareOf } from "./paired.ts";

/** With fewer families in which the two differ, resampling sees too few of them, and the interval is widened. */
const FEW_DISCORDANT = 10;

/** The pairs that are known, and all with the unknown taken as worst and as best for the candidate. */
export interface FilledPairs {
  readonly pairs: readonly FamilyPair[];
  readonly worst: readonly FamilyPair[];
  readonly best: readonly FamilyPair[];
}

export interface ParityTerms {
  readonly seed: number;
  readonly resamples?: number;
  /** Of the paired difference, where families that differ are few. */
  readonly doubt?: Doubt;
}

/**
 * Ratio of the mean task pass rates by a paired bootstrap over families. If fewer than 10 families differ, the interval also covers that of
 * the paired difference (1 + difference ÷ reference rate). The bounds are those of the worst and the best that the unknown could be.
 */
export function familyParity({ pairs, worst, best }: FilledPairs, terms: ParityTerms): Parity {
  const known = parityOf(pairs, terms);
  if (worst.length === pairs.length) return known;
  const [lower, upper] = [parityOf(worst, terms), parityOf(best, terms)];
  return {
    ...known,
    at: (confidence) => ({ ...known.at(confidence), low: lower.at(confidence).low, high: upper.at(confidence).high }),
  };
}

function parityOf(pairs: readonly FamilyPair[], { seed, resamples, doubt }: ParityTerms): Parity {
  const n = pairs.length;
  const families = new Map<string, { own: number; other: number; differs: boolean }>();
  for (const { family, candidate, reference } of pairs) {
    const sums = families.get(family) ?? { own: 0, other: 0, differs: false };
    families.set(family, sums);
    const [own, other] = [shareOf(candidate), shareOf(reference)];
    sums.own += own;
    sums.other += other;
    sums.differs ||= own !== other;
  }
  const units = [...families.values()];
  const passed = units.reduce((total, { other }) => total + other, 0);
  if (passed === 0) return { value: null, n, at: () => ({ ...emptyEstimate("bootstrap-bca by family"), n }) };
  const columns = { first: Float64Array.from(units, ({ own }) => own), second: Float64Array.from(units, ({ other }) => other) };
  const { value, at } = bcaBootstrap(columns, ratioOfMeans, `parity/${seed}`, resamples);
  const few = units.filter(({ differs }) => differs).length < FEW_DISCORDANT;
  const estimateAt = (confidence: number): Estimate => ({ ...at(confidence), n, method: "bootstrap-bca by family" });
  return {
    value,
    n,
    at: (confidence) => (few ? widened(estimateAt(confidence), passed / n, familyDifference(pairs, confidence, doubt)) : estimateAt(confidence)),
  };
}

function widened(estimate: Estimate, referenceRate: number, { low, high }: Estimate): Estimate {
  if (estimate.low === null) return estimate;
  return {
    ...estimate,
    low: Math.min(estimate.low, Math.max(0, 1 + (low ?? 0) / referenceRate)),
    high: estimate.high === null ? null : Math.max(estimate.high, 1 + (high ?? 0) / referenceRate),
    method: "bootstrap-bca by family, widened",
  };
}

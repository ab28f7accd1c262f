// How a later run under the other policy would come out: the share of passing trials with an interval, or why nothing can be said.
import { clusteredRate } from "../../metrics/statistics/family-rate.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import type { OtherEnding } from "./other-ending.ts";

/** Why no prediction is made. */
export const REFUSALS = {
  "nothing-counted": "no trial of the record counts",
  "nothing-known": "the record tells no trial's end under the other policy",
  "one-family": "all tasks are of one family: nothing tells how much others would differ",
} as const;
export type PredictionRefusal = keyof typeof REFUSALS;

export type Prediction =
  | { readonly refusal: null; readonly pass: Estimate /** Trials whose end was taken as worst and as best. */; readonly open: number }
  | { readonly refusal: PredictionRefusal };

export interface PredictionTerms {
  /** The family of a task. */
  readonly familyOf: (task: string) => string;
  /** Policies that were tried on this record and of which this one is the best: each alone would look good by chance the oftener. */
  readonly bestOf: number;
}

const CONFIDENCE = 0.95;

/** Told by the record, from the prompts that the other policy would have sent. */
const sure = ({ other, samePrompts }: OtherEnding): boolean => other.passed !== null && samePrompts;

/**
 * A later run draws anew, as this one did: its rate lies about this one's with twice the variance, families as clusters. A trial whose end
 * the record does not tell, or tells from an attempt under another prompt, is taken as failed for the lower bound and as passed for the
 * upper. With k policies tried, the interval is that of confidence 1 − 0.05 / k. Sources: Geisser 1993 (prediction); Korn & Graubard 1998; Bonferroni.
 */
export function predictionOf(endings: readonly OtherEnding[], { familyOf, bestOf }: PredictionTerms): Prediction {
  const counted = endings.filter(({ recorded }) => recorded.passed !== null);
  if (counted.length === 0) return { refusal: "nothing-counted" };
  const told = counted.filter(({ other }) => other.passed !== null);
  if (told.length === 0) return { refusal: "nothing-known" };
  if (new Set(counted.map(({ task }) => familyOf(task))).size < 2) return { refusal: "one-family" };
  const shares = (of: readonly OtherEnding[], unsure: number | null) =>
    [...groupBy(of, ({ task }) => task)].map(([task, own]) => ({
      cluster: familyOf(task),
      value: own.reduce((sum, ending) => sum + (unsure === null || sure(ending) ? Number(ending.other.passed === true) : unsure), 0) / own.length,
    }));
  const confidence = 1 - (1 - CONFIDENCE) / bestOf;
  const estimate = (values: ReturnType<typeof shares>) => clusteredRate(values, confidence, { bounds: "exact", alike: "families", later: true });
  const [middle, worst, best] = [estimate(shares(told, null)), estimate(shares(counted, 0)), estimate(shares(counted, 1))];
  return {
    refusal: null,
    pass: { ...middle, low: worst.low, high: best.high, method: "prediction by family" },
    open: counted.filter((ending) => !sure(ending)).length,
  };
}

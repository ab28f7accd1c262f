// Rates over trials: epochs of one task are repeats of it, and tasks of one family may succeed and fail together.
import type { TaskFacts } from "../../capsule/line.ts";
import { familyOf } from "../../capsule/plan/task-family.ts";
import { familyRate, type FamilyTally, type RateTerms } from "../statistics/family-rate.ts";
import type { Estimate } from "../statistics/interval.ts";
import type { TrialFacts } from "./trial.ts";

/** Something that holds or not, of a task and its family. */
export interface RatedItem {
  readonly task: string;
  readonly family: string;
  readonly holds: boolean;
}

/** Confidence of the intervals that reports show. */
const REPORTED = 0.95;

/** The proportion of trials with a property, clustered by family; `n` counts tasks. */
export function trialRate(trials: readonly TrialFacts[], holds: (trial: TrialFacts) => boolean): Estimate {
  return itemRate(trials.map((trial) => ({ task: trial.task.id, family: familyOf(trial.task), holds: holds(trial) })));
}

/** The same of items (trials, calls). `alike`: what could be the same thing over again, as long as nothing is seen to vary. */
export function itemRate(items: readonly RatedItem[], alike: RateTerms["alike"] = "families"): Estimate {
  return reportedRate(talliesOf(items), alike);
}

/** A rate as every report shows it. */
export const reportedRate = (tallies: readonly FamilyTally[], alike: RateTerms["alike"]): Estimate => familyRate(tallies, REPORTED, { bounds: "score", alike });

/** A tally for each task. */
export function talliesOf(items: readonly RatedItem[]): readonly FamilyTally[] {
  return [...groupBy(items, ({ task }) => task).values()].map((own) => ({
    family: own[0]?.family ?? "",
    passes: own.filter(({ holds }) => holds).length,
    trials: own.length,
  }));
}

/** Groups in order of first appearance. (`Map.groupBy` is not in Node 20.) */
export function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** How often each key occurs, most frequent first, then in code-unit order. */
export function tally(keys: readonly string[]): readonly { readonly key: string; readonly count: number }[] {
  const counts = [...groupBy(keys, (key) => key)].map(([key, group]) => ({ key, count: group.length }));
  return counts.toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

/** Was the slot tried under the policy? */
export const countsForSlot = (trial: TrialFacts): boolean => trial.slot.length > 0 && !trial.outsidePolicy;

/** Trials that count for their candidate and that its slot could win or lose. */
export function inSlot(trials: readonly TrialFacts[]): readonly TrialFacts[] {
  return trials.filter((trial) => trial.standing === "counted" && countsForSlot(trial));
}

export const isLowRisk = (trial: TrialFacts): boolean => trial.task.risk === "low";

/** Tasks that an honest patch can pass: only they are in pass rates. */
export const isPossible = ({ impossible }: Pick<TaskFacts, "impossible">): boolean => impossible !== true;

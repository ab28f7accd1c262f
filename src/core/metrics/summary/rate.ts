// Rates over trials with the task as the unit: epochs of one task are repeats, not independent samples.
import type { TaskFacts } from "../../capsule/line.ts";
import { type Estimate, passRate } from "../statistics/interval.ts";
import type { TrialFacts } from "./trial.ts";

/** The proportion of trials with a property: the interval is over tasks, `n` counts tasks. */
export function trialRate(trials: readonly TrialFacts[], holds: (trial: TrialFacts) => boolean): Estimate {
  return itemRate(trials.map((trial) => ({ task: trial.task.id, holds: holds(trial) })));
}

/** The proportion of items (trials, calls) for which a property holds, clustered by task. */
export function itemRate(items: readonly { readonly task: string; readonly holds: boolean }[], confidence = 0.95): Estimate {
  const perTask = [...groupBy(items, (item) => item.task).values()];
  return passRate(
    perTask.map((group) => ({ passes: group.filter((item) => item.holds).length, trials: group.length })),
    confidence,
  );
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

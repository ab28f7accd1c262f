// Is a new run worse than what its own tasks did before? An exact test that goes by each task's own history.
import { invariant } from "../../base/errors.ts";
import { checkCounts, type TaskTally } from "./interval.ts";

/** Trials that a task must have before, to say anything about a new one. */
export const LEAST_TASK_HISTORY = 5;

export interface TaskHistory {
  readonly task: string;
  /** Over all runs before. */
  readonly before: TaskTally;
  readonly now: TaskTally;
}

export interface HistoryVerdict {
  /** Tasks with enough history. */
  readonly tasks: number;
  /** Of the new run, over those tasks; `expected` from their histories with the new run. */
  readonly passes: number;
  readonly expected: number;
  /** One-sided: the new run passes so few or fewer. 1 where there is no history. */
  readonly p: number;
}

/**
 * Exact where each task's trials are exchangeable and tasks are independent: given how many of all its trials pass, those of the new
 * run are drawn from them, so that their number is hypergeometric, and the sum over tasks a convolution.
 * Source: Fisher's exact test, stratified (Mantel & Haenszel 1959; exact form Zelen 1971).
 */
export function worseThanHistory(histories: readonly TaskHistory[]): HistoryVerdict {
  const known = histories.filter(({ before, now }) => before.trials >= LEAST_TASK_HISTORY && now.trials > 0);
  for (const { before, now } of known) [before, now].forEach(({ passes, trials }) => checkCounts(passes, trials));
  const passes = known.reduce((sum, { now }) => sum + now.passes, 0);
  const expected = known.reduce((sum, { before, now }) => sum + (now.trials * (before.passes + now.passes)) / (before.trials + now.trials), 0);
  const sums = known.map(drawnPasses).reduce(convolved, [1]);
  const p = sums.slice(0, passes + 1).reduce((sum, share) => sum + share, 0);
  return { tasks: known.length, passes, expected, p: Math.min(1, p) };
}

/** P(so many of the new run's trials pass), from 0 up, given the totals. */
function drawnPasses({ before, now }: TaskHistory): readonly number[] {
  const good = before.passes + now.passes;
  const all = before.trials + now.trials;
  const weights = Array.from({ length: now.trials + 1 }, (_, hits) => choose(good, hits) * choose(all - good, now.trials - hits));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  invariant(Number.isFinite(total), "a task with too many trials to count the ways");
  return weights.map((weight) => weight / total);
}

function choose(n: number, k: number): number {
  if (k > n) return 0;
  let ways = 1;
  for (let step = 1; step <= k; step += 1) ways = (ways * (n - k + step)) / step;
  return ways;
}

function convolved(sums: readonly number[], next: readonly number[]): readonly number[] {
  const result = Array.from({ length: sums.length + next.length - 1 }, () => 0);
  for (const [i, left] of sums.entries()) for (const [j, right] of next.entries()) result[i + j] = (result[i + j] as number) + left * right;
  return result;
}

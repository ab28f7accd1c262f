// Two candidates on the same tasks: the difference of their pass rates with its interval and test.
import { invariant } from "../../base/errors.ts";
import { normalCdf, tCdf } from "./distribution.ts";
import { checkConfidence, checkCounts, emptyEstimate, type Estimate, type TaskTally } from "./interval.ts";
import { normalQuantile, tQuantile } from "./special.ts";

/** One task with both candidates' results. */
export interface TaskPair {
  readonly task: string;
  readonly candidate: TaskTally;
  readonly reference: TaskTally;
}

/** A paired table in (possibly fractional) tasks: how many only one side passes, and the total. */
export interface PairedCounts {
  readonly onlyCandidate: number;
  readonly onlyReference: number;
  readonly n: number;
  /** The share of the variance that is taken as it was seen (Wald's); the rest, and all where it is not said, is the score's. */
  readonly seen?: number;
}

interface Table extends PairedCounts {
  /** Degrees of freedom of the quantile; null: normal. */
  readonly df: number | null;
}

/**
 * Difference candidate − reference of the mean task pass rates, in [−1, 1]. With one trial per side and task: Tango's score
 * interval. With epochs: the same score at the effective number of tasks (discordance − d²) / SE² that follows from the clustered
 * standard error, with a t quantile at tasks − 1 degrees of freedom: it never claims certainty from tasks that all agree. Sources: Tango 1998; Miller 2024, "Adding Error Bars to Evals" (paired, clustered errors).
 */
export function pairedDifference(pairs: readonly TaskPair[], confidence = 0.95): Estimate {
  checkConfidence(confidence);
  const method = isSingle(pairs) ? "tango" : "clustered-score";
  if (pairs.length === 0) return emptyEstimate(method);
  const table = tableOf(pairs);
  const quantile = table.df === null ? normalQuantile((1 + confidence) / 2) : tQuantile((1 + confidence) / 2, Math.max(1, table.df));
  return { ...scoreInterval(table, quantile), n: pairs.length, method };
}

/** One-sided p-value against "the difference is at most `margin`" (−0.05: five points worse). Source: Tango 1998. */
export function differenceAbove(pairs: readonly TaskPair[], margin: number): number {
  invariant(margin >= -1 && margin <= 1, `margin ${margin}: must lie in [-1, 1]`);
  if (pairs.length === 0 || margin === 1) return 1;
  if (margin === -1) return 0;
  const table = tableOf(pairs);
  const score = scoreAt(table, margin);
  return table.df === null ? normalCdf(-score) : tCdf(-score, Math.max(1, table.df));
}

/** Tango's interval from the discordant counts of `n` tasks. */
export function tangoInterval(onlyCandidate: number, onlyReference: number, n: number, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  checkCounts(onlyCandidate + onlyReference, n);
  if (n === 0) return emptyEstimate("tango");
  return { ...scoreInterval({ onlyCandidate, onlyReference, n }, normalQuantile((1 + confidence) / 2)), n, method: "tango" };
}

/** Pass rate of a tally. */
export const shareOf = ({ passes, trials }: TaskTally): number => passes / trials;

function isSingle(pairs: readonly TaskPair[]): boolean {
  return pairs.every(({ candidate, reference }) => candidate.trials === 1 && reference.trials === 1);
}

function tableOf(pairs: readonly TaskPair[]): Table {
  const leads = pairs.map(({ candidate, reference }) => {
    invariant(candidate.trials > 0 && reference.trials > 0, "a pair without trials on both sides");
    return shareOf(candidate) - shareOf(reference);
  });
  const n = leads.length;
  const ahead = leads.reduce((sum, lead) => sum + Math.max(0, lead), 0);
  const behind = leads.reduce((sum, lead) => sum + Math.max(0, -lead), 0);
  if (isSingle(pairs)) return { onlyCandidate: ahead, onlyReference: behind, n, df: null };
  const mean = (ahead - behind) / n;
  const squares = leads.reduce((sum, lead) => sum + (lead - mean) ** 2, 0);
  const single = (ahead + behind) / n - mean * mean;
  // The number of single-trial tasks with the same information. If the differences don't vary at all, no more than the tasks themselves.
  const effective = squares > 1e-12 ? (single * n * (n - 1)) / squares : n;
  return { onlyCandidate: (ahead / n) * effective, onlyReference: (behind / n) * effective, n: effective, df: n - 1 };
}

/** Bounds of the difference by the score, and the difference itself. */
export function scoreInterval(table: PairedCounts, quantile: number): { readonly value: number; readonly low: number; readonly high: number } {
  const value = (table.onlyCandidate - table.onlyReference) / table.n;
  return {
    value,
    low: Math.min(
      value,
      root(-1, value, (delta) => scoreAt(table, delta) - quantile),
    ),
    high: Math.max(
      value,
      root(value, 1, (delta) => scoreAt(table, delta) + quantile),
    ),
  };
}

/** The score of a difference `delta`; falls as `delta` rises. Source: Tango 1998, with the closed form of the nuisance parameter. */
export function scoreAt({ onlyCandidate, onlyReference, n, seen = 0 }: PairedCounts, delta: number): number {
  const linear = -onlyCandidate - onlyReference + (2 * n - onlyCandidate + onlyReference) * delta;
  const constant = -onlyReference * delta * (1 - delta);
  const share = (Math.sqrt(Math.max(0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
  const wald = onlyCandidate + onlyReference - (onlyCandidate - onlyReference) ** 2 / n;
  const variance = seen * wald + (1 - seen) * n * (2 * share + delta * (1 - delta));
  const distance = onlyCandidate - onlyReference - n * delta;
  if (variance > 1e-14 * n) return distance / Math.sqrt(variance);
  return Math.abs(distance) < 1e-12 ? 0 : Math.sign(distance) * Infinity;
}

/** Where a decreasing function crosses zero, by bisection; the end of the interval if it does not. */
export function root(from: number, to: number, falling: (x: number) => number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// Estimates with confidence intervals: proportions and means with the task as the unit.
import { invariant } from "../../base/errors.ts";
import { betaQuantile, normalQuantile, tQuantile } from "./special.ts";

/** Task means that differ by less count as equal. */
const ROUNDING = 1e-12;

/** A figure with its two-sided interval; null means that the data cannot tell, never zero. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The number of independent units, usually tasks. */
  readonly n: number;
  /** How the interval was made, for example `wilson`. */
  readonly method: string;
}

/** How many counted trials a task has, and how many of them passed. */
export interface TaskTally {
  readonly passes: number;
  readonly trials: number;
}

/** A proportion with its score interval. Source: Wilson 1927 (Newcombe 1998, method 3). */
export function wilson(successes: number, n: number, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  checkCounts(successes, n);
  if (n === 0) return emptyEstimate("wilson");
  const value = successes / n;
  return { value, ...wilsonBounds(value, n, normalQuantile((1 + confidence) / 2)), n, method: "wilson" };
}

/** A proportion with its exact interval by beta quantiles. Source: Clopper & Pearson 1934. */
export function clopperPearson(successes: number, n: number, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  checkCounts(successes, n);
  if (n === 0) return emptyEstimate("clopper-pearson");
  const tail = (1 - confidence) / 2;
  const failures = n - successes;
  return {
    value: successes / n,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
    n,
    method: "clopper-pearson",
  };
}

/**
 * The mean v of task means in [0, 1] with an interval clustered by task: Wilson's at the effective number of tasks
 * v(1 − v) / SE², where SE is the clustered standard error (with the n / (n − 1) correction), and a t quantile at
 * tasks − 1 degrees of freedom. The plain v ± t·SE undercovers near 0 and 1; this does not (see the coverage tests). Sources: Miller 2024, "Adding Error Bars to Evals"; Wilson 1927; effective sample size as in Korn & Graubard 1998.
 *
 * Equal task means have a standard error of 0, which would claim certainty from any number of tasks. The interval is then
 * Wilson's over the tasks, the widest one for values in [0, 1] with that mean, and `method` says so.
 */
export function clusteredMean(taskMeans: readonly number[], confidence = 0.95): Estimate {
  checkConfidence(confidence);
  for (const mean of taskMeans) checkShare(mean);
  const n = taskMeans.length;
  if (n === 0) return emptyEstimate("clustered-wilson");
  const value = taskMeans.reduce((sum, mean) => sum + mean, 0) / n;
  const squares = taskMeans.reduce((sum, mean) => sum + (mean - value) ** 2, 0);
  if (squares < n * ROUNDING ** 2) return { value, ...wilsonBounds(value, n, normalQuantile((1 + confidence) / 2)), n, method: "wilson" };
  const effective = (value * (1 - value) * n * (n - 1)) / squares;
  return { value, ...wilsonBounds(value, effective, tQuantile((1 + confidence) / 2, n - 1)), n, method: "clustered-wilson" };
}

/** The pass rate over tried tasks: Wilson if every task has one trial, else the clustered mean. */
export function passRate(perTask: readonly TaskTally[], confidence = 0.95): Estimate {
  for (const { passes, trials } of perTask) checkCounts(passes, trials);
  const tried = perTask.filter(({ trials }) => trials > 0);
  if (tried.every(({ trials }) => trials === 1)) {
    const passed = tried.filter(({ passes }) => passes === 1);
    return wilson(passed.length, tried.length, confidence);
  }
  const taskMeans = tried.map(({ passes, trials }) => passes / trials);
  return clusteredMean(taskMeans, confidence);
}

/** The estimate from no data. */
export function emptyEstimate(method: string): Estimate {
  return { value: null, low: null, high: null, n: 0, method };
}

/** Confidence is strictly between 0 and 1, for example 0.95. */
export function checkConfidence(confidence: number): void {
  invariant(confidence > 0 && confidence < 1, `confidence ${confidence}: must lie between 0 and 1`);
}

/** Counts are integers with 0 ≤ successes ≤ n. */
export function checkCounts(successes: number, n: number): void {
  const counted = Number.isSafeInteger(successes) && Number.isSafeInteger(n) && successes >= 0 && successes <= n;
  invariant(counted, `${successes} of ${n}: counts must be integers with 0 ≤ successes ≤ trials`);
}

/** Wilson's bounds for a share of `n` units, which need be no whole number, at quantile `z`; rounding never moves them past the proportion itself, so 0 and 1 stay exact. */
export function wilsonBounds(share: number, n: number, z: number): { low: number; high: number } {
  const weight = (z * z) / n;
  const centre = share + weight / 2;
  const half = z * Math.sqrt((share * (1 - share)) / n + weight / (4 * n));
  return {
    low: Math.max(0, Math.min(share, (centre - half) / (1 + weight))),
    high: Math.min(1, Math.max(share, (centre + half) / (1 + weight))),
  };
}

function checkShare(mean: number): void {
  invariant(mean >= 0 && mean <= 1, `task mean ${mean}: must lie in [0, 1]`);
}

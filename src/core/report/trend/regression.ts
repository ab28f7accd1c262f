// A new run against its own history: is a candidate worse than its tasks were before, and which tasks came out otherwise.
import { daysFrom } from "../../base/instant.ts";
import { holmAdjusted } from "../../metrics/statistics/holm.ts";
import { LEAST_TASK_HISTORY, type TaskHistory, worseThanHistory } from "../../metrics/statistics/own-history.ts";
import type { CandidateDigest, RunDigest } from "../runs/digest.ts";
import { comparableRuns, type RunDifference, runDifferences } from "./compare.ts";
import { DEFAULT_TREND_ALPHA } from "./model.ts";

export const REGRESSION_FORMAT = 1;

/** A baseline that is older than this is said to be stale. */
const STALE_DAYS = 30;

export interface FlippedTask {
  readonly task: string;
  readonly before: readonly [passes: number, trials: number];
  readonly now: readonly [passes: number, trials: number];
}

export interface CandidateRegression {
  readonly candidate: string;
  readonly verdict: "worse" | "steady" | "too-little-history";
  /** Tasks with enough history, what of them passes now, and what their histories lead to expect. */
  readonly tasks: number;
  readonly passes: number;
  readonly expected: number;
  readonly p: number;
  /** Over all candidates (Holm). */
  readonly adjustedP: number;
  /** Tasks that always passed before and do not now, and those that never did and do. */
  readonly lost: readonly FlippedTask[];
  readonly won: readonly FlippedTask[];
}

export interface Regression {
  readonly format: typeof REGRESSION_FORMAT;
  readonly run: string;
  readonly alpha: number;
  /** Comparable runs before it. */
  readonly history: number;
  /** The last of them; null where there is none. */
  readonly baseline: { readonly run: string; readonly createdAt: string; readonly ageDays: number; readonly isStale: boolean } | null;
  readonly verdict: CandidateRegression["verdict"];
  readonly candidates: readonly CandidateRegression[];
  readonly differences: readonly RunDifference[];
}

/** `others`: all other runs of the home; those that can't be compared, and later ones, are left out. */
export function regressionOf(run: RunDigest, others: readonly RunDigest[], alpha: number = DEFAULT_TREND_ALPHA): Regression {
  const earlier = earlierAlike(run, others);
  const last = earlier.at(-1) ?? null;
  const found = run.candidates.map((candidate) => ({ candidate, histories: historiesOf(candidate, earlier) }));
  const tested = found.map(({ candidate, histories }) => ({ candidate, histories, ...worseThanHistory(histories) }));
  const adjusted = holmAdjusted(tested.map(({ p }) => p));
  const candidates = tested.map(({ candidate, histories, tasks, passes, expected, p }, index): CandidateRegression => {
    const adjustedP = adjusted[index] ?? 1;
    const verdict = tasks === 0 ? "too-little-history" : adjustedP <= alpha ? "worse" : "steady";
    return { candidate: candidate.name, verdict, tasks, passes, expected, p, adjustedP, lost: flipped(histories, true), won: flipped(histories, false) };
  });
  return {
    format: REGRESSION_FORMAT,
    run: run.run,
    alpha,
    history: earlier.length,
    baseline: last && baselineOf(last, run),
    verdict: overall(candidates),
    candidates,
    differences: last ? runDifferences(last, run, null) : [],
  };
}

function earlierAlike(run: RunDigest, others: readonly RunDigest[]): readonly RunDigest[] {
  const { groups } = comparableRuns([run, ...others.filter((other) => other.run !== run.run && other.createdAt < run.createdAt)]);
  const own = groups.find(({ runs }) => runs.some((one) => one.run === run.run));
  return (own?.runs ?? []).filter((one) => one.run !== run.run);
}

function baselineOf(last: RunDigest, run: RunDigest): NonNullable<Regression["baseline"]> {
  const ageDays = daysFrom(last.createdAt, run.createdAt);
  return { run: last.run, createdAt: last.createdAt, ageDays, isStale: ageDays > STALE_DAYS };
}

/** The candidate's own outcomes before, under the same name, provider and model. */
function historiesOf(candidate: CandidateDigest, earlier: readonly RunDigest[]): readonly TaskHistory[] {
  const own = earlier.flatMap(({ candidates }) =>
    candidates.filter(({ name, provider, model }) => name === candidate.name && provider === candidate.provider && model === candidate.model),
  );
  return Object.entries(candidate.tasks).map(([task, [passes, trials]]) => {
    const before = own.flatMap(({ tasks }) => (Object.hasOwn(tasks, task) ? [tasks[task] as readonly [number, number]] : []));
    return {
      task,
      before: { passes: before.reduce((sum, [passed]) => sum + passed, 0), trials: before.reduce((sum, [, of]) => sum + of, 0) },
      now: { passes, trials },
    };
  });
}

function flipped(histories: readonly TaskHistory[], lost: boolean): readonly FlippedTask[] {
  const known = histories.filter(({ before }) => before.trials >= LEAST_TASK_HISTORY);
  const isFlipped = ({ before, now }: TaskHistory): boolean =>
    lost ? before.passes === before.trials && now.passes < now.trials : before.passes === 0 && now.passes > 0;
  return known.filter(isFlipped).map(({ task, before, now }) => ({ task, before: [before.passes, before.trials], now: [now.passes, now.trials] }));
}

function overall(candidates: readonly CandidateRegression[]): Regression["verdict"] {
  if (candidates.some(({ verdict }) => verdict === "worse")) return "worse";
  return candidates.some(({ verdict }) => verdict === "steady") ? "steady" : "too-little-history";
}

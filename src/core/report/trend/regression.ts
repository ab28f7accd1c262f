// A new run against its own history: is a candidate worse than its tasks were before, and which tasks came out otherwise.
import { BakeoffError } from "../../base/errors.ts";
import { daysFrom } from "../../base/instant.ts";
import { holmAdjusted } from "../../metrics/statistics/holm.ts";
import { LEAST_TASK_HISTORY, type TaskHistory, worseThanHistory } from "../../metrics/statistics/own-history.ts";
import type { CandidateDigest, RunDigest } from "../runs/digest.ts";
import { acknowledgementOf, type BaselineEntry, baselineRun, type Blessing, blessingOf } from "./baseline.ts";
import { comparableKey, comparableRuns, type RunDifference, runDifferences } from "./compare.ts";
import { DEFAULT_TREND_ALPHA } from "./level.ts";

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
  readonly verdict: "worse" | "acknowledged" | "steady" | "too-little-history";
  /** Who took note that it is worse; null where nobody did. */
  readonly acknowledged: AgreedBy | null;
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

/** Whose word it is, and why. */
export interface AgreedBy {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

export interface Regression {
  readonly format: typeof REGRESSION_FORMAT;
  readonly run: string;
  readonly alpha: number;
  /** Comparable runs before it that it was held against. */
  readonly history: number;
  /** Who blessed them, of how many; null: nobody did, and all comparable runs before it are taken. */
  readonly blessed: (AgreedBy & { readonly runs: number }) | null;
  /** The last of them; null where there is none. */
  readonly baseline: { readonly run: string; readonly createdAt: string; readonly ageDays: number; readonly isStale: boolean } | null;
  readonly verdict: CandidateRegression["verdict"];
  readonly candidates: readonly CandidateRegression[];
  readonly differences: readonly RunDifference[];
}

/** `others`: all other runs of the home; those that can't be compared, and later ones, are left out. */
export function regressionOf(run: RunDigest, others: readonly RunDigest[], { alpha = DEFAULT_TREND_ALPHA, baselines = [] }: RegressionTerms = {}): Regression {
  const group = comparableKey(run);
  const blessing = blessingOf(baselines, group);
  const alike = earlierAlike(run, others);
  const earlier = blessing === null ? alike : blessedRuns(blessing, alike);
  const last = earlier.at(-1) ?? null;
  const found = run.candidates.map((candidate) => ({ candidate, histories: historiesOf(candidate, earlier) }));
  const tested = found.map(({ candidate, histories }) => ({ candidate, histories, ...worseThanHistory(histories) }));
  const adjusted = holmAdjusted(tested.map(({ p }) => p));
  const candidates = tested.map(({ candidate, histories, tasks, passes, expected, p }, index): CandidateRegression => {
    const adjustedP = adjusted[index] ?? 1;
    const isWorse = tasks > 0 && adjustedP <= alpha;
    const known = isWorse ? acknowledgedWorse({ candidate, group, alike, baselines, alpha: alpha / run.candidates.length }) : null;
    const verdict = tasks === 0 ? "too-little-history" : isWorse ? (known === null ? "worse" : "acknowledged") : "steady";
    return {
      candidate: candidate.name,
      verdict,
      acknowledged: known,
      tasks,
      passes,
      expected,
      p,
      adjustedP,
      lost: flipped(histories, true),
      won: flipped(histories, false),
    };
  });
  return {
    format: REGRESSION_FORMAT,
    run: run.run,
    alpha,
    history: earlier.length,
    blessed: blessing && { ...agreedBy(blessing), runs: blessing.runs.length },
    baseline: last && baselineOf(last, run),
    verdict: overall(candidates),
    candidates,
    differences: last ? runDifferences(last, run, null) : [],
  };
}

export interface RegressionTerms {
  readonly alpha?: number;
  /** What was agreed to be normal, in the order of the log. */
  readonly baselines?: readonly BaselineEntry[];
}

export const agreedBy = ({ by, at, reason }: BaselineEntry): AgreedBy => ({ by, at, reason });

/** Only what was blessed: a run that came later moves no baseline. Throws `integrity` where one is not the run that was blessed. */
function blessedRuns(blessing: Blessing, earlier: readonly RunDigest[]): readonly RunDigest[] {
  const outcomes = new Map(blessing.runs.map(({ run, outcomes: hash }) => [run, hash]));
  const found = earlier.filter(({ run }) => outcomes.has(run));
  const other = found.find((run) => baselineRun(run).outcomes !== outcomes.get(run.run));
  if (other) throw new BakeoffError("integrity", `run ${other.run} is not the one that was blessed as a baseline`, "restore its capsule, or bless anew");
  return found;
}

interface WorseCandidate extends Required<RegressionTerms> {
  readonly candidate: CandidateDigest;
  readonly group: string;
  /** Comparable runs before it. */
  readonly alike: readonly RunDigest[];
}

/** Who took note that it is worse; null where nobody did, or where it is worse still than in the runs since then. */
function acknowledgedWorse({ candidate, group, alike, baselines, alpha }: WorseCandidate): AgreedBy | null {
  const found = acknowledgementOf(baselines, { group, candidate: candidate.name, since: "" });
  if (found === null) return null;
  const since = alike.filter(({ createdAt }) => createdAt >= found.run.created_at);
  return worseThanHistory(historiesOf(candidate, since)).p <= alpha ? null : agreedBy(found);
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
  if (candidates.some(({ verdict }) => verdict === "acknowledged")) return "acknowledged";
  return candidates.some(({ verdict }) => verdict === "steady") ? "steady" : "too-little-history";
}

// Comparisons of the slot's passes: by kind, area and error code, beyond the compiler's suggestions, and pair by pair.
import type { TaskFacts } from "../../capsule/line.ts";
import type { Estimate } from "../statistics/interval.ts";
import { groupBy, inSlot, isLowRisk, isPossible, trialRate } from "./rate.ts";
import type { TrialFacts } from "./trial.ts";

export interface CandidateRate {
  readonly candidate: string;
  /** Any slot attempt passed; low-risk tasks. */
  readonly pass: Estimate;
}

/** One group of low-risk tasks. */
export interface Breakdown {
  readonly key: string;
  readonly tasks: number;
  readonly rates: readonly CandidateRate[];
}

/** What the compiler's own suggestions solve, and how each other candidate does on the rest. */
export interface BeyondCompiler {
  /** Low-risk tasks that the suggestions solved in at least one epoch. */
  readonly solved: readonly string[];
  /** Low-risk tasks that they were tried on and never solved. */
  readonly unsolved: readonly string[];
  /** The other candidates on the unsolved tasks. */
  readonly rates: readonly CandidateRate[];
}

/** Two candidates on the tasks that count for both. With epochs, task means are compared. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly tasks: number;
  readonly aBetter: readonly string[];
  readonly bBetter: readonly string[];
}

/** The embedded candidate that applies rustc's suggestions. */
const COMPILER_CANDIDATE = "rustc-suggestions";

/** Trials by candidate, the input of the comparisons below. */
export type ByCandidate = ReadonlyMap<string, readonly TrialFacts[]>;

/** Headline trials only; a candidate without any has an empty list. */
export function headlineTrials(names: readonly string[], trials: readonly TrialFacts[]): ByCandidate {
  const groups = groupBy(inSlot(trials.filter((trial) => isLowRisk(trial) && isPossible(trial.task))), (trial) => trial.candidate);
  return new Map(names.map((name) => [name, groups.get(name) ?? []]));
}

/** Breaks down the slot's pass rate; a task counts under each of its keys. Keys in code-unit order. */
export function breakdown(tasks: readonly TaskFacts[], trials: ByCandidate, keysOf: (task: TaskFacts) => readonly string[]): readonly Breakdown[] {
  const low = tasks.filter((task) => task.risk === "low" && isPossible(task));
  const keys = [...new Set(low.flatMap(keysOf))].toSorted();
  return keys.map((key) => ({
    key,
    tasks: low.filter((task) => keysOf(task).includes(key)).length,
    rates: ratesOn(trials, (task) => keysOf(task).includes(key)),
  }));
}

/** Null if the run has no candidate that applies the compiler's suggestions. */
export function beyondCompiler(trials: ByCandidate): BeyondCompiler | null {
  const baseline = trials.get(COMPILER_CANDIDATE);
  if (!baseline) return null;
  const solved = new Set(baseline.filter((trial) => trial.passedInSlot).map((trial) => trial.task.id));
  const unsolved = new Set(baseline.map((trial) => trial.task.id).filter((task) => !solved.has(task)));
  const others = new Map([...trials].filter(([candidate]) => candidate !== COMPILER_CANDIDATE));
  return { solved: [...solved].toSorted(), unsolved: [...unsolved].toSorted(), rates: ratesOn(others, (task) => unsolved.has(task.id)) };
}

/** Every pair of candidates, in the run's order. */
export function pairs(trials: ByCandidate): readonly Pair[] {
  const means = [...trials].map(([candidate, own]) => ({ candidate, means: taskMeans(own) }));
  return means.flatMap((a, index) => means.slice(index + 1).map((b) => compare(a, b)));
}

interface TaskMeans {
  readonly candidate: string;
  readonly means: ReadonlyMap<string, number>;
}

function compare(a: TaskMeans, b: TaskMeans): Pair {
  const common = [...a.means].flatMap(([task, ofA]) => {
    const ofB = b.means.get(task);
    return ofB === undefined ? [] : [{ task, lead: ofA - ofB }];
  });
  const leading = (sign: 1 | -1): readonly string[] =>
    common
      .filter(({ lead }) => Math.sign(lead) === sign)
      .map(({ task }) => task)
      .toSorted();
  return { a: a.candidate, b: b.candidate, tasks: common.length, aBetter: leading(1), bBetter: leading(-1) };
}

function taskMeans(trials: readonly TrialFacts[]): ReadonlyMap<string, number> {
  const perTask = groupBy(trials, (trial) => trial.task.id);
  return new Map([...perTask].map(([task, own]) => [task, own.filter((trial) => trial.passedInSlot).length / own.length]));
}

function ratesOn(trials: ByCandidate, includes: (task: TaskFacts) => boolean): readonly CandidateRate[] {
  return [...trials].map(([candidate, own]) => ({
    candidate,
    pass: trialRate(
      own.filter((trial) => includes(trial.task)),
      (trial) => trial.passedInSlot,
    ),
  }));
}

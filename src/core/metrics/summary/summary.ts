// A run in figures: each candidate's own slot, what the rest of the policy did, and comparisons of candidates.
import type { RunRecord } from "../../capsule/record.ts";
import { familyOf } from "../../capsule/plan/task-family.ts";
import { type CandidateSummary, candidateSummary } from "./candidate.ts";
import { type BeyondCompiler, type Breakdown, beyondCompiler, breakdown, headlineTrials, type Pair, pairs } from "./comparison.ts";
import { isPossible } from "./rate.ts";
import { withTreeTimes } from "./attempt-time.ts";
import { type TrialFacts, trialFacts } from "./trial.ts";

export interface RunSummary {
  /** `families`: of the low-risk ones. `impossible`: those that no honest patch passes, of any risk; they are in neither of the other two, and not there if there are none. */
  readonly tasks: { readonly total: number; readonly lowRisk: number; readonly highRisk: number; readonly families: number; readonly impossible?: number };
  /** In the run's order. */
  readonly candidates: readonly CandidateSummary[];
  readonly byKind: readonly Breakdown[];
  readonly byArea: readonly Breakdown[];
  /** Compile tasks; a task with several codes counts under each. */
  readonly byErrorCode: readonly Breakdown[];
  /** Null if `rustc-suggestions` is not in the run. */
  readonly beyondCompiler: BeyondCompiler | null;
  readonly pairs: readonly Pair[];
}

/** Summarises a run. Intervals are at 95 % confidence; trials that don't count are in no rate. */
export function summarise(record: RunRecord): RunSummary {
  return summariseTrials(record.header, withTreeTimes(record.trials.map(trialFacts)));
}

/** The same, from facts already read, with the times of the trees that they share (`withTreeTimes`). */
export function summariseTrials({ tasks, candidates }: RunRecord["header"], facts: readonly TrialFacts[]): RunSummary {
  const headline = headlineTrials(
    candidates.map(({ name }) => name),
    facts,
  );
  const possible = tasks.filter(isPossible);
  const low = possible.filter((task) => task.risk === "low");
  const families = new Set(low.map(familyOf)).size;
  const impossible = tasks.length - possible.length;
  return {
    tasks: { total: tasks.length, lowRisk: low.length, highRisk: possible.length - low.length, families, ...(impossible > 0 ? { impossible } : {}) },
    candidates: candidates.map((candidate) =>
      candidateSummary(
        candidate,
        facts.filter((trial) => trial.candidate === candidate.name),
      ),
    ),
    byKind: breakdown(tasks, headline, (task) => [task.kind]),
    byArea: breakdown(tasks, headline, (task) => [task.area]),
    byErrorCode: breakdown(tasks, headline, (task) => (task.kind === "compile" ? task.error_codes : [])),
    beyondCompiler: beyondCompiler(headline),
    pairs: pairs(headline),
  };
}

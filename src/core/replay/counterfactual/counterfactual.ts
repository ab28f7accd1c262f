// The whole run under another policy: which decisions change, and how trials would have ended, as far as the record tells.
import type { Json } from "../../base/canonical.ts";
import type { RunReader, TrialRecord } from "../../capsule/record.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { clusteredQuantile } from "../../metrics/statistics/clustered-quantile.ts";
import { itemRate, tally } from "../../metrics/summary/rate.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { AttemptLibrary } from "./attempt-library.ts";
import { type Decide, decideAgain } from "../decide.ts";
import { familiesOf } from "../../capsule/plan/task-family.ts";
import { type Prediction, predictionOf, type PredictionTerms } from "./prediction.ts";
import { type TrialEnding, otherEnding, type OtherEnding, planUnder } from "./other-ending.ts";
import { trialPlan } from "../../trial/plan.ts";

export interface Figures {
  /** The trial ended with a passing patch, whoever made it. */
  readonly pass: Estimate;
  /** Milliseconds of calls and verification, a trial. */
  readonly latencyP50: Estimate;
  readonly latencyP95: Estimate;
  /** US dollars, summed; null where a part is unknown. */
  readonly costUsd: number | null;
}

/** One candidate, on the trials whose end is known under both policies. */
export interface CandidateUnder {
  readonly candidate: string;
  readonly trials: number;
  readonly changed: number;
  /** Trials with the same prompts throughout. */
  readonly samePrompts: number;
  /** Trials that are told from the model's attempts under another prompt. */
  readonly otherPrompts: number;
  readonly unknown: number;
  readonly recorded: Figures;
  readonly other: Figures;
  /** How a later run under the other policy would come out. */
  readonly later: Prediction;
}

export interface Counterfactual {
  readonly recordedPolicy: { readonly id: string; readonly hash: string };
  readonly otherPolicy: { readonly id: string; readonly hash: string };
  /** First changed decisions of trials, most frequent first. */
  readonly changes: readonly { readonly change: string; readonly trials: number }[];
  readonly candidates: readonly CandidateUnder[];
  /** What the record does not hold, most frequent first. */
  readonly unknowns: readonly { readonly what: string; readonly trials: number }[];
  readonly endings: readonly OtherEnding[];
}

export interface CounterfactualTerms {
  readonly decide?: Decide;
  /** How many policies were tried on this run; 1: this one alone. */
  readonly bestOf?: number;
}

export function counterfactual(
  run: Pick<RunReader, "header" | "trials">,
  snapshot: PolicySnapshot,
  { decide = decideAgain, bestOf = 1 }: CounterfactualTerms = {},
): Counterfactual {
  const { header } = run;
  const endings: OtherEnding[] = [];
  const terms = { familyOf: familiesOf(header), bestOf };
  for (const group of taskGroups(run.trials())) {
    const library = new AttemptLibrary(group);
    for (const trial of group) endings.push(otherEnding(trial, library, { snapshot, decide, plan: planUnder(trialPlan(header, trial), snapshot) }));
  }
  return {
    recordedPolicy: { id: header.policy.id, hash: header.policy.hash },
    otherPolicy: { id: snapshot.policy_id, hash: snapshot.hash },
    changes: tally(endings.flatMap(({ change }) => (change === null ? [] : [changeText(change)]))).map(({ key, count }) => ({ change: key, trials: count })),
    candidates: header.candidates.map(({ name }) =>
      candidateUnder(
        name,
        endings.filter(({ candidate }) => candidate === name),
        terms,
      ),
    ),
    unknowns: tally(endings.flatMap(({ unknown }) => (unknown === "" ? [] : [unknown]))).map(({ key, count }) => ({ what: key, trials: count })),
    endings,
  };
}

/** The trials of a task in an epoch stand side by side in plan order, and know of no others' attempts. */
function* taskGroups(trials: Iterable<TrialRecord>): Generator<readonly TrialRecord[]> {
  let group: TrialRecord[] = [];
  for (const trial of trials) {
    const [first] = group;
    if (first && (first.epoch !== trial.epoch || first.task.id !== trial.task.id)) {
      yield group;
      group = [];
    }
    group.push(trial);
  }
  yield group;
}

function candidateUnder(candidate: string, endings: readonly OtherEnding[], terms: PredictionTerms): CandidateUnder {
  const known = endings.filter(({ recorded, other }) => recorded.passed !== null && other.passed !== null);
  return {
    candidate,
    trials: endings.length,
    changed: endings.filter(({ change }) => change !== null).length,
    samePrompts: known.filter(({ samePrompts }) => samePrompts).length,
    otherPrompts: known.filter(({ samePrompts }) => !samePrompts).length,
    unknown: endings.length - known.length,
    recorded: figures(known.map(({ task, recorded }) => ({ task, family: terms.familyOf(task), ending: recorded }))),
    other: figures(known.map(({ task, other }) => ({ task, family: terms.familyOf(task), ending: other }))),
    later: predictionOf(endings, terms),
  };
}

function figures(endings: readonly { readonly task: string; readonly family: string; readonly ending: TrialEnding }[]): Figures {
  const latencies = endings.flatMap(({ task, ending }) => (ending.latencyMs === null ? [] : [{ cluster: task, value: ending.latencyMs }]));
  const costs = endings.map(({ ending }) => ending.costUsd);
  return {
    pass: itemRate(endings.map(({ task, family, ending }) => ({ task, family, holds: ending.passed === true }))),
    latencyP50: clusteredQuantile(latencies, 0.5),
    latencyP95: clusteredQuantile(latencies, 0.95),
    costUsd: costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0),
  };
}

/** A change in words, the same for trials that change alike. Models are named only where nothing else differs. */
function changeText({ kind, recorded, other }: NonNullable<OtherEnding["change"]>): string {
  const [before, after] = [wordsOf(recorded), wordsOf(other)];
  return before === after ? `${kind}: ${before}: ${modelOf(recorded)} → ${modelOf(other)}` : `${kind}: ${before} → ${after}`;
}

const membersOf = (value: Json): ReadonlyMap<string, unknown> => new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
const modelOf = (value: Json): string => String(membersOf(value).get("stand_in") ?? membersOf(value).get("model"));

function wordsOf(value: Json): string {
  const members = membersOf(value);
  const word = (key: string): string => String(members.get(key));
  if (members.size === 0) return "the trial ends";
  if (members.has("to")) return `${String(members.get("from") ?? "start")} to ${word("to")}`;
  if (members.has("error_code")) return word("error_code");
  return members.has("gate_name") ? `${word("gate_name")} ${word("outcome")}` : `${word("role")} ${word("mode")} (${word("selection_reason")})`;
}

// Short ways to summarise small scripted runs in tests.
import { summarise } from "../../../../src/core/metrics/summary/summary.ts";
import { type RunScript, runOf, slot, trial, type TrialScript } from "./summary-fixture.ts";

type Trials = Readonly<Record<string, TrialScript>>;

export const summaryOf = (script: RunScript) => summarise(runOf(script));

/** One candidate, one epoch: `trials` by task. */
export function one(trials: Trials, more: Partial<RunScript> = {}) {
  const tasks = Object.keys(trials).map((id) => ({ id }));
  const named = Object.fromEntries(Object.entries(trials).map(([task, script]) => [`gpt/${task}/1`, script]));
  const [candidate] = summaryOf({ candidates: ["gpt"], tasks, trials: named, ...more }).candidates;
  if (!candidate) throw new Error("no candidate");
  return candidate;
}

/** Several candidates on the same tasks: `results[candidate][task]` says whether the slot passes. */
export function grid(results: Readonly<Record<string, Readonly<Record<string, boolean>>>>, more: Partial<RunScript> = {}) {
  const tasks = [...new Set(Object.values(results).flatMap((own) => Object.keys(own)))].map((id) => ({ id }));
  const trials = Object.entries(results).flatMap(([candidate, own]) =>
    Object.entries(own).map(([task, passes]) => [`${candidate}/${task}/1`, trial(slot(passes ? "passed" : "failed"))] as const),
  );
  return summaryOf({ candidates: Object.keys(results), tasks, trials: Object.fromEntries(trials), ...more });
}

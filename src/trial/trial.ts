// Runs one trial to its end: ask the router, do what it says, record the step, and again.
import { next } from "../core/router/next.ts";
import { isModelCall } from "../core/trial/command.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import type { ConditionsDesk } from "./conditions-desk.ts";
import type { PerformedStep, StepPerformer } from "../ports/trial-queue.ts";
import { performStep, type TrialContext } from "./perform.ts";
import type { PolicyWatch } from "./policy-watch.ts";
import type { Recorder } from "./recorder.ts";
import type { Texts } from "./texts.ts";

/**
 * Goes on from `history`; a new trial has none. Returns the whole history, unfinished where the run's budget is spent. `performer` makes
 * the calls and verifies what they bring; null: that is done here too.
 */
export async function runTrial(
  trial: TrialContext & { readonly conditions: ConditionsDesk; readonly policyWatch: PolicyWatch },
  recorder: Recorder,
  history: readonly TrialEvent[],
  performer: Pick<StepPerformer, "step"> | null = null,
): Promise<readonly TrialEvent[]> {
  const events = [...history];
  for (;;) {
    const command = next(trial.snapshot, trial.plan, events, trial.conditions.look(trial.plan));
    trial.conditions.begin(command);
    await recorder.run(trial.conditions.takeFresh());
    if (command.do === "finished" || command.do === "stop") return events;
    if (command.do === "enter-stage") await trial.policyWatch.look();
    const elsewhere = performer !== null && isModelCall(command);
    const step = elsewhere ? taken(trial.texts, await performer.step(command, events)) : await performStep(trial, command, events);
    await recorder.step(trial.plan.id, trial.task.id, step.events, step.bodies);
    events.push(...step.events);
    trial.conditions.observe(step.events);
    await recorder.run(trial.conditions.takeFresh());
  }
}

/** What was written elsewhere is known here from now on: later steps are built on it. */
function taken(texts: Texts, { events, bodies }: PerformedStep): PerformedStep {
  for (const { kind, text } of bodies) texts.put(kind, text);
  return { events, bodies: texts.takeFresh() };
}

// Runs one trial to its end: ask the router, do what it says, record the step, and again.
import { next } from "../core/router/next.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import type { ConditionsDesk } from "./conditions-desk.ts";
import { perform, type TrialContext } from "./perform.ts";
import type { PolicyWatch } from "./policy-watch.ts";
import type { Recorder } from "./recorder.ts";

/** Goes on from `history`; a new trial has none. Returns the whole history, unfinished where the run's budget is spent. */
export async function runTrial(
  trial: TrialContext & { readonly conditions: ConditionsDesk; readonly policyWatch: PolicyWatch },
  recorder: Recorder,
  history: readonly TrialEvent[],
): Promise<readonly TrialEvent[]> {
  const events = [...history];
  for (;;) {
    const command = next(trial.snapshot, trial.plan, events, trial.conditions.look(trial.plan));
    trial.conditions.begin(command);
    await recorder.run(trial.conditions.takeFresh());
    if (command.do === "finished" || command.do === "stop") return events;
    if (command.do === "enter-stage") await trial.policyWatch.look();
    const step = await perform(trial, command, events);
    await recorder.step(trial.plan.id, trial.task.id, step, trial.texts.takeFresh());
    events.push(...step);
    trial.conditions.observe(step);
    await recorder.run(trial.conditions.takeFresh());
  }
}

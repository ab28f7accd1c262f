// Runs one trial to its end: ask the router, do what it says, record the step, and again.
import { next } from "../core/router/next.ts";
import type { TrialEvent } from "../core/router/event.ts";
import { perform, type TrialContext } from "./perform.ts";
import type { Recorder } from "./recorder.ts";

/** Goes on from `history`; a new trial has none. Returns the whole history. */
export async function runTrial(at: TrialContext, recorder: Recorder, history: readonly TrialEvent[]): Promise<readonly TrialEvent[]> {
  const events = [...history];
  for (;;) {
    const command = next(at.snapshot, at.plan, events);
    if (command.do === "finished") return events;
    const step = await perform(at, command, events);
    await recorder.step(at.plan.id, at.task.id, step, at.texts.takeFresh());
    events.push(...step);
  }
}

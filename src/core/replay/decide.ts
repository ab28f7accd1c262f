// How a decision is made again: by the live router, or by another one in its place.
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { next } from "../router/next.ts";
import type { Command, TrialPlan } from "../trial/command.ts";
import { CALM, type Conditions, recordedConditions } from "../trial/conditions.ts";
import type { TrialEvent } from "../trial/event.ts";
import type { Step } from "./step.ts";

/** `step` is what was recorded: it holds the conditions that the decision was made under. */
export type Decide = (snapshot: PolicySnapshot, plan: TrialPlan, history: readonly TrialEvent[], step: Step | null) => Command;

/** The live router, asked again under the conditions that the recorded decision names. */
export const decideAgain: Decide = (snapshot, plan, history, step) => next(snapshot, plan, history, conditionsOf(step));

/** Only a call's routing goes by more than the trial's own history. */
function conditionsOf(step: Step | null): Conditions {
  const routed = step?.events.find((event) => event.type === "RoutingDecision");
  return routed ? recordedConditions(routed) : CALM;
}

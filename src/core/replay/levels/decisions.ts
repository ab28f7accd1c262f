// Level 1: every decision of a trial made again from the history before it, and compared with the recorded one.
import { canonicalJson, type Json } from "../../base/canonical.ts";
import { messageOf } from "../../base/errors.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import type { Command, TrialPlan } from "../../trial/command.ts";
import type { TrialEvent } from "../../trial/event.ts";
import { CALM, type Conditions, recordedConditions } from "../../trial/conditions.ts";
import { decisionEvents } from "../../trial/decision-event.ts";
import { next } from "../../router/next.ts";
import { isSame } from "../check.ts";
import type { Ledger } from "./level.ts";
import { decisionOf, isNote, kindOf, type Step, stepsOf } from "../step.ts";

/** The one check whose outcome hangs on the router as a whole. */
export const ROUTER_CHECK = "decision-is-made-again";

/** How a decision is made again. `step` is what was recorded: it holds the conditions that the decision was made under. */
export type Decide = (snapshot: PolicySnapshot, plan: TrialPlan, history: readonly TrialEvent[], step: Step | null) => Command;

/** The live router, asked again under the conditions that the recorded decision names. */
export const decideAgain: Decide = (snapshot, plan, history, step) => next(snapshot, plan, history, conditionsOf(step));

/** Only a call's routing goes by more than the trial's own history. */
function conditionsOf(step: Step | null): Conditions {
  const routed = step?.events.find((event) => event.type === "RoutingDecision");
  return routed ? recordedConditions(routed) : CALM;
}

export interface DecisionInput {
  readonly trial: TrialRecord;
  readonly plan: TrialPlan;
  readonly snapshot: PolicySnapshot;
  readonly decide: Decide;
  readonly ledger: Ledger;
}

/** Goes through a trial until its end or its first divergence: after that, histories are no longer the same. */
export function checkDecisions(input: DecisionInput): void {
  const history: TrialEvent[] = [];
  for (const step of stepsOf(input.trial.events)) {
    if (!(isNote(step) ? noteAgrees(input, history, step) : agrees(input, history, step))) return;
    history.push(...step.events);
  }
  const command = decided(input, history, null);
  if (command.do === "finished") return;
  diverge(input, null, { what: "the record ends before the trial does", recorded: null, redone: shown(command) });
}

/** A note that the router asks for is a decision too; others (a server that went out of service) are nobody's. */
function noteAgrees(input: DecisionInput, history: readonly TrialEvent[], step: Step): boolean {
  const [event] = step.events;
  const expected = decisionFrom(decided(input, history, step));
  if (event?.type !== "ErrorEvent" || expected?.["type"] !== "ErrorEvent") return true;
  const same = isSame(expected, event);
  if (same) input.ledger.agree("decisions", "budget decisions");
  else diverge(input, step, { what: "budget decisions: the router decides otherwise", recorded: json(event), redone: json(expected) });
  return same;
}

function agrees(input: DecisionInput, history: readonly TrialEvent[], step: Step): boolean {
  const recorded = decisionOf(step);
  if (recorded === null) {
    diverge(input, step, { what: "a step without the decision that led to it", recorded: step.events.map((event) => event.type), redone: null });
    return false;
  }
  const command = decided(input, history, step);
  const expected = decisionFrom(command);
  const same = expected !== null && Object.entries(expected).every(([key, value]) => isSame(value, (recorded as Record<string, unknown>)[key]));
  if (same) {
    input.ledger.agree("decisions", kindOf(recorded));
    return true;
  }
  const own = expected === null ? recorded : Object.fromEntries(Object.keys(expected).map((key) => [key, (recorded as Record<string, unknown>)[key]]));
  diverge(input, step, { what: `${kindOf(recorded)}: the router decides otherwise`, recorded: json(own), redone: shown(command) });
  return false;
}

const json = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json;

/** A history that the router can't even read decides nothing. */
function decided(
  { snapshot, plan, decide }: DecisionInput,
  history: readonly TrialEvent[],
  step: Step | null,
): Command | { readonly do: "impossible"; readonly why: string } {
  try {
    return decide(snapshot, plan, history, step);
  } catch (error) {
    return { do: "impossible", why: messageOf(error) };
  }
}

type Decided = ReturnType<typeof decided>;

/** The decision event that a command is recorded as; null where it is recorded as none. */
function decisionFrom(command: Decided): Readonly<Record<string, unknown>> | null {
  switch (command.do) {
    case "enter-stage":
      return { type: "StageTransition", from: command.from, to: command.to };
    case "consult-notebook":
      return { type: "RetrievalRequest", ...command.routing };
    case "decide-gate":
      return command.decision;
    case "plan":
    case "attempt":
    case "critique":
    case "judge":
      return decisionEvents(command)[0] ?? null;
    case "note":
      return command.event;
    default:
      return null;
  }
}

const shown = (command: Decided): Json => json(decisionFrom(command) ?? command);

function diverge({ trial, ledger }: DecisionInput, step: Step | null, said: { readonly what: string; readonly recorded: Json; readonly redone: Json }): void {
  const event = step && decisionOf(step);
  const kind = event ? kindOf(event) : "trial ends";
  const seq = step?.lines.find((line) => line.payload === event)?.seq ?? step?.seq ?? trial.events.at(-1)?.seq ?? null;
  ledger.diverge({ level: "decisions", check: ROUTER_CHECK, kind, cause: null, trial: trial.id, seq, ...said });
}

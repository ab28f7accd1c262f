// Level 1: every decision of a trial made again from the history before it, and compared with the recorded one.
import { canonicalJson, type Json } from "../../base/canonical.ts";
import { messageOf } from "../../base/errors.ts";
import type { Command, TrialPlan } from "../../trial/command.ts";
import { decisionEvents } from "../../trial/decision-event.ts";
import type { TrialEvent } from "../../trial/event.ts";
import { trialPlan } from "../../trial/plan.ts";
import { AGREED, type Check, type Claim, isSame, type Level, type TrialView } from "../check.ts";
import type { Decide } from "../decide.ts";
import { plantIsDrawnAgain, PLANT_GOES_ITS_WAY, OMISSION_IS_EARNED } from "../planted.ts";
import { decisionOf, isNote, kindOf, type Step } from "../step.ts";

export const decisions: Level = {
  sentence: "Every routing, escalation, budget and gate decision, made again from the history before it and the stored policy, comes out as recorded.",
  needsPolicy: true,
  checks: ({ header, snapshot, decide }) => ({
    trials: [{ ...MADE_AGAIN, claims: (view) => decidedAgain(view, decide) }],
    // The router has no part in a plant's trial.
    planted: [plantIsDrawnAgain(header, snapshot), PLANT_GOES_ITS_WAY, OMISSION_IS_EARNED],
  }),
  outcome: () => ({ notes: [] }),
};

/** The one check whose outcome hangs on the router as a whole. */
export const ROUTER_CHECK = "decision-is-made-again";

const MADE_AGAIN: Omit<Check, "claims"> = {
  name: ROUTER_CHECK,
  sentence: "The router, asked again, decides as recorded.",
  what: "decisions",
  cause: null,
};

/** What a decision is made again from. */
interface Asked {
  readonly view: TrialView;
  readonly plan: TrialPlan;
  readonly decide: Decide;
  readonly history: readonly TrialEvent[];
}

/** Goes through a trial until its end or its first divergence: after that, histories are no longer the same. */
function* decidedAgain(view: TrialView, decide: Decide): Iterable<Claim> {
  const history: TrialEvent[] = [];
  const asked: Asked = { view, plan: trialPlan(view.header, view.trial), decide, history };
  for (const step of view.steps) {
    const claim = isNote(step) ? noteClaim(asked, step) : decisionClaim(asked, step);
    if (claim !== null) yield claim;
    if (claim !== null && !isSame(claim.recorded, claim.redone)) return;
    history.push(...step.events);
  }
  const command = decided(asked, null);
  if (command.do === "finished") return;
  const seq = view.trial.events.at(-1)?.seq ?? null;
  yield { seq, what: "trial ends", says: "the record ends before the trial does", recorded: null, redone: shown(command) };
}

type Compared = Extract<Claim, { readonly recorded: Json }>;

/** A note that the router asks for is a decision too; others (a server that went out of service) are nobody's. */
function noteClaim(asked: Asked, step: Step): Compared | null {
  const [event] = step.events;
  const expected = decisionFrom(decided(asked, step));
  if (event?.type !== "ErrorEvent" || expected?.["type"] !== "ErrorEvent") return null;
  const what = "budget decisions";
  if (isSame(expected, event)) return { seq: step.seq, what, ...AGREED };
  return { seq: step.seq, what, says: `${what}: the router decides otherwise`, recorded: json(event), redone: json(expected) };
}

function decisionClaim(asked: Asked, step: Step): Compared {
  const event = decisionOf(step);
  if (event === null) {
    const types = step.events.map(({ type }) => type);
    return { seq: step.seq, what: "trial ends", says: "a step without the decision that led to it", recorded: types, redone: null };
  }
  const command = decided(asked, step);
  const expected = decisionFrom(command);
  const recorded = event as unknown as Readonly<Record<string, unknown>>;
  const claim = { seq: asked.view.seqOf(event), what: kindOf(event) };
  // Only what was decided is compared, not what the step made of it.
  if (expected !== null && Object.entries(expected).every(([key, value]) => isSame(value, recorded[key]))) return { ...claim, ...AGREED };
  const own = expected === null ? recorded : Object.fromEntries(Object.keys(expected).map((key) => [key, recorded[key]]));
  return { ...claim, says: `${claim.what}: the router decides otherwise`, recorded: json(own), redone: shown(command) };
}

const json = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json;

/** A history that the router can't even read decides nothing. */
function decided({ view, plan, decide, history }: Asked, step: Step | null): Command | { readonly do: "impossible"; readonly why: string } {
  try {
    return decide(view.snapshot, plan, history, step);
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

// A trial's state, folded from its events: the only thing that the router's rules look at.
import { BakeoffError } from "../base/errors.ts";
import type { EventOf, Stage, TrialEvent } from "./event.ts";

export interface AttemptState {
  readonly mode: "Reflex" | "Cloud";
  /** The last try. */
  readonly call: EventOf<"ModelCallEnvelope">;
  /** The tries before it, which failed. */
  readonly earlier: readonly EventOf<"ModelCallEnvelope">[];
  readonly patches: readonly EventOf<"PatchApply">[];
  /** Always there: a patch that was never applied has the verdict `patch-rejected`. */
  readonly result: EventOf<"ToolResult">;
}

/** Tokens of the calls that said how many they used, and how many calls did not say. */
export interface StageTokens {
  readonly known: number;
  readonly unknownCalls: number;
}

export interface TrialState {
  readonly stage: Stage | null;
  readonly notebookAsked: boolean;
  readonly plan: EventOf<"ModelCallEnvelope"> | null;
  readonly attempts: readonly AttemptState[];
  /** Attempts made for the record only: no later step goes by them. */
  readonly shadows: readonly AttemptState[];
  readonly tokens: Readonly<Partial<Record<Stage, StageTokens>>>;
  /** The last stage whose token budget was noted to be used up. */
  readonly spentNoted: Stage | null;
  readonly validated: EventOf<"GateDecision"> | null;
  readonly critique: EventOf<"ModelCallEnvelope"> | null;
  readonly signal: EventOf<"CounterSignal"> | null;
  readonly judgement: EventOf<"ModelCallEnvelope"> | null;
  readonly judgeSays: EventOf<"GateDecision"> | null;
  readonly unlocked: EventOf<"GateDecision"> | null;
}

type Draft = { -readonly [K in keyof TrialState]: TrialState[K] };
type OpenAttempt = Pick<AttemptState, "call" | "earlier"> & { patches: EventOf<"PatchApply">[] };

/** The code of the event that notes a stage's budget as used up. */
export const STAGE_SPENT = "stage-budget-spent";

/** Folds the events of one trial, in order. Live runs, replay and reports all come through here. */
export function foldTrial(events: readonly TrialEvent[]): TrialState {
  const state: Draft = {
    stage: null,
    notebookAsked: false,
    plan: null,
    attempts: [],
    shadows: [],
    tokens: {},
    spentNoted: null,
    validated: null,
    critique: null,
    signal: null,
    judgement: null,
    judgeSays: null,
    unlocked: null,
  };
  let open: OpenAttempt | null = null;
  for (const event of events) {
    if (event.type === "ModelCallEnvelope") {
      countTokens(state, event);
      if (event.role === "Implementer") open = openAttempt(open, event);
      else foldCall(state, event);
    } else if (event.type === "PatchApply") open?.patches.push(event);
    else if (event.type === "ToolResult") {
      // The history may come from a file: what does not fit together there is damage.
      if (!open) throw new BakeoffError("integrity", "a tool result without the call that led to it", "fetch the capsule again from where it came");
      const kind = open.call.selection_reason === "reflex-shadow" ? "shadows" : "attempts";
      state[kind] = [...state[kind], closeAttempt(open, event)];
      open = null;
    } else foldOther(state, event);
  }
  return state;
}

/** A further try belongs to the attempt that is open. */
function openAttempt(open: OpenAttempt | null, call: EventOf<"ModelCallEnvelope">): OpenAttempt {
  const earlier = open !== null && call.try > 1 ? [...open.earlier, open.call] : [];
  return { call, earlier, patches: [] };
}

function closeAttempt(open: OpenAttempt, result: EventOf<"ToolResult">): AttemptState {
  return { mode: open.call.mode === "Reflex" ? "Reflex" : "Cloud", ...open, result };
}

function foldOther(state: Draft, event: TrialEvent): void {
  if (event.type === "StageTransition") state.stage = event.to;
  else if (event.type === "RetrievalRequest") state.notebookAsked = true;
  else if (event.type === "CounterSignal") state.signal = event;
  else if (event.type === "GateDecision") foldGate(state, event);
  else if (event.type === "ErrorEvent" && event.error_code === STAGE_SPENT) state.spentNoted = event.stage;
}

function foldGate(state: Draft, gate: EventOf<"GateDecision">): void {
  if (gate.gate_name === "validate") state.validated = gate;
  else if (gate.gate_name === "judge") state.judgeSays = gate;
  else state.unlocked = gate;
}

function foldCall(state: Draft, call: EventOf<"ModelCallEnvelope">): void {
  if (call.role === "Architect") state.plan = call;
  else if (call.role === "SidecarCritic") state.critique = call;
  else state.judgement = call;
}

function countTokens(state: Draft, { stage, prompt_tokens: prompt, response_tokens: response }: EventOf<"ModelCallEnvelope">): void {
  const { known, unknownCalls } = state.tokens[stage] ?? { known: 0, unknownCalls: 0 };
  const unknown = prompt === null || response === null ? 1 : 0;
  state.tokens = { ...state.tokens, [stage]: { known: known + (prompt ?? 0) + (response ?? 0), unknownCalls: unknownCalls + unknown } };
}

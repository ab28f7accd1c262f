// Checks of what every trial must record: its stages in order, a routing decision before each call, its gates.
import { NOTHING_SPENT, spend } from "../../router/budget.ts";
import { type EventOf, type EventReaders, type EventType, readEvent } from "../../trial/event.ts";
import { STAGES } from "../../trial/routing.ts";
import { type CapsuleCheck, FirstFault, type Watch } from "./check.ts";
import { type Header, LATE_SEQ } from "../line.ts";
import { plannedCount, planRanks } from "../order.ts";
import { eachPlanned } from "../record.ts";

/** What a trial has recorded so far. */
interface Told {
  /** Index in STAGES; -1 before the first. */
  stage: number;
  readonly decided: Set<string>;
  /** The Implementer was called, and its result is pending. */
  called: boolean;
  toolCall: string | null;
  validated: boolean;
  unlocked: boolean;
}

type Routed = Pick<EventOf<"RoutingDecision">, "role" | "mode" | "stage" | "attempt" | "provider" | "model">;
const routeOf = ({ role, mode, stage, attempt, provider, model }: Routed): string => [role, mode, stage, attempt, provider, model].join("\n");

type Rules = { readonly [T in EventType]: (told: Told, event: EventOf<T>) => string | null };

/** For events without prerequisites. */
const anywhere = (): null => null;

/** One rule per kind of event: what is missing before it, or null. Updates the state. */
const RULES: Rules = {
  StageTransition: (told, { from, to }) => {
    const present = STAGES[told.stage] ?? null;
    const following = STAGES[told.stage + 1] ?? null;
    told.stage = STAGES.indexOf(to);
    return from === present && to === following
      ? null
      : `goes from ${from ?? "nowhere"} to ${to}, where a StageTransition from ${present ?? "nowhere"} to ${following ?? "nowhere"} must follow`;
  },
  RoutingDecision: (told, event) => {
    told.decided.add(routeOf(event));
    return null;
  },
  ModelCallEnvelope: (told, event) => {
    if (event.role === "Implementer") told.called = true;
    return told.decided.has(routeOf(event)) ? null : `has a call of the ${event.role} without its RoutingDecision`;
  },
  ToolCall: (told, event) => {
    told.toolCall = event.call_id;
    return told.called ? null : "has a ToolCall without the Implementer's call";
  },
  ToolResult: (told, event) => {
    const ran = event.verdict.status !== "patch-rejected";
    const fault = !told.called
      ? "has a ToolResult without the Implementer's call"
      : ran && told.toolCall !== event.call_id
        ? "has a ToolResult without its ToolCall"
        : null;
    Object.assign(told, { called: false, toolCall: null });
    return fault;
  },
  GateDecision: (told, event) => {
    if (event.gate_name === "validate") told.validated = true;
    if (event.gate_name !== "unlock") return null;
    told.unlocked = true;
    return told.validated && STAGES[told.stage] === "Unlock" ? null : "is unlocked without a validate GateDecision and all stages before it";
  },
  FallbackActivated: anywhere,
  BreakerStateChanged: anywhere,
  PatchApply: anywhere,
  CounterSignal: anywhere,
  RetrievalRequest: anywhere,
  RetrievalResponse: anywhere,
  CalibrationPlant: anywhere,
  ErrorEvent: anywhere,
  ServerIdentity: anywhere,
  PolicySnapshotRef: anywhere,
};

function ruleFault<T extends EventType>(told: Told, payload: EventOf<T>): string | null {
  if (told.unlocked) return `goes on with a ${payload.type} after its unlock GateDecision`;
  return RULES[payload.type as T](told, payload);
}

const OVER: Told = { stage: -1, decided: new Set(), called: false, toolCall: null, validated: false, unlocked: true };

function mandatoryEvents(): Watch {
  const trials = new Map<string, Told>();
  const fault = new FirstFault();
  let referred = false;
  return {
    event: ({ trial, seq, payload }) => {
      if (payload.type === "PolicySnapshotRef" && payload.observed_hash === undefined) referred = true;
      if (!referred) fault.tell(`a ${payload.type} comes before the run's PolicySnapshotRef`);
      if (trial === null || seq >= LATE_SEQ) return;
      const told = trials.get(trial) ?? { stage: -1, decided: new Set(), called: false, toolCall: null, validated: false, unlocked: false };
      trials.set(trial, told);
      const found = ruleFault(told, payload);
      if (found !== null) fault.tell(`trial ${trial} ${found}`);
      // Of a trial that is over, that is all that matters.
      if (told.unlocked) trials.set(trial, OVER);
    },
    end: () => fault.found,
  };
}

function trialsFinished(header: Header): Watch {
  const ranks = planRanks(header);
  const unlocked = new Uint8Array(plannedCount(header));
  return {
    event: ({ trial, payload }) => {
      const rank = payload.type === "GateDecision" && payload.gate_name === "unlock" ? ranks(trial) : null;
      if (rank !== null && rank >= 0) unlocked[rank] = 1;
    },
    end: () => {
      let rank = 0;
      for (const { id } of eachPlanned(header)) if (unlocked[rank++] !== 1) return `trial ${id} has no unlock decision`;
      return null;
    },
  };
}

/** Calls of unknown cost or length are in no sum: a run that has one records that once. */
function unknownsNoted(): Watch {
  const noted = new Set<string>();
  const due = new Set<string>();
  const readers: EventReaders<void> = {
    ErrorEvent: ({ error_code: code }) => void noted.add(code),
    ModelCallEnvelope: (call) => {
      const spent = spend(NOTHING_SPENT, call);
      if (spent.callsOfUnknownCost > 0) due.add("cost-unknown");
      if (spent.callsOfUnknownTokens > 0) due.add("tokens-unknown");
    },
  };
  return {
    event: ({ payload }) => {
      readEvent(readers, payload);
    },
    end: () => {
      const missing = [...due].find((code) => !noted.has(code));
      return missing === undefined ? null : `a call has an unknown cost or length, and no ${missing} says so`;
    },
  };
}

/** What was used again took nothing: a time of it would be somebody's invention. */
function reusedAnswers({ answer_cache: declared }: Header): Watch {
  const fault = new FirstFault();
  return {
    event: ({ trial, payload }) => {
      if (payload.type !== "ModelCallEnvelope" || !payload.answer_reused) return;
      const { call_id: call, latency_ms: ms, ttft_ms: ttft, first_output_ms: firstOutput, cost_usd: cost, success } = payload;
      if (declared !== true) fault.tell(`${call} of ${trial ?? "the run"} uses an earlier answer again, and the header knows of no answer cache`);
      else if (!success || ms !== 0 || ttft !== null || firstOutput !== null || cost !== 0)
        fault.tell(`${call} of ${trial ?? "the run"} uses an earlier answer again, and tells of a failure, a time or a cost`);
    },
    end: () => fault.found,
  };
}

export const TRIAL_CHECKS: readonly CapsuleCheck[] = [
  {
    name: "mandatory-events",
    needs: ["events"],
    sentence: "Every mandatory stage, routing decision, tool call and gate decision precedes what follows from it.",
    watch: mandatoryEvents,
  },
  { name: "unknowns-noted", needs: ["events"], sentence: "A run with a call of unknown cost or length records that.", watch: unknownsNoted },
  {
    name: "reused-answers",
    needs: ["events"],
    sentence: "An earlier answer is used again only where the header says so, and took no time and no money.",
    watch: reusedAnswers,
  },
  { name: "trials-finished", sentence: "Every planned trial has its unlock decision.", watch: trialsFinished },
];

// One trial as countable facts: whether it counts, who passed it, what its slot spent.
import { epochMs } from "../../base/instant.ts";
import type { EventLine, TaskFacts } from "../../capsule/line.ts";
import type { TrialRecord } from "../../capsule/record.ts";
import type { EventOf } from "../../trial/event.ts";
import type { AttemptState } from "../../trial/events/tool-result.ts";
import { treeOf, type VerificationTime, verificationTime } from "./verification-time.ts";

/**
 * Whether a trial counts for its candidate: `infrastructure` is our own failure, `unfinished` has no unlock decision yet, and of
 * `unasked` the candidate was never asked, because the breaker of its server was open.
 */
export type Standing = "counted" | "infrastructure" | "unfinished" | "unasked";

export type RecordedStatus = EventOf<"ToolResult">["verdict"]["status"];

/** Who made the attempt that passed. A stand-in's name is its own, not that of the model it plays. */
export interface PassedBy {
  readonly who: "slot" | "cloud" | "stand-in";
  readonly name: string;
}

/** What the figures need of a model call; the rest is not kept. */
export type SlotCall = Pick<
  EventOf<"ModelCallEnvelope">,
  | "model"
  | "stand_in"
  | "attempt"
  | "outside_policy"
  | "success"
  | "failure"
  | "json_compliant"
  | "response_tokens"
  | "cost_usd"
  | "route_ms"
  | "backoff_ms"
  | "queue_ms"
  | "ttft_ms"
  | "latency_ms"
  | "parse_ms"
  | "answer_reused"
>;

/** What the figures need of an attempt. */
export interface AttemptFacts {
  readonly mode: AttemptState["mode"];
  readonly call: SlotCall;
  /** The tries before it, which failed. */
  readonly earlier: readonly SlotCall[];
  readonly result: Pick<EventOf<"ToolResult">, "duration_ms" | "reused"> & {
    readonly verdict: Pick<EventOf<"ToolResult">["verdict"], "status" | "detail">;
  };
  /** The tree that its patch came to; null where it never came to one. */
  readonly tree: string | null;
  /** What the verification took that its verdict is from; null where that is not known (yet: see `withTreeTimes`). */
  readonly verification: VerificationTime | null;
}

export interface TrialFacts {
  readonly id: string;
  readonly candidate: string;
  readonly task: TaskFacts;
  /** 1-based. */
  readonly epoch: number;
  /** When its first event was recorded, in milliseconds since 1970; null where it has none. */
  readonly startedMs: number | null;
  readonly standing: Standing;
  /** The candidate's own attempts, in order. */
  readonly slot: readonly AttemptFacts[];
  readonly cloud: readonly AttemptFacts[];
  /** The slot was tried although the policy itself would not have tried it (`--capability`). */
  readonly outsidePolicy: boolean;
  /** The slot's server was out of service when its turn came: the cloud took over. */
  readonly slotUnavailable: boolean;
  /** Another model than the first in the policy's order served a step, since that one could not. */
  readonly fellBack: boolean;
  /** The slot was asked, and every one of its calls failed at the server: no answer ever came. */
  readonly serverFailed: boolean;
  readonly passedFirst: boolean;
  readonly passedInSlot: boolean;
  /** The last attempt passed, whichever model made it. */
  readonly passedAtLast: boolean;
  /** Null unless the last attempt passed. */
  readonly passedBy: PassedBy | null;
  readonly unlock: EventOf<"GateDecision">["outcome"] | null;
  readonly lastVerdict: RecordedStatus | null;
  /** US dollars of `slotCalls`; null if a call's cost is unknown. */
  readonly slotCostUsd: number | null;
  /** Every call of the slot, including those of an unfinished attempt: they cost the same. */
  readonly slotCalls: readonly SlotCall[];
}

/** The decision that skips the slot because its server is out of service. */
export const isUnavailable = ({ payload }: EventLine): boolean => payload.type === "RoutingDecision" && payload.selection_reason === "reflex-unavailable";

/** A trial's facts from its folded state. */
export function trialFacts(trial: TrialRecord): TrialFacts {
  const { unlocked } = trial.state;
  const told = callTeller();
  const attempts = trial.state.attempts.map((attempt) => attemptFacts(attempt, told, trial.events));
  const slot = attempts.filter((attempt) => attempt.mode === "Reflex");
  const calls = slotCalls(trial).map(told);
  const last = attempts.at(-1);
  return {
    id: trial.id,
    candidate: trial.candidate,
    task: trial.task,
    epoch: trial.epoch,
    startedMs: startOf(trial.events),
    standing: standingOf(trial, slot.length),
    slot,
    cloud: attempts.filter((attempt) => attempt.mode === "Cloud"),
    outsidePolicy: slot.some(({ call }) => call.outside_policy),
    slotUnavailable: trial.events.some(isUnavailable),
    fellBack: trial.events.some(({ payload }) => payload.type === "RoutingDecision" && payload.is_fallback),
    serverFailed: calls.length > 0 && calls.every(({ failure }) => failure !== null && FAILED_AT_SERVER.has(failure)),
    passedFirst: slot[0] !== undefined && hasPassed(slot[0]),
    passedInSlot: slot.some(hasPassed),
    passedAtLast: last !== undefined && hasPassed(last),
    passedBy: last !== undefined && hasPassed(last) ? makerOf(last, trial.candidate) : null,
    unlock: unlocked?.outcome ?? null,
    lastVerdict: last?.result.verdict.status ?? null,
    slotCostUsd: sumUnlessUnknown(calls.map((call) => call.cost_usd)),
    slotCalls: calls,
  };
}

function startOf([first]: TrialRecord["events"]): number | null {
  const ms = first === undefined ? Number.NaN : epochMs(first.timestamp);
  return Number.isFinite(ms) ? ms : null;
}

type CallEvent = EventOf<"ModelCallEnvelope">;

/** Each call's facts, held once. */
function callTeller(): (call: CallEvent) => SlotCall {
  const told = new Map<CallEvent, SlotCall>();
  return (call) => {
    const facts = told.get(call) ?? callFacts(call);
    told.set(call, facts);
    return facts;
  };
}

function attemptFacts({ mode, call, earlier, result }: AttemptState, told: (call: CallEvent) => SlotCall, events: TrialRecord["events"]): AttemptFacts {
  const { duration_ms, reused, verdict } = result;
  return {
    mode,
    call: told(call),
    earlier: earlier.map(told),
    result: { duration_ms, reused, verdict: { status: verdict.status, detail: verdict.detail } },
    tree: treeOf(events, result),
    verification: verificationTime(result),
  };
}

function callFacts(call: CallEvent): SlotCall {
  const { model, stand_in, attempt, outside_policy, success, failure, json_compliant, response_tokens, cost_usd } = call;
  const { route_ms, backoff_ms, queue_ms, ttft_ms, latency_ms, parse_ms, answer_reused } = call;
  return {
    model,
    stand_in,
    attempt,
    outside_policy,
    success,
    failure,
    json_compliant,
    response_tokens,
    cost_usd,
    route_ms,
    backoff_ms,
    queue_ms,
    ttft_ms,
    latency_ms,
    parse_ms,
    ...(answer_reused ? { answer_reused } : {}),
  };
}

/** Passed means that everything passed, held-out tests included. */
const hasPassed = (attempt: AttemptFacts): boolean => attempt.result.verdict.status === "passed";

/** The sum, or null if part of it is unknown. */
export function sumUnlessUnknown(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

function standingOf({ state, events }: TrialRecord, slotAttempts: number): Standing {
  if (state.unlocked === null) return "unfinished";
  if (state.unlocked.outcome === "Skip") return "infrastructure";
  return slotAttempts === 0 && events.some(isUnavailable) ? "unasked" : "counted";
}

/** Failures of the server itself, before anything could be made of the request. A timeout is none: it is a time of at least the limit. */
const FAILED_AT_SERVER: ReadonlySet<NonNullable<CallEvent["failure"]>> = new Set([
  "refused-connection",
  "timeout-connect",
  "overload",
  "rate-limit",
  "quota",
  "unauthorized",
  "model-not-found",
  "cut-stream",
  "server-error",
]);

/** Limits that the server ran into while it worked on the request: the time is then at least what was waited. */
const TIMED_OUT: ReadonlySet<NonNullable<CallEvent["failure"]>> = new Set(["timeout-first-token", "timeout-idle", "timeout-total"]);

export const timedOut = ({ failure }: Pick<SlotCall, "failure">): boolean => failure !== null && TIMED_OUT.has(failure);

/** Did the answer satisfy its schema? A truncated one is out of form; null where nothing came that could be. */
export const inForm = ({ json_compliant: compliant, failure }: Pick<SlotCall, "json_compliant" | "failure">): boolean | null =>
  failure === "truncated" ? false : compliant;

/** Did it come to an end of its own, so that its time is a time: an answer, whole or truncated, or a limit that it ran into? One that was used again took none. */
export const isTimed = (call: Pick<SlotCall, "success" | "failure" | "answer_reused">): boolean =>
  !call.answer_reused && (call.success || call.failure === "truncated" || timedOut(call));

function makerOf({ mode, call }: AttemptFacts, candidate: string): PassedBy {
  if (mode === "Reflex") return { who: "slot", name: candidate };
  return call.stand_in === null ? { who: "cloud", name: call.model } : { who: "stand-in", name: call.stand_in };
}

function slotCalls({ events }: TrialRecord): readonly CallEvent[] {
  return events
    .map((line) => line.payload)
    .filter((event) => event.type === "ModelCallEnvelope")
    .filter((call) => call.role === "Implementer" && call.mode === "Reflex");
}

// Builds run records for tests: real header and event lines, schema-checked, folded the way every run is.
import { eventLine, type EventLine, header, type Header } from "../../../../src/core/capsule/line.ts";
import { foldRun, plannedTrials, type RunRecord } from "../../../../src/core/capsule/record.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import type { VerdictSummary } from "../../../../src/core/trial/events/tool-result.ts";

const HASH = "0".repeat(64);

const FINE = { failure: null, error: null } as const;
const REUSED = { answer_reused: true, latency_ms: 0, ttft_ms: null, first_output_ms: null, cost_usd: 0 } as const;
const failed = (failure: NonNullable<AttemptScript["failure"]>) => ({ failure, error: `${failure}: no` });

export interface AttemptScript {
  readonly by: "slot" | "cloud";
  readonly status: VerdictSummary["status"];
  readonly detail?: string;
  readonly latencyMs?: number;
  readonly durationMs?: number;
  readonly costUsd?: number | null;
  readonly json?: boolean | null;
  /** Compliance of answers that were asked for once more, before the one that stands. */
  readonly earlierJson?: readonly boolean[];
  readonly failedCall?: boolean;
  /** How a failed call failed; if absent: `timeout-total`. */
  readonly failure?: NonNullable<EventOf<"ModelCallEnvelope">["failure"]>;
  /** It is the answer of an earlier call: it took no time. */
  readonly answerReused?: boolean;
  readonly outsidePolicy?: boolean;
  /** The slot's server was out of service: the cloud's turn came at once, and the decision says so. */
  readonly inSlotsPlace?: boolean;
  /** The call is recorded, its verdict is not: the run stopped between them. */
  readonly open?: boolean;
}

export interface TrialScript {
  readonly attempts: readonly AttemptScript[];
  /** Null: the trial has not got to its unlock gate. */
  readonly unlock: "Pass" | "Fail" | "Skip" | null;
}

export interface TaskScript {
  readonly id: string;
  readonly kind?: "compile" | "test";
  readonly risk?: "low" | "high";
  readonly impossible?: true;
  readonly area?: string;
  readonly family?: string;
  readonly codes?: readonly string[];
}

export interface RunScript {
  readonly candidates: readonly string[];
  readonly tasks: readonly TaskScript[];
  readonly epochs?: number;
  readonly header?: Partial<Header>;
  /** By `candidate/task/epoch`; a trial without a script has not begun. */
  readonly trials: Readonly<Record<string, TrialScript>>;
  readonly runEvents?: readonly TrialEvent[];
}

export const slot = (status: AttemptScript["status"], more: Partial<AttemptScript> = {}): AttemptScript => ({ by: "slot", status, ...more });
export const cloud = (status: AttemptScript["status"], more: Partial<AttemptScript> = {}): AttemptScript => ({ by: "cloud", status, ...more });

/** A trial whose unlock gate agrees with its last verdict. */
export function trial(...attempts: readonly AttemptScript[]): TrialScript {
  const last = attempts.at(-1)?.status;
  return { attempts, unlock: last === "infrastructure" ? "Skip" : last === "passed" ? "Pass" : "Fail" };
}

const standInFor = (model: string, standIn: string | null) => ({ provider: standIn === null ? "openai" : "embedded", model, standIn });

export const REAL_BINDINGS: Header["bindings"] = {
  architect: standInFor("gpt-5.2-xhigh", null),
  implementer: standInFor("gpt-5.2-high", null),
  judge: standInFor("gpt-5.2-xhigh", null),
  sidecarCritic: standInFor("gpt-5.2-mini", null),
  notebook: { provider: "memvid", model: "notebook", standIn: null },
};

export const STAND_IN_BINDINGS: Header["bindings"] = {
  ...REAL_BINDINGS,
  implementer: standInFor("gpt-5.2-high", "oracle"),
  judge: standInFor("gpt-5.2-xhigh", "test-verdict"),
};

export function headerOf({ candidates, tasks, epochs = 1, header: overrides = {} }: Omit<RunScript, "trials">): Header {
  return header.parse({
    kind: "header",
    format: 1,
    run_id: "2026-11-22-a",
    created_at: "2026-11-22T10:00:00.000Z",
    bakeoff_version: "0.1.0",
    suite: { name: "reflex-patchloop-v1", version: "1.0.0", root: "1".repeat(64) },
    policy: { id: "model-policy-2.0.0", hash: "2".repeat(64), snapshot_hash: "3".repeat(64) },
    reflex_max_attempts: 2,
    decision_register_hash: null,
    toolchain: { rustc: "rustc 1.90.0", cargo: "cargo 1.90.0", host: "x86_64-unknown-linux-gnu" },
    sandbox: "bubblewrap",
    tasks: tasks.map(({ id, kind = "compile", risk = "low", area = "types", codes = kind === "compile" ? ["E0308"] : [], impossible, family }) => ({
      ...(impossible ? { impossible } : {}),
      ...(family === undefined ? {} : { family }),
      id,
      kind,
      risk,
      area,
      error_codes: codes,
      digest: HASH,
    })),
    candidates: candidates.map((name) => ({ name, provider: name.includes("gpt") ? "sglang" : "embedded", model: name })),
    bindings: REAL_BINDINGS,
    epochs,
    capability: false,
    seed: 7,
    concurrency: { cargo: 2, model: 4 },
    left_out: [],
    warnings: [],
    ...overrides,
  });
}

/** The record of a scripted run. */
export function runOf(script: RunScript): RunRecord {
  const head = headerOf(script);
  const planned = new Map(plannedTrials(head).map((entry) => [entry.id, entry]));
  const lines = Object.entries(script.trials).flatMap(([id, one]) => {
    const plan = planned.get(id);
    if (!plan) throw new Error(`${id} is not a trial of this run`);
    return linesOf(head, id, eventsOf(one, plan.candidate, head.bindings.implementer));
  });
  return foldRun(head, [...lines, ...linesOf(head, null, script.runEvents ?? [])]);
}

function linesOf(head: Header, id: string | null, events: readonly TrialEvent[]): EventLine[] {
  return events.map((payload, seq) =>
    eventLine.parse({
      kind: "event",
      uri: `mv2://${head.run_id}/${id ?? "run"}/${seq}`,
      trial: id,
      spec_id: null,
      run_id: head.run_id,
      branch_id: "main",
      seq,
      step: seq,
      more: false,
      timestamp: "2026-11-22T10:00:01.000Z",
      stage: null,
      policy_id: head.policy.id,
      policy_hash: head.policy.hash,
      event_type: payload.type,
      payload,
    }),
  );
}

function eventsOf(script: TrialScript, candidate: string, implementer: Header["bindings"]["implementer"]): TrialEvent[] {
  const attempts = script.attempts.flatMap((attempt, index) => attemptEvents(attempt, index + 1, candidate, implementer));
  const start: TrialEvent[] = [
    { type: "StageTransition", from: null, to: "Plan" },
    { type: "StageTransition", from: "Plan", to: "Implement" },
  ];
  const end: TrialEvent[] = script.unlock === null ? [] : [gate("validate", script.unlock), gate("unlock", script.unlock)];
  return [...start, ...attempts, ...end];
}

function gate(name: "validate" | "unlock", outcome: "Pass" | "Fail" | "Skip"): EventOf<"GateDecision"> {
  return { type: "GateDecision", gate_name: name, stage: name === "unlock" ? "Unlock" : "Validate", outcome, reason: "scripted", blocking: true };
}

function routingOf(script: AttemptScript, attempt: number, candidate: string, implementer: Header["bindings"]["implementer"]): Routing {
  const bySlot = script.by === "slot";
  return {
    role: "Implementer",
    mode: bySlot ? "Reflex" : "Cloud",
    stage: "Implement",
    attempt,
    provider: bySlot ? "sglang" : implementer.provider,
    model: bySlot ? candidate : implementer.model,
    selection_reason: bySlot ? "reflex-first" : script.inSlotsPlace ? "reflex-unavailable" : "escalated-after-reflex-attempts",
    stand_in: bySlot ? null : implementer.standIn,
    outside_policy: script.outsidePolicy ?? false,
  };
}

function attemptEvents(script: AttemptScript, attempt: number, candidate: string, implementer: Header["bindings"]["implementer"]): TrialEvent[] {
  const routing = routingOf(script, attempt, candidate, implementer);
  const callId = `call-${attempt}`;
  const call: EventOf<"ModelCallEnvelope"> = {
    type: "ModelCallEnvelope",
    ...routing,
    call_id: callId,
    try: 1,
    resolved_model: routing.model,
    served_model: null,
    effort: null,
    constraint: "schema",
    routing_mode: routing.mode,
    capture_mode: "FullIo",
    prompt_hash: HASH,
    response_hash: HASH,
    prompt_tokens: 900,
    response_tokens: 90,
    cached_tokens: null,
    reasoning_tokens: null,
    route_ms: 0,
    backoff_ms: 0,
    queue_ms: 1,
    ttft_ms: 50,
    first_output_ms: 50,
    latency_ms: script.latencyMs ?? 400,
    parse_ms: 0,
    cost_usd: script.costUsd === undefined ? 0 : script.costUsd,
    success: !script.failedCall,
    json_compliant: script.json === undefined ? true : script.json,
    ...(script.failedCall ? failed(script.failure ?? "timeout-total") : FINE),
    ...(script.answerReused ? REUSED : {}),
  };
  const decided: TrialEvent[] = script.inSlotsPlace ? [{ type: "RoutingDecision", is_fallback: true, ...routing }] : [];
  const tries = triesOf(script, call);
  return [...decided, ...tries, ...(script.open ? [] : [toolResult(script, attempt, callId)])];
}

function triesOf({ earlierJson = [] }: AttemptScript, call: EventOf<"ModelCallEnvelope">): TrialEvent[] {
  const earlier = earlierJson.map((compliant, index) => ({ ...call, try: index + 1, json_compliant: compliant }));
  return [...earlier, { ...call, try: earlier.length + 1 }];
}

function toolResult(script: AttemptScript, attempt: number, callId: string): TrialEvent {
  const duration = script.durationMs ?? 300;
  return {
    type: "ToolResult",
    call_id: callId,
    tool_name: "cargo",
    attempt,
    stage: "Implement",
    success: script.status === "passed",
    verdict: {
      status: script.status,
      visible_passed: script.status === "passed",
      tests_passed: 3,
      tests_failed: 0,
      held_out_failed: 0,
      error_codes: [],
      detail: script.detail ?? script.status,
    },
    output_hash: HASH,
    infrastructure_retries: 0,
    reused: false,
    queue_ms: 0,
    apply_ms: 0,
    check_ms: duration,
    test_ms: 0,
    overhead_ms: 0,
    duration_ms: duration,
  };
}

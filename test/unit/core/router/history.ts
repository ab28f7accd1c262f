// Histories of trials for the router's tests: each command answered by the events that carrying it out would give.
import type { Command, TrialPlan } from "../../../../src/core/trial/command.ts";
import type { EventOf, TrialEvent } from "../../../../src/core/trial/event.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import type { VerdictSummary } from "../../../../src/core/trial/events/tool-result.ts";

const HASH = "a".repeat(64);

export type AttemptEnd = "passed" | "held-out" | "failed" | "compile-error" | "timeout" | "tampered" | "patch-rejected" | "infrastructure";
export const ATTEMPT_ENDS: readonly AttemptEnd[] = ["passed", "held-out", "failed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"];

/** How the world answers: asked once for each command that can come out in more than one way. */
export interface World {
  readonly attempt: () => AttemptEnd;
  readonly judge: () => "yes" | "no" | "fails";
  readonly critic: () => "advisory" | "block" | "fails";
}

export function planOf(facts: { risk?: "low" | "high"; capability?: boolean } = {}): TrialPlan {
  const bind = (model: string) => ({ provider: "cloud", model, standIn: null });
  return {
    id: "small/fix-a/1",
    task: { id: "fix-a", kind: "test", risk: facts.risk ?? "low" },
    slot: { provider: "local", model: "small", standIn: null },
    epoch: 1,
    capability: facts.capability ?? false,
    bindings: { architect: bind("big"), implementer: bind("high"), judge: bind("judge"), sidecarCritic: bind("mini"), notebook: bind("book") },
  };
}

export function verdictOf(end: AttemptEnd): VerdictSummary {
  const status = end === "held-out" ? "failed" : end;
  return {
    status,
    visible_passed: end === "passed" || end === "held-out",
    tests_passed: 1,
    tests_failed: 0,
    held_out_failed: 0,
    error_codes: [],
    detail: end === "passed" ? "" : end,
  };
}

const call = (routing: Routing, success = true): EventOf<"ModelCallEnvelope"> => ({
  type: "ModelCallEnvelope",
  ...routing,
  call_id: "c",
  try: 1,
  resolved_model: "m",
  served_model: null,
  effort: null,
  constraint: "schema",
  routing_mode: routing.mode,
  capture_mode: "FullIo",
  prompt_hash: HASH,
  response_hash: success ? HASH : null,
  prompt_tokens: null,
  response_tokens: null,
  cached_tokens: null,
  reasoning_tokens: null,
  route_ms: 0,
  backoff_ms: 0,
  queue_ms: 0,
  ttft_ms: null,
  first_output_ms: null,
  latency_ms: 0,
  parse_ms: 0,
  cost_usd: null,
  success,
  json_compliant: null,
  failure: success ? null : "timeout-total",
  error: success ? null : "timeout-total: no",
});

export function attemptEvents(routing: Routing, end: AttemptEnd): TrialEvent[] {
  const patch: TrialEvent = {
    type: "PatchApply",
    patch_id: HASH,
    attempt: routing.attempt,
    stage: routing.stage,
    file_path: "src/a.rs",
    patch_type: "modify",
    before_hash: HASH,
    after_hash: HASH,
    success: end !== "patch-rejected",
    error: null,
  };
  const result: TrialEvent = {
    type: "ToolResult",
    call_id: "v",
    tool_name: "verify",
    attempt: routing.attempt,
    stage: routing.stage,
    success: end === "passed",
    verdict: verdictOf(end),
    output_hash: HASH,
    infrastructure_retries: 0,
    reused: false,
    queue_ms: 0,
    apply_ms: 0,
    check_ms: 0,
    test_ms: 0,
    overhead_ms: 0,
    duration_ms: 0,
  };
  return [call(routing), patch, result];
}

/** What carrying a command out would record. */
export function outcomeOf(command: Command, world: World): TrialEvent[] {
  switch (command.do) {
    case "enter-stage":
      return [{ type: "StageTransition", from: command.from, to: command.to }];
    case "consult-notebook":
      return [{ type: "RetrievalRequest", ...command.routing, request_id: "r", query_hash: HASH, source: "tier2:notebooklm", skip_reason: null }];
    case "plan":
      return [call(command.routing)];
    case "attempt":
      return attemptEvents(command.routing, world.attempt());
    case "critique": {
      const severity = world.critic();
      if (severity === "fails") return [call(command.routing, false)];
      return [call(command.routing), { type: "CounterSignal", severity, signal_kind: "other", source_role: "sidecar_critic", message: "m" }];
    }
    case "judge": {
      const says = world.judge();
      return [
        call(command.routing, says !== "fails"),
        { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome: says === "yes" ? "Pass" : "Fail", reason: says, blocking: true },
      ];
    }
    case "decide-gate":
      return [command.decision];
    case "note":
      return [command.event];
    default:
      return [];
  }
}

const STARTS: ReadonlySet<TrialEvent["type"]> = new Set(["StageTransition", "RetrievalRequest", "RoutingDecision"]);

/** How many events the first step of a history has: up to where the next step begins. */
export function firstStepLength(events: readonly TrialEvent[]): number {
  const begins = (event: TrialEvent, index: number): boolean => {
    if (STARTS.has(event.type)) return true;
    if (event.type === "ErrorEvent") return true;
    // A judge's own gate belongs to its call; the other gates are steps of their own.
    return event.type === "GateDecision" && event.gate_name !== "judge" && index > 0;
  };
  const second = events.findIndex((event, index) => index > 0 && begins(event, index));
  return second === -1 ? events.length : second;
}

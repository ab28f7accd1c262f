// What each word of a scenario's history stands for: whole events, as a run would record them.
import { describe, expect, it } from "vitest";
import { trialEvent } from "../../../../../src/core/trial/event.ts";
import { expandHistory, NOTATIONS } from "../../../../../src/core/router/golden/history.ts";

const HASH = "0".repeat(64);
const routing = (role: string, mode: string, stage: string, attempt: number) => ({
  role,
  mode,
  stage,
  attempt,
  provider: "p",
  model: "m",
  stand_in: null,
  outside_policy: false,
  selection_reason: "critic-always-on",
});
const call = (at: ReturnType<typeof routing>, changes: object = {}) => ({
  type: "ModelCallEnvelope",
  ...at,
  routing_mode: at.mode,
  call_id: "c",
  try: 1,
  resolved_model: "m",
  served_model: null,
  effort: null,
  constraint: "schema",
  capture_mode: "None",
  prompt_hash: HASH,
  response_hash: HASH,
  prompt_tokens: 0,
  response_tokens: 0,
  cached_tokens: null,
  reasoning_tokens: null,
  cost_usd: null,
  json_compliant: null,
  ttft_ms: null,
  first_output_ms: null,
  ...Object.fromEntries(["route_ms", "backoff_ms", "queue_ms", "latency_ms", "parse_ms"].map((name) => [name, 0])),
  success: true,
  failure: null,
  error: null,
  ...changes,
});
const failed = (failure: string, said = failure) => ({ success: false, failure, response_hash: null, error: `${said}: as the scenario says` });
const result = (attempt: number, status: string, changes: object = {}, more: object = {}) => ({
  type: "ToolResult",
  call_id: "v",
  tool_name: "verify",
  attempt,
  stage: "Implement",
  success: false,
  verdict: { status, visible_passed: false, tests_passed: 0, tests_failed: 0, held_out_failed: 0, error_codes: [], detail: `ended as ${status}`, ...changes },
  output_hash: HASH,
  infrastructure_retries: 0,
  reused: false,
  ...Object.fromEntries(["queue_ms", "apply_ms", "check_ms", "test_ms", "overhead_ms", "duration_ms"].map((name) => [name, 0])),
  ...more,
});
const attempt = (mode: string, number: number, changes: object = {}) =>
  call({ ...routing("Implementer", mode, "Implement", number), selection_reason: "reflex-first" }, changes);
const gate = (name: string, stage: string, outcome: string, reason = "as the scenario says") => ({
  type: "GateDecision",
  gate_name: name,
  stage,
  outcome,
  reason,
  blocking: true,
});
const signal = (severity: string) => ({
  type: "CounterSignal",
  severity,
  signal_kind: "other",
  source_role: "sidecar_critic",
  message: "as the scenario says",
});
const note = (code: string) => ({ type: "ErrorEvent", error_code: code, message: "noted", severity: "Warning", stage: "Unlock", recoverable: true });

const IMPLEMENT: readonly [string, readonly object[]][] = [
  ["reflex passed", [attempt("Reflex", 1), result(1, "passed", { visible_passed: true, detail: "" }, { success: true })]],
  [
    "shadow held-out 3 tokens",
    [attempt("Reflex", 2, { prompt_tokens: 3, selection_reason: "reflex-shadow" }), result(2, "failed", { visible_passed: true, detail: "ended as held-out" })],
  ],
  ["cloud compile-error", [attempt("Cloud", 3), result(3, "compile-error")]],
  ["reflex !timeout-total", [attempt("Reflex", 4, failed("timeout-total")), result(4, "patch-rejected")]],
  [
    "cloud !nonsense ? tokens",
    [attempt("Cloud", 5, { ...failed("server-error", "nonsense"), prompt_tokens: null, response_tokens: null }), result(5, "patch-rejected")],
  ],
];
const critic = routing("SidecarCritic", "Cloud", "Audit", 5);
const judge = routing("Judge", "Cloud", "Unlock", 5);
const STEPS: readonly [string, readonly object[]][] = [
  ["Plan", [{ type: "StageTransition", from: null, to: "Plan" }]],
  [
    "notebook",
    [
      {
        type: "RetrievalRequest",
        ...routing("NotebookLM", "Service", "Plan", 0),
        request_id: "r",
        query_hash: HASH,
        source: "tier2:notebooklm",
        skip_reason: null,
      },
    ],
  ],
  ["plan 1200 tokens", [call(routing("Architect", "Cloud", "Plan", 0), { prompt_tokens: 1200 })]],
  ["Implement", [{ type: "StageTransition", from: "Plan", to: "Implement" }]],
  ...IMPLEMENT,
  ["Validate", [{ type: "StageTransition", from: "Implement", to: "Validate" }]],
  ["validate Warn", [gate("validate", "Validate", "Warn")]],
  ["Audit", [{ type: "StageTransition", from: "Validate", to: "Audit" }]],
  ["critic advisory", [call(critic), signal("advisory")]],
  ["critic block 5 tokens", [call(critic, { prompt_tokens: 5 }), signal("block")]],
  ["critic fails", [call(critic, failed("server-error"))]],
  ["Unlock", [{ type: "StageTransition", from: "Audit", to: "Unlock" }]],
  ["judge yes", [call(judge), gate("judge", "Unlock", "Pass", "the judge: yes")]],
  ["judge no", [call(judge), gate("judge", "Unlock", "Fail", "the judge: no")]],
  ["judge fails", [call(judge, failed("server-error")), gate("judge", "Unlock", "Fail", "the judge: fails")]],
  ["unlock Skip", [gate("unlock", "Unlock", "Skip")]],
  ["unlock Fail", [gate("unlock", "Unlock", "Fail")]],
  ["noted", [note("stage-budget-spent")]],
  ["noted other-code", [note("other-code")]],
];

describe("a scenario's history", () => {
  const { events, faults } = expandHistory(STEPS.map(([step]) => step));

  it("is made of these events, step by step", () => {
    expect(faults).toEqual([]);
    expect(events).toEqual(STEPS.flatMap(([, own]) => own));
  });

  it("could have been recorded by a run", () => {
    for (const event of events) expect(trialEvent.safeParse(event).error).toBeUndefined();
  });

  it("begins at Plan where it does not say so", () =>
    expect(expandHistory(["judge yes"]).events.map((event) => "stage" in event && event.stage)).toEqual(["Plan", "Unlock"]));

  it("reads every example that it gives, and nothing but whole words of its own", () => {
    for (const { example } of NOTATIONS) expect(expandHistory([example]).faults, example).toEqual([]);
    for (const step of ["", "plan ", "Plans", "reflex", "reflex sleeps", "cloud passed 5 token", "judge maybe", "validate pass", "noted X", "critic", "unlock"])
      expect(expandHistory([step]).faults, step).toHaveLength(1);
    expect(expandHistory(["Plan", "nonsense", "nonsense"]).faults.map(({ index }) => index)).toEqual([1, 2]);
  });
});

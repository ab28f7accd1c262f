// A run made to measure: sixty tasks, plants judged rightly, and so many passes for each candidate, as a capsule's lines.
import { hashOf, sha256 } from "../../../../src/core/base/canonical.ts";
import { type EventLine, eventUri, type Header, policyUri } from "../../../../src/core/capsule/line.ts";
import { calibrationTrialId } from "../../../../src/core/capsule/record.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import { REAL_BINDINGS, runOf, slot, trial } from "../../core/metrics/summary-fixture.ts";

const HASH = "0".repeat(64);
const TASKS = Array.from({ length: 60 }, (_, index) => ({ id: `task-${String(index).padStart(2, "0")}` }));

export interface RunSketch {
  readonly runId: string;
  readonly snapshot: PolicySnapshot;
  /** Of 60 tasks, how many each candidate passes. */
  readonly passes: Readonly<Record<string, number>>;
  readonly header: Partial<Header> & Pick<Header, "created_at">;
}

export interface MadeRun {
  readonly header: Header;
  readonly events: readonly EventLine[];
}

const PROVIDERS: Readonly<Record<string, readonly [string, string]>> = {
  "cloud-high": ["openai", "gpt-5.2"],
  "rustc-suggestions": ["embedded", "rustc-suggestions"],
};

export function madeRun({ runId, snapshot, passes, header: changes }: RunSketch): MadeRun {
  const names = Object.keys(passes);
  const trials = names.flatMap((name) =>
    TASKS.map(({ id }, index) => [`${name}/${id}/1`, trial(slot(index < (passes[name] ?? 0) ? "passed" : "failed"))] as const),
  );
  const header: Partial<Header> = {
    run_id: runId,
    policy: { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: hashOf(snapshot) },
    candidates: names.map((name) => ({ name, provider: PROVIDERS[name]?.[0] ?? "sglang", model: PROVIDERS[name]?.[1] ?? name })),
    bindings: REAL_BINDINGS,
    suite: { name: "made-suite", version: "1.0.0", root: "1".repeat(64) },
    ...changes,
  };
  const record = runOf({ candidates: names, tasks: TASKS, trials: Object.fromEntries(trials), header });
  const ofTrials = record.trials.flatMap(({ id, events: own }) =>
    linesOf(
      record.header,
      id,
      whole(
        id.split("/")[1] ?? "",
        own.map(({ payload }) => payload),
      ),
    ),
  );
  return { header: record.header, events: [...linesOf(record.header, null, [policyEvent(record.header)]), ...ofTrials, ...plantLines(record.header)] };
}

type Payload = EventLine["payload"];

/** A run's first event: which policy decides in it. */
const policyEvent = (header: Header): Payload => ({
  type: "PolicySnapshotRef",
  policy_uri: policyUri(header),
  policy_id: header.policy.id,
  policy_hash: header.policy.hash,
});

/** One step of its own for each event. */
function linesOf(header: Header, trialId: string | null, payloads: readonly Payload[]): EventLine[] {
  const task = trialId?.split("/")[1] ?? null;
  return payloads.map((payload, seq) => ({
    kind: "event",
    uri: eventUri(header.run_id, { trial: trialId, task, seq }),
    trial: trialId,
    spec_id: task,
    run_id: header.run_id,
    branch_id: "main",
    seq,
    step: seq,
    more: false,
    timestamp: header.created_at,
    stage: "stage" in payload ? payload.stage : null,
    policy_id: header.policy.id,
    policy_hash: header.policy.hash,
    event_type: payload.type,
    payload,
  }));
}

/** A sketched trial with what a capsule must tell beside it: a decision before each call, a call before each result, each stage. */
function whole(task: string, payloads: readonly Payload[]): Payload[] {
  let routed: Parameters<typeof routingOf>[0] | null = null;
  return payloads.flatMap((payload): Payload[] => {
    if (payload.type === "ModelCallEnvelope") {
      routed = payload;
      return [{ type: "RoutingDecision", is_fallback: false, ...routingOf(payload) }, payload];
    }
    if (payload.type === "ToolResult" && routed !== null && payload.verdict.status !== "patch-rejected")
      return [
        ...patched(task, payload),
        { type: "ToolCall", ...routingOf(routed), call_id: payload.call_id, tool_name: payload.tool_name, tree_hash: HASH },
        payload,
      ];
    if (payload.type !== "GateDecision") return [payload];
    if (payload.gate_name === "validate") return [{ type: "StageTransition", from: "Implement", to: "Validate" }, payload];
    return [{ type: "StageTransition", from: "Validate", to: "Audit" }, { type: "StageTransition", from: "Audit", to: "Unlock" }, payload];
  });
}

/** One patch for each task and ending: the same tree never comes to two verdicts. */
const patched = (task: string, { attempt, stage, verdict }: Extract<Payload, { type: "ToolResult" }>): Payload[] => [
  {
    type: "PatchApply",
    patch_id: sha256(`${task} ${verdict.status}`),
    attempt,
    stage,
    file_path: "src/lib.rs",
    patch_type: "delete",
    before_hash: HASH,
    after_hash: null,
    success: true,
    error: null,
  },
];

function routingOf({ role, mode, stage, attempt, provider, model, selection_reason, stand_in, outside_policy }: Routing): Routing {
  return { role, mode, stage, attempt, provider, model, selection_reason, stand_in, outside_policy };
}

/** Thirty good and sixty bad patches, all judged rightly. */
function plantLines(header: Header): EventLine[] {
  const routing = {
    role: "Judge",
    mode: "Cloud",
    stage: "Unlock",
    attempt: 1,
    provider: "openai",
    model: "gpt-5.2-xhigh",
    selection_reason: "judge-unlocks",
    stand_in: null,
    outside_policy: false,
  } as const;
  return TASKS.flatMap(({ id }, index) =>
    (["broken", ...(index < 30 ? (["reference"] as const) : [])] as const).flatMap((plant) => {
      const right = plant === "reference" ? ("unlock" as const) : ("block" as const);
      const call: EventLine["payload"] = {
        type: "ModelCallEnvelope",
        ...routing,
        call_id: "c",
        try: 1,
        served_model: null,
        constraint: "schema",
        route_ms: 0,
        backoff_ms: 0,
        first_output_ms: null,
        parse_ms: 0,
        failure: null,
        resolved_model: "gpt-5.2",
        effort: "xhigh",
        routing_mode: "Cloud",
        capture_mode: "FullIo",
        prompt_hash: "0".repeat(64),
        response_hash: null,
        prompt_tokens: 1,
        response_tokens: 1,
        cached_tokens: null,
        reasoning_tokens: null,
        queue_ms: 0,
        ttft_ms: 1,
        latency_ms: 2,
        cost_usd: 0,
        success: true,
        json_compliant: true,
        error: null,
      };
      const events: EventLine["payload"][] = [
        { type: "CalibrationPlant", plant, right, epoch: 1 },
        { type: "RoutingDecision", is_fallback: false, ...routing },
        call,
        { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome: right === "unlock" ? "Pass" : "Fail", reason: "seen", blocking: true },
      ];
      return linesOf(header, calibrationTrialId(id, plant, 1), events);
    }),
  );
}

// Sealed capsules of any size, written by the code that writes real ones: trials that pass at their first attempt.
import { encodeBlob } from "../src/adapters/capsules/journal.ts";
import { NewFile } from "../src/adapters/files/new-file.ts";
import { canonicalJson, hashOf, openMerkle, sha256 } from "../src/core/base/canonical.ts";
import { closeSeal, type EventLine, eventUri, type Header, lineText, policyUri } from "../src/core/capsule/line.ts";
import { type PlannedTrial, plannedTrials } from "../src/core/capsule/record.ts";
import type { TrialEvent } from "../src/core/trial/event.ts";
import type { Routing } from "../src/core/trial/routing.ts";
import type { VerdictSummary } from "../src/core/trial/events/tool-result.ts";

const TIME = "2026-11-22T00:00:00.000Z";
/** Events of one trial below. */
const PER_TRIAL = 15;

const POLICY = { candidates: [], schema_version: "1", policy: { capture: { mode: "full_io" } } };
const SNAPSHOT = canonicalJson({ ...POLICY, policy_id: "generated@1.0.0", created_at: TIME, hash: hashOf(POLICY) });

export function generatedHeader(events: number): Header {
  const binding = { provider: "embedded", model: "oracle", standIn: "oracle" };
  const tasks = Array.from({ length: Math.max(1, Math.ceil(events / PER_TRIAL / 2)) }, (_, index) => `task-${index}`);
  return {
    kind: "header",
    format: 1,
    run_id: "generated",
    created_at: TIME,
    bakeoff_version: "0.0.0",
    suite: { name: "generated", version: "1.0.0", root: sha256("suite") },
    policy: { id: "generated@1.0.0", hash: hashOf(POLICY), snapshot_hash: sha256(SNAPSHOT) },
    reflex_max_attempts: 2,
    decision_register_hash: null,
    toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
    sandbox: "none",
    tasks: tasks.map((id) => ({ id, kind: "test", risk: "low", area: "logic", error_codes: [], digest: sha256(id) })),
    candidates: ["nop", "oracle"].map((name) => ({ name, provider: "embedded", model: name })),
    bindings: { architect: binding, implementer: binding, judge: binding, sidecarCritic: binding, notebook: binding },
    epochs: 1,
    capability: false,
    seed: 1,
    concurrency: { cargo: 1, model: 1 },
    left_out: [],
    warnings: [],
  };
}

const routing = (role: Routing["role"], stage: Routing["stage"], reason: Routing["selection_reason"]): Routing => ({
  role,
  mode: role === "Implementer" ? "Reflex" : "Cloud",
  stage,
  attempt: 1,
  provider: "embedded",
  model: "oracle",
  selection_reason: reason,
  stand_in: null,
  outside_policy: false,
});

function call(route: Routing, id: string): readonly TrialEvent[] {
  const event: TrialEvent = {
    type: "ModelCallEnvelope",
    ...route,
    call_id: `${id}/${route.role}/1`,
    try: 1,
    served_model: null,
    constraint: "schema",
    route_ms: 0.5,
    backoff_ms: 0,
    first_output_ms: 41.5,
    parse_ms: 0.25,
    failure: null,
    resolved_model: "oracle-1",
    effort: null,
    routing_mode: route.mode,
    capture_mode: "FullIo",
    prompt_hash: sha256(`prompt ${id} ${route.role}`),
    response_hash: sha256(`response ${id} ${route.role}`),
    prompt_tokens: 2100,
    response_tokens: 180,
    cached_tokens: 1024,
    reasoning_tokens: null,
    queue_ms: 0.25,
    ttft_ms: 41.5,
    latency_ms: 812.125,
    cost_usd: 0,
    success: true,
    json_compliant: true,
    error: null,
  };
  return [{ type: "RoutingDecision", is_fallback: false, ...route }, event];
}

/** The steps of a trial that passes at once. */
function trialSteps({ id }: PlannedTrial): readonly (readonly TrialEvent[])[] {
  const implementer = routing("Implementer", "Implement", "reflex-first");
  const verdict: VerdictSummary = { status: "passed", visible_passed: true, tests_passed: 9, tests_failed: 0, held_out_failed: 0, error_codes: [], detail: "" };
  const times = { queue_ms: 0, apply_ms: 1, check_ms: 300, test_ms: 40, overhead_ms: 12, duration_ms: 353 };
  const at = { call_id: "verify/1", tool_name: "verify", attempt: 1 } as const;
  const file = {
    file_path: "src/lib.rs",
    patch_type: "modify",
    before_hash: sha256("before"),
    after_hash: sha256(`after ${id}`),
    success: true,
    error: null,
  } as const;
  const to = (from: Routing["stage"] | null, next: Routing["stage"]): readonly TrialEvent[] => [{ type: "StageTransition", from, to: next }];
  return [
    to(null, "Plan"),
    to("Plan", "Implement"),
    [
      ...call(implementer, id),
      { type: "PatchApply", patch_id: sha256(id), attempt: 1, stage: "Implement", ...file },
      { type: "ToolCall", ...implementer, call_id: at.call_id, tool_name: "verify", tree_hash: sha256(`tree ${id}`) },
      {
        type: "ToolResult",
        ...at,
        stage: "Implement",
        success: true,
        verdict,
        output_hash: sha256(`verdict ${id}`),
        infrastructure_retries: 0,
        reused: false,
        ...times,
      },
    ],
    to("Implement", "Validate"),
    [{ type: "GateDecision", gate_name: "validate", stage: "Validate", outcome: "Pass", reason: "every expected test passed", blocking: true }],
    to("Validate", "Audit"),
    to("Audit", "Unlock"),
    [
      ...call(routing("Judge", "Unlock", "judge-unlocks"), id),
      { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome: "Pass", reason: "it holds", blocking: true },
    ],
    [{ type: "GateDecision", gate_name: "unlock", stage: "Unlock", outcome: "Pass", reason: "the Judge unlocked it", blocking: true }],
  ];
}

/** A run's events in plan order. */
export function* generatedEvents(header: Header): Generator<EventLine> {
  const line = (trial: PlannedTrial | null, place: Pick<EventLine, "seq" | "step" | "more">, payload: TrialEvent): EventLine => ({
    kind: "event",
    uri: eventUri(header.run_id, { trial: trial?.id ?? null, task: trial?.task.id ?? null, seq: place.seq }),
    trial: trial?.id ?? null,
    spec_id: trial?.task.id ?? null,
    run_id: header.run_id,
    branch_id: `run/${header.run_id}`,
    ...place,
    timestamp: TIME,
    stage: "stage" in payload ? payload.stage : null,
    policy_id: header.policy.id,
    policy_hash: header.policy.hash,
    event_type: payload.type,
    payload,
  });
  const reference: TrialEvent = { type: "PolicySnapshotRef", policy_uri: policyUri(header), policy_id: header.policy.id, policy_hash: header.policy.hash };
  yield line(null, { seq: 0, step: 0, more: false }, reference);
  for (const trial of plannedTrials(header)) {
    let seq = 0;
    for (const [step, events] of trialSteps(trial).entries()) {
      for (const [index, payload] of events.entries()) yield line(trial, { seq: seq++, step, more: index < events.length - 1 }, payload);
    }
  }
}

/** Writes a sealed capsule of about so many events; gives how many. */
export const writeCapsule = (path: string, events: number): number => writeRun(path, generatedHeader(events), SNAPSHOT);

/** Writes the sealed capsule of a run in which every trial of the header passes at once; gives how many events it holds. */
export function writeRun(path: string, header: Header, snapshot: string): number {
  const texts = [snapshot, ...plannedTrials(header).map(({ id }) => `after ${id}`)].map((text) => [sha256(text), text] as const);
  const file = new NewFile(path);
  file.line(lineText(header));
  for (const [hash, text] of texts.toSorted(([a], [b]) => (a < b ? -1 : 1))) file.line(encodeBlob(hash, text));
  const tree = openMerkle();
  let count = 0;
  for (const event of generatedEvents(header)) {
    const text = lineText(event);
    tree.add(text);
    file.line(text);
    count += 1;
  }
  const seal = closeSeal({
    kind: "seal",
    format: 1,
    run_id: header.run_id,
    sealed_at: TIME,
    merkle_root: tree.root(),
    header_hash: sha256(lineText(header)),
    events: count,
    blobs: texts.length,
    suite_root: header.suite.root,
    policy_hash: header.policy.hash,
  });
  file.line(lineText(seal));
  file.commit();
  return count;
}

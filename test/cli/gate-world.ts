// Sealed capsules made to measure, and a policy that they went by, for tests of the gate's commands.
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createJournal } from "../../src/adapters/capsules/journal.ts";
import { loadPolicy } from "../../src/adapters/policies/policy-files.ts";
import { canonicalJson, hashOf, sha256 } from "../../src/core/base/canonical.ts";
import { closeSeal, type EventLine, eventUri, type Header, lineText, policyUri } from "../../src/core/capsule/line.ts";
import { inPlanOrder } from "../../src/core/capsule/order.ts";
import { calibrationTrialId } from "../../src/core/capsule/record.ts";
import type { Routing } from "../../src/core/trial/routing.ts";
import { REAL_BINDINGS, runOf, slot, trial } from "../unit/core/metrics/summary-fixture.ts";
import { ROOT } from "./bakeoff.ts";

const HASH = "0".repeat(64);
const TASKS = Array.from({ length: 60 }, (_, index) => ({ id: `task-${String(index).padStart(2, "0")}` }));

/** A policy folder in `cwd` that a made run can meet: an own entry for the cloud model and for the alternative. */
export async function layPolicy(cwd: string, change: (text: string) => string = (text) => text): Promise<string> {
  const folder = join(cwd, "policy");
  await mkdir(folder, { recursive: true });
  const text = await readFile(join(ROOT, "policy", "model_policy.toml"), "utf8");
  const easy = text.replace("min_epochs = 3", "min_epochs = 1").replace("max_flake_percent = 2", "max_flake_percent = 49");
  await writeFile(join(folder, "model_policy.toml"), change(easy));
  await copyFile(join(ROOT, "policy", "candidates.toml"), join(folder, "candidates.toml"));
  await cp(join(ROOT, "policy", "golden"), join(folder, "golden"), { recursive: true });
  const more = (name: string, provider: string, model: string, effort: string) =>
    `\n[[candidate]]\nname = "${name}"\nprovider = "${provider}"\nmodel = "${model}"\n${effort}max_output_tokens = 2048\nstart = "none"\n`;
  const candidates = await readFile(join(folder, "candidates.toml"), "utf8");
  await writeFile(
    join(folder, "candidates.toml"),
    candidates + more("new-model", "sglang", "new-model", "temperature = 0.0\n") + more("cloud-high", "openai", "gpt-5.2", 'effort = "high"\n'),
  );
  return join(folder, "model_policy.toml");
}

export interface CapsuleSketch {
  readonly runId: string;
  readonly policyFile: string;
  /** Of 60 tasks, how many each candidate passes. */
  readonly passes: Readonly<Record<string, number>>;
  readonly header?: Partial<Header>;
}

const PROVIDERS: Readonly<Record<string, readonly [string, string]>> = {
  "cloud-high": ["openai", "gpt-5.2"],
  "rustc-suggestions": ["embedded", "rustc-suggestions"],
};

/** A sealed capsule in `cwd`/capsules that verifies; gives its path. */
export async function layCapsule(cwd: string, { runId, policyFile, passes, header: changes }: CapsuleSketch): Promise<string> {
  const snapshot = await loadPolicy(policyFile, "2026-11-22T00:00:00.000Z");
  const names = Object.keys(passes);
  const trials = names.flatMap((name) =>
    TASKS.map(({ id }, index) => [`${name}/${id}/1`, trial(slot(index < (passes[name] ?? 0) ? "passed" : "failed"))] as const),
  );
  const header: Partial<Header> = {
    run_id: runId,
    created_at: new Date(Date.now() - 3_600_000).toISOString(),
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
  const events = [...linesOf(record.header, null, [policyEvent(record.header)]), ...ofTrials, ...plantLines(record.header)];
  const path = join(cwd, "capsules", `${runId}.capsule.jsonl`);
  const text = canonicalJson(snapshot);
  const journal = await createJournal(path, record.header, [{ sha256: sha256(text), text }]);
  await journal.append({ blobs: [], lines: events.map(lineText) });
  const sealed = {
    kind: "seal",
    format: 1,
    run_id: runId,
    sealed_at: record.header.created_at,
    suite_root: record.header.suite.root,
    policy_hash: snapshot.hash,
  } as const;
  await journal.seal(
    (lines) => inPlanOrder(record.header, lines),
    (facts) => closeSeal({ ...sealed, merkle_root: facts.merkleRoot, header_hash: facts.headerHash, events: facts.events, blobs: facts.blobs }),
  );
  await journal.close();
  return path;
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

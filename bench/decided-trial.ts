// The steps of a trial as the router decides them, for capsules that replay proves: every call answers, and every patch passes at once.
import { canonicalJson, sha256 } from "../src/core/base/canonical.ts";
import type { PolicySnapshot } from "../src/core/policy/snapshot.ts";
import { next } from "../src/core/router/next.ts";
import { callCost } from "../src/core/trial/call-cost.ts";
import type { Command, ModelCallCommand, TrialPlan } from "../src/core/trial/command.ts";
import { CAPTURE_NAMES } from "../src/core/trial/capture.ts";
import { CALM } from "../src/core/trial/conditions.ts";
import { decisionEvents } from "../src/core/trial/decision-event.ts";
import type { EventOf, TrialEvent } from "../src/core/trial/event.ts";
import type { Routing } from "../src/core/trial/routing.ts";
import { patchIdOf } from "../src/core/verdict/patch-id.ts";
import { summariseVerdict } from "../src/core/verdict/summary.ts";
import type { Verdict } from "../src/core/verdict/verdict.ts";

export type Steps = readonly (readonly TrialEvent[])[];

/** Ids of a trial and of its task. */
interface Told {
  readonly id: string;
  readonly task: string;
}

/** Its price is in the shipped policy, so that no call's cost is unknown. */
const PRICED = "gpt-5.2";

const JUDGED = JSON.stringify({ unlock_decision: "UNLOCK", decision_rationale: "it holds", next_steps: [] });
const CRITICISED = JSON.stringify({ severity: "advisory", kind: "other", message: "looks small", evidence_ref: null });

/** What is said in every trial of a task alike: its prompts, answers and verdicts. */
export const taskTexts = (task: string): readonly string[] => [
  ...(["Implementer", "SidecarCritic", "Judge"] as const).map((role) => promptOf(task, role)),
  answerOf(task, "Implementer"),
  verdictTextOf(task),
];
export const RUN_TEXTS: readonly string[] = [JUDGED, CRITICISED];
export const patchedText = (trial: string): string => `after ${trial}`;

const promptOf = (task: string, role: Routing["role"]): string => `prompt ${task} ${role}`;

function answerOf(task: string, role: Routing["role"]): string {
  if (role === "Judge") return JUDGED;
  return role === "SidecarCritic" ? CRITICISED : `answer ${task}`;
}

const verdictOf = (task: string): Verdict => ({
  status: "passed",
  tests: Array.from({ length: 9 }, (_, index) => ({ id: `${task}/lib/t${index}`, status: "passed", heldOut: index > 6, output: "" })),
});
const verdictTextOf = (task: string): string => canonicalJson(verdictOf(task));

/** The router's way through such a trial: alike for all that differ in their ids only. */
export function decidedCommands(snapshot: PolicySnapshot, plan: TrialPlan): readonly Command[] {
  const commands: Command[] = [];
  const history: TrialEvent[] = [];
  for (;;) {
    const command = next(snapshot, plan, history, CALM);
    if (command.do === "finished") return commands;
    commands.push(command);
    history.push(...stepOf(snapshot, command, { id: plan.id, task: plan.task.id }));
  }
}

/** The steps of one trial that goes this way. */
export const toldSteps = (snapshot: PolicySnapshot, commands: readonly Command[], told: Told): Steps =>
  commands.map((command) => stepOf(snapshot, command, told));

function stepOf(snapshot: PolicySnapshot, command: Command, told: Told): readonly TrialEvent[] {
  switch (command.do) {
    case "enter-stage":
      return [{ type: "StageTransition", from: command.from, to: command.to }];
    case "consult-notebook":
      return [{ type: "RetrievalRequest", ...command.routing, ...unasked(told) }];
    case "decide-gate":
      return [command.decision];
    case "attempt":
      return [...called(snapshot, command, told), ...passed(command.routing, told)];
    case "critique":
      return [
        ...called(snapshot, command, told),
        { type: "CounterSignal", severity: "advisory", signal_kind: "other", source_role: "sidecar_critic", message: "looks small" },
      ];
    case "judge":
      return [
        ...called(snapshot, command, told),
        { type: "GateDecision", gate_name: "judge", stage: "Unlock", outcome: "Pass", reason: "it holds", blocking: true },
      ];
    default:
      throw new Error(`no generated trial comes to ${command.do}`);
  }
}

/** There is no notebook here. */
const unasked = ({ id, task }: Told) => ({
  request_id: `${id}/tier2`,
  query_hash: sha256(`question ${task}`),
  source: "tier2:notebooklm" as const,
  skip_reason: "generated",
});

/** Makes a call's event, one for every role and model. */
function called({ policy }: PolicySnapshot, command: ModelCallCommand, { id, task }: Told): readonly TrialEvent[] {
  const { routing } = command;
  const start = routing.role === "Implementer" ? { start_hash: sha256(verdictTextOf(task)) } : {};
  const call: Omit<EventOf<"ModelCallEnvelope">, "cost_usd" | "unpriced"> = {
    type: "ModelCallEnvelope",
    ...routing,
    ...start,
    call_id: `${id}/${routing.role}/${routing.attempt}/1`,
    try: 1,
    served_model: null,
    constraint: "schema",
    route_ms: 0.5,
    backoff_ms: 0,
    first_output_ms: 41.5,
    parse_ms: 0.25,
    failure: null,
    resolved_model: PRICED,
    effort: null,
    routing_mode: routing.mode,
    capture_mode: CAPTURE_NAMES[policy.capture.mode],
    prompt_hash: sha256(promptOf(task, routing.role)),
    response_hash: sha256(answerOf(task, routing.role)),
    prompt_tokens: 2100,
    response_tokens: 180,
    cached_tokens: 1024,
    reasoning_tokens: null,
    queue_ms: 0.25,
    ttft_ms: 41.5,
    latency_ms: 812.125,
    success: true,
    json_compliant: true,
    error: null,
  };
  return [...decisionEvents(command), { ...call, ...callCost({ tokens: policy.prices.models, perHourUsd: {}, local: new Set() }, call) }];
}

/** A patch of one file, and its verdict. */
function passed({ attempt, stage, ...routing }: Routing, { id, task }: Told): readonly TrialEvent[] {
  const after = sha256(patchedText(id));
  const own = { call_id: `verify/${attempt}`, tool_name: "verify" } as const;
  const file = { file_path: "src/lib.rs", patch_type: "modify", before_hash: sha256("before"), after_hash: after, success: true, error: null } as const;
  const times = { queue_ms: 0, apply_ms: 1, check_ms: 300, test_ms: 40, overhead_ms: 12, duration_ms: 353 };
  const found = { verdict: summariseVerdict(verdictOf(task)), output_hash: sha256(verdictTextOf(task)) };
  return [
    { type: "PatchApply", patch_id: patchIdOf([["src/lib.rs", after]]), attempt, stage, ...file },
    { type: "ToolCall", ...routing, attempt, stage, ...own, tree_hash: sha256(`tree ${id}`) },
    { type: "ToolResult", ...own, attempt, stage, success: true, ...found, infrastructure_retries: 0, reused: false, ...times },
  ];
}

// The compact notation of a golden scenario's history: one or two words per step, expanded to that step's events.
import type { EventOf, TrialEvent } from "../../trial/event.ts";
import { type Routing, type Stage, STAGES } from "../../trial/routing.ts";
import type { VerdictSummary } from "../../trial/events/tool-result.ts";
import { STAGE_SPENT } from "../../trial/events/error-event.ts";
import { FAILURES } from "../../policy/schema.ts";

interface Place {
  readonly stage: Stage | null;
  readonly attempt: number;
}

interface Notation {
  readonly pattern: RegExp;
  readonly example: string;
  readonly events: (parts: Readonly<Record<string, string | undefined>>, place: Place) => readonly TrialEvent[];
}

const HASH = "0".repeat(64);
const TOKENS = "(?: (?<tokens>\\d+|\\?) tokens)?";
const OUTCOME = "(?<outcome>Pass|Fail|Warn|Skip)";

export const NOTATIONS: readonly Notation[] = [
  {
    pattern: new RegExp(`^(?<stage>${STAGES.join("|")})$`),
    example: "Implement",
    events: (parts, { stage }) => [{ type: "StageTransition", from: stage, to: STAGES.find((name) => name === parts["stage"]) ?? "Plan" }],
  },
  {
    pattern: /^notebook$/,
    example: "notebook",
    events: (_, place) => [
      {
        type: "RetrievalRequest",
        ...routing(place, "NotebookLM", "Service"),
        request_id: "r",
        query_hash: HASH,
        source: "tier2:notebooklm",
        skip_reason: null,
      },
    ],
  },
  { pattern: new RegExp(`^plan${TOKENS}$`), example: "plan 1200 tokens", events: (parts, place) => [call(routing(place, "Architect", "Cloud"), parts)] },
  {
    pattern: new RegExp(`^(?<who>reflex|shadow|cloud) (?:(?<end>[a-z][a-z-]*)|!(?<failure>[a-z-]+))${TOKENS}$`),
    example: "reflex compile-error 5000 tokens",
    events: attempt,
  },
  { pattern: new RegExp(`^validate ${OUTCOME}$`), example: "validate Pass", events: (parts) => [gate("validate", "Validate", parts["outcome"])] },
  {
    pattern: new RegExp(`^critic (?<says>advisory|block|fails)${TOKENS}$`),
    example: "critic advisory",
    events: (parts, place) => {
      const severity = parts["says"] === "block" ? "block" : "advisory";
      const signal = { type: "CounterSignal", severity, signal_kind: "other", source_role: "sidecar_critic", message: "as the scenario says" } as const;
      return [call(routing(place, "SidecarCritic", "Cloud"), parts), ...(parts["says"] === "fails" ? [] : [signal])];
    },
  },
  {
    pattern: new RegExp(`^judge (?<says>yes|no|fails)${TOKENS}$`),
    example: "judge yes",
    events: (parts, place) => [
      call(routing(place, "Judge", "Cloud"), parts),
      gate("judge", "Unlock", parts["says"] === "yes" ? "Pass" : "Fail", `the judge: ${parts["says"] ?? ""}`),
    ],
  },
  { pattern: new RegExp(`^unlock ${OUTCOME}$`), example: "unlock Pass", events: (parts) => [gate("unlock", "Unlock", parts["outcome"])] },
  {
    pattern: /^noted(?: (?<code>[a-z][a-z-]*))?$/,
    example: "noted",
    events: (parts, { stage }) => [
      { type: "ErrorEvent", error_code: parts["code"] ?? STAGE_SPENT, message: "noted", severity: "Warning", stage, recoverable: true },
    ],
  },
];

/** How an attempt can end: its verdict, and whether the loop's visible tests passed. */
export const ENDS: Readonly<Record<string, Pick<VerdictSummary, "status" | "visible_passed">>> = {
  passed: { status: "passed", visible_passed: true },
  /** Only held-out tests fail. */
  "held-out": { status: "failed", visible_passed: true },
  disputed: { status: "disputed", visible_passed: true },
  /** The confirmation alone finds that it tampered. */
  caught: { status: "tampered", visible_passed: true },
  failed: { status: "failed", visible_passed: false },
  "compile-error": { status: "compile-error", visible_passed: false },
  timeout: { status: "timeout", visible_passed: false },
  tampered: { status: "tampered", visible_passed: false },
  "patch-rejected": { status: "patch-rejected", visible_passed: false },
  infrastructure: { status: "infrastructure", visible_passed: false },
};

export interface ExpandedHistory {
  readonly events: readonly TrialEvent[];
  /** Index and text of each step that matches no notation. */
  readonly faults: readonly { readonly index: number; readonly message: string }[];
}

/** Expands a history step by step. */
export function expandHistory(steps: readonly string[]): ExpandedHistory {
  const events: TrialEvent[] = [];
  const faults: { index: number; message: string }[] = [];
  let place: Place = { stage: null, attempt: 0 };
  for (const [index, step] of steps.entries()) {
    const found = readStep(step, place);
    if (found.length === 0) faults.push({ index, message: `no such step ${step}: write one like ${NOTATIONS.map(({ example }) => example).join(", ")}` });
    events.push(...found);
    place = after(place, found);
  }
  return { events, faults };
}

/** The events of a step; null if it matches no notation. */
function readStep(step: string, place: Place): readonly TrialEvent[] {
  for (const { pattern, events } of NOTATIONS) {
    const parts = pattern.exec(step);
    if (parts) return events(parts.groups ?? {}, place);
  }
  return [];
}

function after(place: Place, events: readonly TrialEvent[]): Place {
  const [first] = events;
  if (first?.type === "StageTransition") return { ...place, stage: first.to };
  return events.some(({ type }) => type === "ToolResult") ? { ...place, attempt: place.attempt + 1 } : place;
}

function attempt(parts: Readonly<Record<string, string | undefined>>, place: Place): readonly TrialEvent[] {
  const end = parts["failure"] === undefined ? (parts["end"] ?? "") : "patch-rejected";
  const ended = ENDS[end];
  if (ended === undefined) return [];
  const reason = parts["who"] === "shadow" ? "reflex-shadow" : "reflex-first";
  const routed = {
    ...routing(place, "Implementer", parts["who"] === "cloud" ? "Cloud" : "Reflex"),
    attempt: place.attempt + 1,
    selection_reason: reason,
  } as const;
  const { stage, attempt: number } = routed;
  const facts = { output_hash: HASH, infrastructure_retries: 0, reused: false, queue_ms: 0, apply_ms: 0, check_ms: 0, test_ms: 0, overhead_ms: 0 };
  const result: EventOf<"ToolResult"> = {
    type: "ToolResult",
    call_id: "v",
    tool_name: "verify",
    attempt: number,
    stage,
    success: end === "passed",
    verdict: verdict(end, ended),
    ...facts,
    duration_ms: 0,
  };
  return [call(routed, parts), result];
}

function verdict(end: string, ended: Pick<VerdictSummary, "status" | "visible_passed">): VerdictSummary {
  const counts = { tests_passed: 0, tests_failed: 0, held_out_failed: 0, error_codes: [] };
  return { ...ended, ...counts, detail: end === "passed" ? "" : `ended as ${end}` };
}

function routing({ stage, attempt: number }: Place, role: Routing["role"], mode: Routing["mode"]): Routing {
  const facts = { provider: "p", model: "m", stand_in: null, outside_policy: false, selection_reason: "critic-always-on" } as const;
  return { role, mode, stage: stage ?? "Plan", attempt: number, ...facts };
}

const failureNamed = (name: string): (typeof FAILURES)[number] => FAILURES.find((one) => one === name) ?? "server-error";

function call(routed: Routing, parts: Readonly<Record<string, string | undefined>>): EventOf<"ModelCallEnvelope"> {
  const failure = parts["failure"] ?? (parts["says"] === "fails" ? "server-error" : undefined);
  const tokens = parts["tokens"] === "?" ? null : Number(parts["tokens"] ?? 0);
  const unknown = { cached_tokens: null, reasoning_tokens: null, ttft_ms: null, cost_usd: null, json_compliant: null, effort: null };
  return {
    type: "ModelCallEnvelope",
    ...routed,
    ...unknown,
    call_id: "c",
    resolved_model: "m",
    routing_mode: routed.mode,
    capture_mode: "None",
    prompt_hash: HASH,
    response_hash: failure === undefined ? HASH : null,
    prompt_tokens: tokens,
    response_tokens: tokens === null ? null : 0,
    queue_ms: 0,
    latency_ms: 0,
    try: 1,
    served_model: null,
    constraint: "schema",
    route_ms: 0,
    backoff_ms: 0,
    first_output_ms: null,
    parse_ms: 0,
    success: failure === undefined,
    failure: failure === undefined ? null : failureNamed(failure),
    error: failure === undefined ? null : `${failure}: as the scenario says`,
  };
}

function gate(name: "validate" | "judge" | "unlock", stage: Stage, outcome: string | undefined, reason = "as the scenario says"): TrialEvent {
  const known = (["Pass", "Fail", "Warn", "Skip"] as const).find((one) => one === outcome) ?? "Fail";
  return { type: "GateDecision", gate_name: name, stage, outcome: known, reason, blocking: true };
}

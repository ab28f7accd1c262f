// A trial's events as lines of a timeline: what happened, in words, with a tone for the eye.
import type { EventLine } from "../../capsule/line.ts";
import { LATE_SEQ } from "../../capsule/line.ts";
import { REASONS } from "../../router/reason.ts";
import type { EventOf, TrialEvent } from "../../trial/event.ts";
import { milliseconds, usdText } from "../../text/figures.ts";

/** `override`: somebody let something through against the rules; it is shown in red wherever it stands. */
export type Tone = "plain" | "good" | "bad" | "override";

export interface AuditEvent {
  /** Unique in the report, made of numbers only. */
  readonly anchor: string;
  readonly seq: number;
  readonly timestamp: string;
  readonly stage: string | null;
  readonly type: string;
  readonly text: string;
  readonly tone: Tone;
}

/** `place` is the trial's number in the report; null for events of the whole run. */
export function auditEvent(line: EventLine, place: number | null): AuditEvent {
  const { seq, timestamp, stage, payload } = line;
  return { anchor: anchorOf(place, seq), seq, timestamp, stage, type: payload.type, text: textOf(payload), tone: toneOf(payload) };
}

export function anchorOf(place: number | null, seq: number): string {
  const late = seq >= LATE_SEQ ? `late${seq - LATE_SEQ}` : String(seq);
  return `e${place === null ? "run" : place}-${late}`;
}

/** Does an event say that a person overrode what it decides? */
export function isOverride(event: TrialEvent): boolean {
  return event.type === "GateDecision" && "override" in event && event.override !== null && event.override !== undefined;
}

function toneOf(event: TrialEvent): Tone {
  if (isOverride(event)) return "override";
  if (event.type === "GateDecision") return event.outcome === "Pass" ? "good" : event.outcome === "Fail" ? "bad" : "plain";
  if (event.type === "ToolResult") return event.success ? "good" : "bad";
  if (event.type === "CounterSignal") return event.severity === "block" ? "bad" : "plain";
  if (event.type === "ModelCallEnvelope") return event.success ? "plain" : "bad";
  return event.type === "ErrorEvent" ? "bad" : "plain";
}

/** By type; a type that is not here is shown by its plain facts. */
const TEXTS: { readonly [T in TrialEvent["type"]]?: (event: EventOf<T>) => string } = {
  StageTransition: ({ from, to }) => `${from ?? "start"} → ${to}`,
  RoutingDecision: (event) =>
    `${event.role} ${event.mode}, attempt ${event.attempt}: ${servedBy(event)}${event.is_fallback ? " as a fallback" : ""}${event.outside_policy ? ", outside the policy" : ""}. ${REASONS[event.selection_reason]}`,
  ModelCallEnvelope: callText,
  PatchApply: (event) => (event.success ? `${event.patch_type} ${event.file_path}` : `not applied: ${event.error ?? ""}`),
  ToolCall: ({ tool_name: tool, tree_hash: tree }) => `${tool} on tree ${tree.slice(0, 12)}`,
  ToolResult: ({ verdict, reused, duration_ms: ms }) =>
    `${verdict.status}${verdict.detail === "" ? "" : `: ${verdict.detail}`}${reused ? " (known from the same tree)" : `, ${milliseconds(ms)} ms`}`,
  GateDecision: (event) => `${event.gate_name}: ${event.outcome}: ${event.reason}${isOverride(event) ? " (OVERRIDDEN)" : ""}`,
  CounterSignal: ({ severity, signal_kind: kind, message }) => `${severity}, ${kind}: ${message}`,
  RetrievalRequest: ({ skip_reason: why }) => (why === null ? "the notebook was asked" : `the notebook was not asked: ${why}`),
  RetrievalResponse: ({ error, latency_ms: ms }) => (error === null ? `answered after ${milliseconds(ms)} ms` : `no answer: ${error}`),
  ErrorEvent: ({ error_code: code, message }) => `${code}: ${message}`,
  CalibrationPlant: ({ plant, right, epoch }) => `plant ${plant}, right ${right}, epoch ${epoch}`,
  PolicySnapshotRef: ({ policy_uri: uri, policy_id: id, policy_hash: hash }) => `policy_uri ${uri}, policy_id ${id}, policy_hash ${hash}`,
};

function textOf<T extends TrialEvent["type"]>(event: EventOf<T>): string {
  const text: ((event: EventOf<T>) => string) | undefined = TEXTS[event.type as T];
  return text ? text(event) : otherText(event);
}

/** Kinds of event that say only a few plain facts are shown by those, by name. */
function otherText(event: object): string {
  const facts = Object.entries(event)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key, value]) => key !== "type" && (typeof value === "string" || typeof value === "number" || typeof value === "boolean"));
  return facts.map(([key, value]) => `${key} ${String(value)}`).join(", ");
}

const servedBy = ({ model, stand_in: standIn }: { readonly model: string; readonly stand_in: string | null }): string =>
  standIn === null ? model : `stand-in ${standIn} for ${model}`;

function callText(call: EventOf<"ModelCallEnvelope">): string {
  const tokens = call.prompt_tokens === null ? "tokens unknown" : `${call.prompt_tokens} + ${call.response_tokens ?? "?"} tokens`;
  const how = call.success ? `answered in ${milliseconds(call.latency_ms)} ms` : `failed: ${call.error ?? ""}`;
  const form = call.json_compliant === false ? ", not the JSON that was asked for" : "";
  return `${servedBy(call)} (${call.provider}, ${call.resolved_model}) ${how}${form}; ${tokens}, ${usdText(call.cost_usd)}`;
}

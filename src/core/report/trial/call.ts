// A model call as people read it: what was sent, with what of it is new, what came back, and what it took.
import { REASONS } from "../../trial/reason.ts";
import { type ModelCall } from "../../trial/events/model-call.ts";
import { servedBy } from "../../trial/events/kind.ts";
import { readPromptText, type StoredMessage } from "../../trial/prompt/shown-source.ts";
import { type CapsuleTexts, type ShownText, shownText } from "./shown-text.ts";

export interface PromptMessagePage {
  readonly role: StoredMessage["role"];
  readonly text: string;
  /** False: the call before this one began with the very same messages. */
  readonly isNew: boolean;
}

export type PromptPage = { readonly messages: readonly PromptMessagePage[] } | { readonly missing: string };

export interface FailedTryPage {
  readonly number: number;
  readonly failure: string;
  readonly error: string;
  readonly ms: number;
}

export interface CallPage {
  readonly role: ModelCall["role"];
  readonly mode: ModelCall["mode"];
  /** The model, or the stand-in that plays it. */
  readonly servedBy: string;
  readonly provider: string;
  readonly resolvedModel: string;
  readonly reason: ModelCall["selection_reason"];
  /** The reason as a sentence. */
  readonly why: string;
  readonly outsidePolicy: boolean;
  readonly failedTries: readonly FailedTryPage[];
  readonly prompt: PromptPage;
  readonly answer: ShownText;
  /** What is wrong with the answer as an answer; null where nothing is. */
  readonly answerNote: string | null;
  /** Null where the server did not say. */
  readonly tokens: { readonly prompt: number | null; readonly response: number | null; readonly cached: number | null; readonly reasoning: number | null };
  /** Null: unknown. */
  readonly costUsd: number | null;
  /** Null: the answer of an earlier call was used again. */
  readonly latencyMs: number | null;
  readonly ttftMs: number | null;
}

export interface ReadCall {
  readonly page: CallPage;
  /** Empty where the prompt is not kept. */
  readonly messages: readonly StoredMessage[];
}

/** `before`: the messages of the same role's call before this one; empty for the first. */
export function readCall(call: ModelCall, earlier: readonly ModelCall[], texts: CapsuleTexts, before: readonly StoredMessage[]): ReadCall {
  const stored = shownText(texts, call.prompt_hash, { as: "prompt", mode: call.capture_mode });
  const messages = "text" in stored ? readPromptText(stored.text) : null;
  const prompt: PromptPage =
    messages !== null ? { messages: marked(messages, before) } : { missing: "missing" in stored ? stored.missing : "the stored prompt can't be read" };
  return { page: { ...factsOf(call, earlier), prompt, answer: answerOf(call, texts) }, messages: messages ?? [] };
}

function factsOf(call: ModelCall, earlier: readonly ModelCall[]): Omit<CallPage, "prompt" | "answer"> {
  return {
    role: call.role,
    mode: call.mode,
    servedBy: servedBy(call),
    provider: call.provider,
    resolvedModel: call.resolved_model,
    reason: call.selection_reason,
    why: REASONS[call.selection_reason],
    outsidePolicy: call.outside_policy,
    failedTries: earlier.map((tried) => ({ number: tried.try, failure: tried.failure ?? "", error: tried.error ?? "", ms: tried.latency_ms })),
    answerNote: noteOf(call),
    tokens: { prompt: call.prompt_tokens, response: call.response_tokens, cached: call.cached_tokens, reasoning: call.reasoning_tokens },
    costUsd: call.cost_usd,
    latencyMs: call.answer_reused ? null : call.latency_ms,
    ttftMs: call.ttft_ms,
  };
}

function answerOf(call: ModelCall, texts: CapsuleTexts): ShownText {
  if (call.response_hash === null) return { missing: `no answer came: ${call.error ?? "the server gave none"}` };
  return shownText(texts, call.response_hash, { as: "response", mode: call.capture_mode });
}

function noteOf({ success, failure, error, json_compliant: compliant }: ModelCall): string | null {
  if (!success) return `the call failed: ${error ?? failure ?? "no reason was recorded"}`;
  if (failure !== null) return `not what was asked for: ${failure}`;
  return compliant === false ? "not the JSON that was asked for" : null;
}

/** Only whole messages at the front count as the same: a server's prefix cache sees it alike. */
function marked(messages: readonly StoredMessage[], before: readonly StoredMessage[]): readonly PromptMessagePage[] {
  const differs = messages.findIndex(({ role, content }, index) => before[index]?.role !== role || before[index].content !== content);
  const firstNew = differs < 0 ? messages.length : differs;
  return messages.map(({ role, content }, index) => ({ role, text: content, isNew: index >= firstNew }));
}

// One model call: finds the provider, waits for a slot, keeps the answer, prices the tokens, and gives the event.
import type { Sha256 } from "../core/base/canonical.ts";
import { BakeoffError } from "../core/base/errors.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import type { WrittenPolicy } from "../core/policy/schema.ts";
import type { EventOf, Routing } from "../core/router/event.ts";
import type { Clock, ModelProvider, ModelReply, ModelRequest } from "./ports.ts";
import type { CaptureMode } from "./recorder.ts";
import type { Texts } from "./texts.ts";

export interface CallContext {
  /** By name; the embedded provider is one of them. */
  readonly providers: ReadonlyMap<string, ModelProvider>;
  readonly prices: WrittenPolicy["prices"]["models"];
  readonly capture: CaptureMode;
  /** Takes secrets out of whatever is said to a model or by it. */
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bounds how many calls are under way at once. */
  readonly modelSlot: <T>(work: () => Promise<T>) => Promise<T>;
}

export const EMBEDDED_PROVIDER = "embedded";

const CAPTURES = { none: "None", prompts_only: "PromptsOnly", full_io: "FullIo" } as const;

export async function callModel(
  at: CallContext,
  routing: Routing,
  request: ModelRequest,
  kept: { readonly promptHash: Sha256; readonly texts: Texts; readonly trial: string },
): Promise<{ readonly reply: ModelReply; readonly event: EventOf<"ModelCallEnvelope"> }> {
  const provider = at.providers.get(routing.provider);
  if (!provider) throw new BakeoffError("invariant", `no provider ${routing.provider} was built`);
  const asked = at.clock.now();
  const { reply, waitedMs } = await at.modelSlot(async () => {
    const waited = at.clock.now() - asked;
    return { reply: sound(await provider.call(request, at.signal), at.redactor), waitedMs: waited };
  });
  at.signal.throwIfAborted();
  const responseHash = reply.outcome === "answered" ? kept.texts.put("response", reply.text) : null;
  const event: EventOf<"ModelCallEnvelope"> = {
    type: "ModelCallEnvelope",
    ...routing,
    call_id: `${kept.trial}/${routing.role}/${routing.attempt}`,
    resolved_model: reply.resolvedModel,
    effort: reply.effort,
    routing_mode: routing.mode,
    capture_mode: CAPTURES[at.capture],
    prompt_hash: kept.promptHash,
    response_hash: responseHash,
    prompt_tokens: reply.usage.promptTokens,
    response_tokens: reply.usage.responseTokens,
    cached_tokens: reply.usage.cachedTokens,
    reasoning_tokens: reply.usage.reasoningTokens,
    queue_ms: waitedMs + reply.times.queueMs,
    ttft_ms: reply.times.ttftMs,
    latency_ms: reply.times.totalMs,
    cost_usd: costUsd(at.prices, routing.provider, reply),
    success: reply.outcome === "answered",
    json_compliant: null,
    error: reply.outcome === "failed" ? `${reply.failure}: ${reply.detail}` : null,
  };
  return { reply, event };
}

const count = (value: number | null): number | null => (value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null);
const ms = (value: number): number => (Number.isFinite(value) ? Math.max(0, value) : 0);

/** A reply as an event can hold it: whole characters, no secrets, token counts and times that are counts and times. */
function sound(reply: ModelReply, redactor: Redactor): ModelReply {
  const { usage, times } = reply;
  const facts = {
    resolvedModel: reply.resolvedModel.toWellFormed(),
    effort: reply.effort,
    usage: {
      promptTokens: count(usage.promptTokens),
      responseTokens: count(usage.responseTokens),
      cachedTokens: count(usage.cachedTokens),
      reasoningTokens: count(usage.reasoningTokens),
    },
    times: { queueMs: ms(times.queueMs), ttftMs: times.ttftMs === null ? null : ms(times.ttftMs), totalMs: ms(times.totalMs) },
  };
  if (reply.outcome === "answered") return { ...facts, outcome: "answered", text: redactor.scrub(reply.text.toWellFormed()) };
  return { ...facts, outcome: "failed", failure: reply.failure, detail: reply.detail.toWellFormed() };
}

/** US dollars; null where the price or the token counts are not known. Never zero for want of knowledge. */
function costUsd(prices: CallContext["prices"], provider: string, reply: ModelReply): number | null {
  if (provider === EMBEDDED_PROVIDER) return 0;
  const price = Object.hasOwn(prices, reply.resolvedModel) ? prices[reply.resolvedModel] : undefined;
  const { promptTokens, responseTokens, cachedTokens } = reply.usage;
  if (!price || promptTokens === null || responseTokens === null) return null;
  const cached = Math.min(cachedTokens ?? 0, promptTokens);
  const perMillion = (promptTokens - cached) * price.input + cached * (price.cached ?? price.input) + responseTokens * price.output;
  return perMillion / 1e6;
}

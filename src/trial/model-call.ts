// One model call: finds the provider, tries as the policy's retry rules say, and gives an event for each try.
import type { Sha256 } from "../core/base/canonical.ts";
import { BakeoffError } from "../core/base/errors.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import type { WrittenPolicy } from "../core/policy/schema.ts";
import { callCost, type Pricing } from "../core/trial/call-cost.ts";
import { CAPTURE_NAMES, type CaptureMode } from "../core/trial/capture.ts";
import type { EventOf } from "../core/trial/event.ts";
import type { Routing } from "../core/trial/routing.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelFailure, ModelProvider, ModelReply, ModelRequest } from "../ports/models.ts";
import { nextTry } from "./retry.ts";
import type { Texts } from "./texts.ts";

export interface CallContext {
  /** By name; the embedded provider is one of them. */
  readonly providers: ReadonlyMap<string, ModelProvider>;
  readonly prices: Pricing;
  readonly retries: WrittenPolicy["retries"];
  readonly capture: CaptureMode;
  /** Takes secrets out of whatever is said to a model or by it. */
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bounds how many calls are under way at once. */
  readonly modelSlot: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a call is kept under, and how its answer is looked at. */
export interface CallPlace {
  readonly promptHash: Sha256;
  readonly texts: Texts;
  readonly trial: string;
  readonly epoch: number;
  /** Clock reading when the router had decided. */
  readonly decidedAt: number;
  /** What is wrong with an answer that came, if it is not what was asked for. */
  readonly flaw: (text: string) => ModelFailure | null;
}

type CallEvent = EventOf<"ModelCallEnvelope">;

export interface CallResult {
  /** Of the last try. */
  readonly reply: ModelReply;
  /** The last try. */
  readonly event: CallEvent;
  /** The tries before it. */
  readonly earlier: readonly CallEvent[];
}

/** No rule of the policy is needed: the next try is another request, and there are only as many as forms. */
const OTHER_FORM = { waitMs: 0, dropConstraint: false };

interface Try {
  readonly number: number;
  readonly routeMs: number;
  readonly backoffMs: number;
  readonly constraint: CallEvent["constraint"];
}

export async function callModel(context: CallContext, routing: Routing, request: ModelRequest, place: CallPlace): Promise<CallResult> {
  const earlier: CallEvent[] = [];
  let now: Try = { number: 1, routeMs: ms(context.clock.now() - place.decidedAt), backoffMs: 0, constraint: request.schema === null ? "free" : "schema" };
  for (;;) {
    const { reply, event } = await oneTry(context, routing, now.constraint === "schema" ? request : { ...request, schema: null }, { ...place, try: now });
    const retryAfterMs = reply.outcome === "failed" ? (reply.retryAfterMs ?? null) : null;
    const constrained = now.constraint === "schema";
    const formRefused = reply.outcome === "failed" && reply.formRefused === true;
    const again =
      event.failure && (formRefused ? OTHER_FORM : nextTry(context.retries, { failure: event.failure, number: now.number, retryAfterMs, constrained }));
    if (!again) return { reply, event, earlier };
    // An answer that is asked for again without its schema did not satisfy it, even where there was nothing to read.
    earlier.push(again.dropConstraint ? { ...event, json_compliant: false } : event);
    const asked = context.clock.now();
    await context.wait(again.waitMs, context.signal);
    const constraint = again.dropConstraint ? "dropped" : now.constraint;
    now = { number: now.number + 1, routeMs: 0, backoffMs: ms(context.clock.now() - asked), constraint };
  }
}

async function oneTry(
  context: CallContext,
  routing: Routing,
  request: ModelRequest,
  place: CallPlace & { readonly try: Try },
): Promise<{ readonly reply: ModelReply; readonly event: CallEvent }> {
  const provider = context.providers.get(routing.provider);
  if (!provider) throw new BakeoffError("invariant", `no provider ${routing.provider} was built`);
  const asked = context.clock.now();
  const drawn = { ...request, draw: `${place.epoch}/${routing.attempt}/${place.try.number}` };
  const { reply, waitedMs } = await context.modelSlot(async () => {
    const waited = context.clock.now() - asked;
    return { reply: soundReply(await provider.call(drawn, context.signal), context.redactor), waitedMs: waited };
  });
  context.signal.throwIfAborted();
  const came = context.clock.now();
  const failure = reply.outcome === "failed" ? reply.failure : place.flaw(reply.text);
  const parseMs = reply.outcome === "failed" ? 0 : ms(context.clock.now() - came);
  return { reply, event: callEvent({ context, routing, place, reply, failure, waitedMs, parseMs }) };
}

interface Heard {
  readonly context: CallContext;
  readonly routing: Routing;
  readonly place: CallPlace & { readonly try: Try };
  readonly reply: ModelReply;
  readonly failure: ModelFailure | null;
  readonly waitedMs: number;
  readonly parseMs: number;
}

function callEvent({ context, routing, place, reply, failure, waitedMs, parseMs }: Heard): CallEvent {
  const { usage, times } = reply;
  const call: Omit<CallEvent, "cost_usd" | "unpriced"> = {
    type: "ModelCallEnvelope",
    ...routing,
    call_id: `${place.trial}/${routing.role}/${routing.attempt}/${place.try.number}`,
    try: place.try.number,
    resolved_model: reply.resolvedModel,
    served_model: reply.servedModel,
    effort: reply.effort,
    constraint: place.try.constraint,
    routing_mode: routing.mode,
    capture_mode: CAPTURE_NAMES[context.capture],
    prompt_hash: place.promptHash,
    response_hash: reply.outcome === "answered" ? place.texts.put("response", reply.text) : null,
    ...(reply.reasoning ? { reasoning_hash: place.texts.put("response", reply.reasoning) } : {}),
    ...(reply.outputForm === undefined ? {} : { output_form: reply.outputForm }),
    ...(reply.reconnected ? { reconnected: true } : {}),
    ...(reply.reused ? { answer_reused: true } : {}),
    prompt_tokens: usage.promptTokens,
    response_tokens: usage.responseTokens,
    cached_tokens: usage.cachedTokens,
    reasoning_tokens: usage.reasoningTokens,
    route_ms: place.try.routeMs,
    backoff_ms: place.try.backoffMs,
    queue_ms: waitedMs + times.queueMs,
    ttft_ms: times.ttftMs,
    first_output_ms: times.firstOutputMs,
    latency_ms: times.totalMs,
    parse_ms: parseMs,
    success: reply.outcome === "answered",
    // Of an answer that goes on, whoever reads it says so.
    json_compliant: reply.outcome === "answered" && failure !== null && place.try.constraint !== "free" ? false : null,
    failure,
    error: reply.outcome === "failed" ? `${reply.failure}: ${reply.detail}` : null,
  };
  return { ...call, ...callCost(context.prices, call) };
}

const count = (value: number | null): number | null => (value !== null && Number.isSafeInteger(value) && value >= 0 ? value : null);
const ms = (value: number): number => (Number.isFinite(value) ? Math.max(0, value) : 0);
const msOrNull = (value: number | null): number | null => (value === null ? null : ms(value));

/** A reply as an event can hold it: whole characters, no secrets, token counts and times that are counts and times. */
export function soundReply(reply: ModelReply, redactor: Redactor): ModelReply {
  const { usage, times } = reply;
  const facts = {
    resolvedModel: reply.resolvedModel.toWellFormed(),
    servedModel: reply.servedModel?.toWellFormed() ?? null,
    effort: reply.effort,
    usage: {
      promptTokens: count(usage.promptTokens),
      responseTokens: count(usage.responseTokens),
      cachedTokens: count(usage.cachedTokens),
      reasoningTokens: count(usage.reasoningTokens),
    },
    times: {
      queueMs: ms(times.queueMs),
      ttftMs: msOrNull(times.ttftMs),
      firstOutputMs: msOrNull(times.firstOutputMs),
      totalMs: ms(times.totalMs),
      gapsMs: times.gapsMs.map(ms),
    },
    reasoning: reply.reasoning ? redactor.scrub(reply.reasoning.toWellFormed()) : null,
    ...(reply.outputForm === undefined ? {} : { outputForm: reply.outputForm }),
    ...(reply.reconnected ? { reconnected: true } : {}),
    ...(reply.reused ? { reused: true } : {}),
  };
  if (reply.outcome === "answered") return { ...facts, outcome: "answered", text: redactor.scrub(reply.text.toWellFormed()) };
  return {
    ...facts,
    outcome: "failed",
    failure: reply.failure,
    detail: redactor.scrub(reply.detail.toWellFormed()),
    retryAfterMs: reply.retryAfterMs ?? null,
    ...(reply.formRefused ? { formRefused: true } : {}),
  };
}

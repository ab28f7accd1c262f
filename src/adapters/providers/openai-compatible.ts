// Models behind any server with OpenAI's chat completions or responses API: OpenAI itself, SGLang, vLLM.
import OpenAI from "openai";
import { Agent, type Dispatcher } from "undici";
import type { CallTimes, ModelProvider, ModelReply, ModelRequest } from "../../ports/models.ts";
import type { Clock } from "../../ports/clock.ts";
import type { ApiName, DialectName } from "../../core/policy/dialect.ts";
import { APIS } from "./apis/apis.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import type { ServedModel } from "./dialects/dialect.ts";
import { DIALECTS } from "./dialects/dialects.ts";
import { callFailureOf, safeDetail } from "./failure.ts";
import { readSse } from "./stream/sse.ts";
import { type StreamEnding, endingOf, type FailedStream, failed, NO_USAGE, newTranscript, type Transcript } from "./stream/stream.ts";
import { boundedFetch, cappedText, connect, type Send, type Streamed } from "./transport.ts";

/** Extra bytes for one frame beyond the longest answer, including JSON escapes. */
const FRAME_BYTES = 1024 * 1024;
const BYTES_PER_CHAR = 6;
/** Upper limit on a stream: a chunk per token, several times the usual size. */
const STREAM_BYTES = 4 * 1024 * 1024;
const BYTES_PER_TOKEN = 2048;

export interface ProviderLimits {
  /** A longer answer is a failure. */
  readonly maxAnswerChars: number;
  /** Until the connection is established. */
  readonly connectMs: number;
  /** Until the first text. Not for OpenAI, whose models reason without streaming: only the total counts there. */
  readonly firstTokenMs: number;
  /** Longest gap between two chunks; for OpenAI from the first text on. */
  readonly idleMs: number;
}

export interface OpenAiCompatibleOptions {
  readonly name: string;
  readonly kind: DialectName;
  readonly api: ApiName;
  /** Base URL that `/chat/completions` is appended to: it ends in `/v1`. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  /** Policy name → how the server serves it. */
  readonly models: Readonly<Record<string, ServedModel>>;
  readonly clock: Clock;
  readonly limits: ProviderLimits;
  /** Replaces the network in tests. */
  readonly send?: Send;
}

/** One call in progress. */
interface Call {
  readonly options: OpenAiCompatibleOptions;
  readonly client: OpenAI;
  readonly served: ServedModel;
  readonly request: ModelRequest;
  readonly deadline: Deadline;
  readonly transcript: Transcript;
}

/** Serves the models of one server. Every call streams, and none is retried here: the run decides and records that. */
export function openAiCompatibleProvider(options: OpenAiCompatibleOptions): ModelProvider {
  // The deadline covers the whole call: undici's own limits would cut off long, silent reasoning.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: options.limits.connectMs } });
  const client = clientOf(options, dispatcher);
  const firstTokenMs = DIALECTS[options.kind].reasonsSilently ? null : options.limits.firstTokenMs;
  return {
    name: options.name,
    async call(request, signal) {
      signal.throwIfAborted();
      const served = Object.hasOwn(options.models, request.model) ? options.models[request.model] : undefined;
      if (served === undefined) return unknownModel(options, request.model);
      const deadline = startDeadline(signal, { totalMs: request.timeoutMs, idleMs: options.limits.idleMs, firstTokenMs });
      try {
        return await reply({ options, client, served, request, deadline, transcript: newTranscript() }, signal);
      } finally {
        deadline.stop();
        // undici frees a connection one turn after its body ends: the caller's next call should find it free.
        await new Promise(setImmediate);
      }
    },
    connect: (count, signal) => connect({ ...options, dispatcher }, count, signal),
  };
}

async function reply(call: Call, signal: AbortSignal): Promise<ModelReply> {
  const { options, served, transcript } = call;
  const started = options.clock.now();
  const ending = await conclude(call, signal);
  const since = (at: number | null): number | null => (at === null ? null : at - started);
  const times: CallTimes = {
    queueMs: 0,
    ttftMs: since(transcript.firstTextAt),
    firstOutputMs: since(transcript.firstOutputAt),
    totalMs: (transcript.doneAt ?? options.clock.now()) - started,
    gapsMs: transcript.gapsMs,
  };
  const told = ending.outcome === "failed" ? { ...ending, detail: safeDetail(ending.detail, options.apiKey) } : ending;
  const servedModel = transcript.servedModel === null ? null : safeDetail(transcript.servedModel, options.apiKey);
  return { resolvedModel: served.model, servedModel, effort: DIALECTS[options.kind].sentEffort(served.effort), times, usage: transcript.usage, ...told };
}

/** The call's result. An abort by the caller throws; once the server has sent a finish reason, the answer stands. */
async function conclude(call: Call, signal: AbortSignal): Promise<StreamEnding> {
  const { deadline, transcript } = call;
  const heard = await converse(call).catch((thrown: unknown) => ({ outcome: "thrown" as const, thrown }));
  signal.throwIfAborted();
  if (heard?.outcome === "failed") return heard;
  const expired = deadline.expired();
  if (expired !== null) return transcript.finish === null ? failed(expired.failure, expired.words) : endingOf(transcript);
  if (heard === null) return endingOf(transcript);
  const named = callFailureOf(heard.thrown);
  return named.failure === "cut-stream" && transcript.finish !== null ? endingOf(transcript) : { outcome: "failed", ...named };
}

/** Sends the request and reads the stream to its end, or stops once the answer is useless. */
async function converse(call: Call): Promise<FailedStream | null> {
  const { options, deadline, transcript } = call;
  const { maxAnswerChars } = options.limits;
  const response = await send(call);
  if (!isEventStream(response)) return failed("malformed-answer", `the server answered without a stream: ${await opening(response)}`);
  const { hear } = APIS[options.api];
  const { reasonsSilently } = DIALECTS[options.kind];
  for await (const data of readSse(response.body, sseLimits(call))) {
    const now = options.clock.now();
    // The rest is read, without waiting, only so that the connection can be reused.
    if (transcript.doneAt !== null) continue;
    if (data.startsWith("[DONE]")) {
      if (transcript.finish === null) return null;
      transcript.doneAt = now;
      deadline.closing();
      continue;
    }
    hear(transcript, JSON.parse(data), now);
    if (transcript.chars > maxAnswerChars) return failed("truncated", `the answer is longer than ${maxAnswerChars} characters`);
    const wrong = wrongModel(call);
    if (wrong !== null) return wrong;
    if (transcript.firstTextAt !== null) deadline.begun();
    if (transcript.firstTextAt !== null || !reasonsSilently) deadline.touch();
  }
  return null;
}

async function send({ options, client, served, request, deadline }: Call): Promise<Streamed> {
  // The SDK's timeout covers only the headers; the deadline is what counts.
  const sending = { dialect: DIALECTS[options.kind], served, request, signal: deadline.signal, timeout: request.timeoutMs + 1000 };
  return (await APIS[options.api].send(client, sending)) as unknown as Streamed;
}

/** A fully explicit client: nothing comes from environment variables. */
function clientOf(options: OpenAiCompatibleOptions, dispatcher: Dispatcher): OpenAI {
  return new OpenAI({
    baseURL: options.endpoint,
    apiKey: "set by the transport",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: boundedFetch({ dispatcher, apiKey: options.apiKey?.trim() || null, send: options.send }),
  });
}

function sseLimits({ options, served }: Call): Parameters<typeof readSse>[1] {
  return { maxFrameBytes: FRAME_BYTES + BYTES_PER_CHAR * options.limits.maxAnswerChars, maxBytes: STREAM_BYTES + BYTES_PER_TOKEN * served.maxOutputTokens };
}

function wrongModel({ options, served, transcript }: Call): FailedStream | null {
  const named = transcript.servedModel;
  if (named === null || DIALECTS[options.kind].isServedName(served.model, named)) return null;
  return failed("model-not-found", `the answer comes from ${named}, not from ${served.model}`);
}

function isEventStream(response: Streamed): boolean {
  return response.headers.get("content-type")?.includes("text/event-stream") ?? true;
}

async function opening(response: Streamed): Promise<string> {
  const start = await cappedText(response, 1024);
  return `${response.headers.get("content-type")}, ${JSON.stringify(start.slice(0, 200))}`;
}

function unknownModel(options: OpenAiCompatibleOptions, model: string): ModelReply {
  const times = { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] };
  const detail = `${options.name} serves no model that the policy names ${model}`;
  return { resolvedModel: model, servedModel: null, effort: null, times, usage: NO_USAGE, outcome: "failed", failure: "model-not-found", detail };
}

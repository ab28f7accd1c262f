// Models behind any server that speaks OpenAI's chat completions: OpenAI itself, SGLang, vLLM.
import OpenAI from "openai";
import { Agent } from "undici";
import type { CallTimes, Clock, ModelProvider, ModelReply, ModelRequest } from "../../run/ports.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { type DialectKind, reasonsSilently, requestBody, type ServedModel } from "./dialect.ts";
import { failureOf, safeDetail } from "./failure.ts";
import { type Ending, endingOf, type FailedEnding, failed, hear, NO_USAGE, newTranscript, type Transcript } from "./stream.ts";
import { boundedFetch, cappedText } from "./transport.ts";

/** What one frame may hold beyond the longest answer, JSON escapes included. */
const FRAME_BYTES = 1024 * 1024;
const BYTES_PER_CHAR = 6;

export interface OpenAiCompatibleOptions {
  readonly name: string;
  readonly kind: DialectKind;
  /** Address that `/chat/completions` is appended to: it ends in `/v1`. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  /** Policy name → what it stands for on the server. */
  readonly models: Readonly<Record<string, ServedModel>>;
  readonly clock: Clock;
  readonly limits: {
    /** A longer answer is a failure. */
    readonly maxAnswerChars: number;
    /** Longest silence between two chunks. OpenAI's models think in silence: there it counts from the first text. */
    readonly idleMs: number;
  };
}

/** One call in the making. */
interface Call {
  readonly options: OpenAiCompatibleOptions;
  readonly agent: Agent;
  readonly served: ServedModel;
  readonly request: ModelRequest;
  readonly deadline: Deadline;
  readonly transcript: Transcript;
}

/** Serves the models of one server. Every call streams, and none is retried here: retries are the router's to decide. */
export function openAiCompatibleProvider(options: OpenAiCompatibleOptions): ModelProvider {
  // The deadline times the whole call: undici's own limits would cut a long, silent reasoning.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  return {
    name: options.name,
    async call(request, signal) {
      signal.throwIfAborted();
      const served = Object.hasOwn(options.models, request.model) ? options.models[request.model] : undefined;
      if (served === undefined) return unknownModel(options, request.model);
      const deadline = startDeadline(signal, { totalMs: request.timeoutMs, idleMs: options.limits.idleMs });
      try {
        return await reply({ options, agent, served, request, deadline, transcript: newTranscript() }, signal);
      } finally {
        deadline.stop();
      }
    },
  };
}

async function reply(call: Call, signal: AbortSignal): Promise<ModelReply> {
  const { options, served, transcript } = call;
  const started = options.clock.now();
  const ending = await conclude(call, signal);
  const first = transcript.firstTextAt;
  const times: CallTimes = { queueMs: 0, ttftMs: first === null ? null : first - started, totalMs: options.clock.now() - started };
  const told = ending.outcome === "failed" ? { ...ending, detail: safeDetail(ending.detail, options.apiKey) } : ending;
  return { resolvedModel: served.model, effort: served.effort, times, usage: transcript.usage, ...told };
}

/** The call's ending. An abort of the caller throws; once the server has said why it finished, the answer stands. */
async function conclude(call: Call, signal: AbortSignal): Promise<Ending> {
  const { deadline, transcript } = call;
  const heard = await converse(call).catch((thrown: unknown) => ({ outcome: "thrown" as const, thrown }));
  signal.throwIfAborted();
  if (heard?.outcome === "failed") return heard;
  const expired = deadline.expired();
  if (expired !== null) return transcript.finish === null ? failed("timeout", expired) : endingOf(transcript);
  if (heard === null) return endingOf(transcript);
  const { failure, detail } = failureOf(heard.thrown);
  return failure === "cut-stream" && transcript.finish !== null ? endingOf(transcript) : failed(failure, detail);
}

/** Sends the request and hears the stream out, or stops at what makes the answer useless. */
async function converse(call: Call): Promise<FailedEnding | null> {
  const { options, served, request, deadline, transcript } = call;
  const { maxAnswerChars } = options.limits;
  const body = requestBody(options.kind, served, request);
  const { data: stream, response } = await sdk(call).chat.completions.create(body, { signal: deadline.signal }).withResponse();
  if (!isEventStream(response)) return failed("server-error", `the server answered without a stream: ${await opening(response)}`);
  for await (const chunk of stream) {
    hear(transcript, chunk, options.clock.now());
    if (transcript.chars > maxAnswerChars) return failed("truncated", `the answer is longer than ${maxAnswerChars} characters`);
    if (transcript.firstTextAt !== null || !reasonsSilently(options.kind)) deadline.touch();
  }
  return null;
}

/** A client of our own making in every respect: nothing of it comes from environment variables. */
function sdk({ options, agent, request }: Call): OpenAI {
  const maxFrameBytes = FRAME_BYTES + BYTES_PER_CHAR * options.limits.maxAnswerChars;
  return new OpenAI({
    baseURL: options.endpoint,
    apiKey: "set by the transport",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // Only covers the headers; the deadline is what counts.
    timeout: request.timeoutMs + 1000,
    logLevel: "off",
    fetch: boundedFetch({ agent, apiKey: options.apiKey?.trim() ?? null, maxFrameBytes }),
  });
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.includes("text/event-stream") ?? true;
}

async function opening(response: Response): Promise<string> {
  const start = await cappedText(response as unknown as Parameters<typeof cappedText>[0], 1024);
  return `${response.headers.get("content-type")}, ${JSON.stringify(start.slice(0, 200))}`;
}

function unknownModel(options: OpenAiCompatibleOptions, model: string): ModelReply {
  const times = { queueMs: 0, ttftMs: null, totalMs: 0 };
  const detail = `${options.name} serves no model that the policy names ${model}`;
  return { resolvedModel: model, effort: null, times, usage: NO_USAGE, outcome: "failed", failure: "model-not-found", detail };
}

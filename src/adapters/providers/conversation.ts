// One request sent and its stream read to the end, or until the answer is useless.
import type { Clock } from "../../ports/clock.ts";
import type { SentRequest } from "../../ports/models.ts";
import { APIS } from "./apis/apis.ts";
import type { OutputForm } from "../../core/policy/candidate/shape.ts";
import type { Deadline } from "./deadline.ts";
import type { ServedModel } from "./dialects/dialect.ts";
import { DIALECTS } from "./dialects/dialects.ts";
import { refusesForm } from "./failure-rules.ts";
import { isAccepted, type ModelNames } from "./model-names.ts";
import type { OpenAiCompatibleOptions } from "./provider-options.ts";
import { hiddenError, post, type Streamed, type TransportOptions } from "./post.ts";
import { ProviderError } from "./provider-error.ts";
import { readSse, type SseFrame } from "./stream/sse.ts";
import { type FailedStream, failed, throwError, type Transcript } from "./stream/stream.ts";
import { cappedText } from "./transport.ts";

/** Extra bytes for one frame beyond the longest answer, including JSON escapes. */
const FRAME_BYTES = 1024 * 1024;
const BYTES_PER_CHAR = 6;
/** Upper limit on a stream: a chunk per token, several times the usual size. */
const STREAM_BYTES = 4 * 1024 * 1024;
const BYTES_PER_TOKEN = 2048;
const ERROR_BODY_BYTES = 64 * 1024;

/** One call in progress. */
export interface Call {
  readonly options: OpenAiCompatibleOptions;
  readonly transport: TransportOptions;
  readonly names: ModelNames;
  readonly served: ServedModel;
  readonly request: SentRequest;
  readonly form: OutputForm;
  readonly deadline: Deadline;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** What became known on the way. */
  readonly facts: CallFacts;
}

export interface CallFacts {
  /** Clock reading when the request went to its socket; null where it never did. */
  sentAt: number | null;
  reconnected: boolean;
  /** The server can't hold an answer to the form that was asked for. */
  formRefused: boolean;
}

/** Null: the stream ended. Throws what goes wrong on the way. */
export async function converse(call: Call): Promise<FailedStream | null> {
  const { options, transcript, clock } = call;
  const response = await sent(call);
  if (!isEventStream(response)) return withoutStream(response);
  for await (const frame of readSse(response.body, sseLimits(call))) {
    const now = clock.now();
    // The rest is read, without waiting, only so that the connection can be reused.
    if (transcript.doneAt !== null) continue;
    if (frame.data.startsWith("[DONE]")) {
      if (transcript.finish === null) return null;
      transcript.doneAt = now;
      call.deadline.closing();
      continue;
    }
    hear(call, frame, now);
    if (transcript.chars > options.limits.maxAnswerChars) return failed("truncated", `the answer is longer than ${options.limits.maxAnswerChars} characters`);
    const wrong = await wrongModel(call);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** What a call sends, and where to. */
export function requestOf({ options, served, request, form }: Pick<Call, "options" | "served" | "request" | "form">): {
  readonly url: string;
  readonly body: object;
} {
  const api = APIS[options.api];
  return { url: options.endpoint.replace(/\/+$/, "") + api.path, body: api.body({ dialect: DIALECTS[options.kind], served, request, form }) };
}

async function sent(call: Call): Promise<Streamed> {
  const { transport, request, form, deadline, facts } = call;
  const { url, body } = requestOf(call);
  const sending = (): void => void (facts.sentAt ??= call.clock.now());
  try {
    const response = await post(url, body, { ...transport, sending }, deadline.signal);
    facts.reconnected = response.reconnected ?? false;
    return response;
  } catch (error) {
    facts.formRefused = error instanceof ProviderError && request.schema !== null && form !== "none" && refusesForm(error);
    throw error;
  }
}

function hear({ options, transcript, deadline }: Call, { event, data }: SseFrame, now: number): void {
  const frame: unknown = JSON.parse(data);
  if (event === "error") throwError((frame as { readonly error?: unknown } | null)?.error ?? frame);
  APIS[options.api].hear(transcript, frame, now);
  if (transcript.firstTextAt !== null) deadline.begun();
  if (transcript.firstTextAt !== null || !DIALECTS[options.kind].reasonsSilently) deadline.touch();
}

async function wrongModel({ served, transcript, names, deadline }: Call): Promise<FailedStream | null> {
  const { servedModel: named, otherModel } = transcript;
  if (otherModel !== null) return failed("model-not-found", `the answer begins as ${named} and goes on as ${otherModel}`);
  if (named === null || isAccepted(served, named) || (await names.accepts(served, named, deadline.signal))) return null;
  return failed("model-not-found", `the answer comes from ${named}, not from ${served.model}: accept_models in candidates.toml takes it, if it is right`);
}

function sseLimits({ options, served }: Call): Parameters<typeof readSse>[1] {
  return { maxFrameBytes: FRAME_BYTES + BYTES_PER_CHAR * options.limits.maxAnswerChars, maxBytes: STREAM_BYTES + BYTES_PER_TOKEN * served.maxOutputTokens };
}

function isEventStream(response: Streamed): boolean {
  return response.headers.get("content-type")?.toLowerCase().includes("text/event-stream") ?? true;
}

/** Gateways put errors under a status that says otherwise. */
async function withoutStream(response: Streamed): Promise<FailedStream> {
  const text = await cappedText(response, ERROR_BODY_BYTES);
  const error = hiddenError(text);
  if (error !== null) throw error;
  return failed("malformed-answer", `the server answered without a stream: ${response.headers.get("content-type")}, ${JSON.stringify(text.slice(0, 200))}`);
}

// OpenAI's responses API: the request's body, and how its stream's events become the same transcript as a chat completion's chunks.
import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import type { ModelRequest, Usage } from "../../../ports/models.ts";
import type { Dialect, ServedModel } from "../dialects/dialect.ts";
import { tokenCount, type ReadFrame, addText, type JsonRecord, object, string, throwError, type Transcript } from "../stream/stream.ts";
import { type Api, strictSchema } from "./api.ts";

/** Nothing is stored on the server: the capsule is the record. */
function responseBody(dialect: Dialect, served: ServedModel, request: ModelRequest): ResponseCreateParamsStreaming {
  const effort = dialect.sentEffort(served.effort);
  return {
    model: served.model,
    input: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    store: false,
    max_output_tokens: served.maxOutputTokens,
    ...(effort === null ? {} : { reasoning: { effort } }),
    ...dialect.temperature(served),
    ...(request.schema === null ? {} : { text: { format: { type: "json_schema", ...strictSchema(request.schema) } } }),
  };
}

/** Why a response is incomplete, as a chat finish reason. */
const INCOMPLETE: Readonly<Record<string, string>> = { max_output_tokens: "length", content_filter: "content_filter" };

type Listener = (transcript: Transcript, event: JsonRecord, now: number) => void;

const reasons: Listener = (transcript, event, now) => addText(transcript, { content: "", reasoning: string(event["delta"]) }, now);
const ends =
  (finish: (response: JsonRecord) => string): Listener =>
  (transcript, event) => {
    const response = object(event["response"]);
    transcript.finish = finish(response);
    transcript.usage = usageOf(object(response["usage"]));
  };

const LISTENERS: Readonly<Record<string, Listener>> = {
  "response.output_text.delta": (transcript, event, now) => addText(transcript, { content: string(event["delta"]), reasoning: "" }, now),
  "response.reasoning_summary_text.delta": reasons,
  "response.reasoning_text.delta": reasons,
  "response.refusal.delta": (transcript) => {
    transcript.refused = true;
  },
  "response.completed": ends(() => "stop"),
  "response.incomplete": ends((response) => {
    const reason = string(object(response["incomplete_details"])["reason"]);
    return Object.hasOwn(INCOMPLETE, reason) ? (INCOMPLETE[reason] ?? reason) : `incomplete: ${reason}`;
  }),
  "response.failed": (_, event) => throwError(object(event["response"])["error"] ?? "the response failed"),
  error: (_, event) => throwError(event["error"] ?? event),
};

/** One event of a response; kinds irrelevant to the answer are ignored. */
const hearEvent: ReadFrame = (transcript, frame, now) => {
  const event = object(frame);
  const type = string(event["type"]);
  if (type !== "error") throwError(event["error"]);
  transcript.servedModel ??= string(object(event["response"])["model"]) || null;
  if (Object.hasOwn(LISTENERS, type)) LISTENERS[type]?.(transcript, event, now);
};

function usageOf(usage: JsonRecord): Usage {
  return {
    promptTokens: tokenCount(usage["input_tokens"]),
    responseTokens: tokenCount(usage["output_tokens"]),
    cachedTokens: tokenCount(object(usage["input_tokens_details"])["cached_tokens"]),
    reasoningTokens: tokenCount(object(usage["output_tokens_details"])["reasoning_tokens"]),
  };
}

export const responses: Api = {
  send: (client, { dialect, served, request, ...how }) => client.responses.create(responseBody(dialect, served, request), how).asResponse(),
  hear: hearEvent,
};

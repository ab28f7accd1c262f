// OpenAI's responses API: the request's body, and how its stream's events become the same transcript as a chat completion's chunks.
import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import type { SentRequest, Usage } from "../../../ports/models.ts";
import type { OutputForm } from "../../../core/policy/candidate/shape.ts";
import { addModel, addText, array, type JsonRecord, object, type ReadFrame, string, throwError, tokenCount, type Transcript } from "../stream/stream.ts";
import { type Api, type Asking, strictSchema } from "./api.ts";

/** Nothing is stored on the server: the capsule is the record. */
function responseBody({ dialect, served, request, form }: Asking): ResponseCreateParamsStreaming {
  const { effort } = served;
  return {
    ...served.members,
    model: served.model,
    input: request.messages.map(({ role, content }) => ({ type: "message", role, content })),
    stream: true,
    store: false,
    max_output_tokens: served.maxOutputTokens,
    ...(effort === null ? {} : { reasoning: { effort } }),
    ...dialect.temperature(served),
    ...(request.schema === null ? {} : FORMS[form](request.schema)),
  };
}

const FORMS: Readonly<Record<OutputForm, (schema: NonNullable<SentRequest["schema"]>) => object>> = {
  json_schema: (schema) => ({ text: { format: { type: "json_schema", ...strictSchema(schema) } } }),
  json_object: () => ({ text: { format: { type: "json_object" } } }),
  // This API has no member for one.
  regex: () => ({}),
  none: () => ({}),
};

/** Why a response is incomplete, as a chat finish reason. */
const INCOMPLETE: Readonly<Record<string, string>> = { max_output_tokens: "length", content_filter: "content_filter" };

type Listener = (transcript: Transcript, event: JsonRecord, now: number) => void;

const reasons: Listener = (transcript, event, now) => addText(transcript, { content: "", reasoning: string(event["delta"]) }, now);
const ends =
  (finish: (response: JsonRecord) => string): Listener =>
  (transcript, event, now) => {
    const response = object(event["response"]);
    // Gateways that don't stream send the whole text with the end.
    if (transcript.chars === 0) for (const content of outputTexts(response)) addText(transcript, { content, reasoning: "" }, now);
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

/** The texts of a whole response: parts of its messages, as the API's items have them. */
function outputTexts(response: JsonRecord): readonly string[] {
  const messages = array(response["output"])
    .map(object)
    .filter((item) => item["type"] === "message");
  const parts = messages.flatMap((item) => array(item["content"]).map(object));
  return parts.filter((part) => part["type"] === "output_text").map((part) => string(part["text"]));
}

/** One event of a response; kinds irrelevant to the answer are ignored. */
const hearEvent: ReadFrame = (transcript, frame, now) => {
  const event = object(frame);
  const type = string(event["type"]);
  if (type !== "error") throwError(event["error"]);
  addModel(transcript, object(event["response"])["model"]);
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

export const responses: Api = { path: "/responses", body: responseBody, hear: hearEvent };

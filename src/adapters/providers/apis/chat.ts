// Chat completions: the request's body, and how its stream's chunks become a transcript.
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { SentRequest, Usage } from "../../../ports/models.ts";
import type { OutputForm } from "../../../core/policy/candidate/shape.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { regexOf } from "../schema-regex.ts";
import { addModel, addText, array, isObject, type JsonRecord, object, type ReadFrame, string, throwError, tokenCount } from "../stream/stream.ts";
import { type Api, type Asking, strictSchema } from "./api.ts";

/** The dialects' own files say why they differ. */
export function chatBody({ dialect, served, request, form }: Asking): ChatCompletionCreateParamsStreaming {
  const { effort } = served;
  return {
    ...served.members,
    model: served.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...dialect.temperature(served),
    ...dialect.outputLimit(served.maxOutputTokens),
    ...(request.schema === null ? {} : FORMS[form](request.schema, dialect)),
  };
}

type Constraint = (schema: NonNullable<SentRequest["schema"]>, dialect: Dialect) => object;

const FORMS: Readonly<Record<OutputForm, Constraint>> = {
  json_schema: (schema) => ({ response_format: { type: "json_schema", json_schema: strictSchema(schema) } }),
  json_object: () => ({ response_format: { type: "json_object" } }),
  regex: ({ schema }, { regexMember }) => regexMember?.(regexOf(schema)) ?? {},
  none: () => ({}),
};

/** One chunk of a chat completion. Only its first choice is the answer. */
export const readChunk: ReadFrame = (transcript, chunk, now) => {
  const body = object(chunk);
  throwError(body["object"] === "error" ? body : body["error"]);
  const choice = object(array(body["choices"]).find((each) => (object(each)["index"] ?? 0) === 0));
  const delta = object(choice["delta"]);
  addText(transcript, { content: string(delta["content"]), reasoning: string(delta["reasoning_content"]) || string(delta["reasoning"]) }, now);
  transcript.refused ||= string(delta["refusal"]) !== "";
  transcript.finish = string(choice["finish_reason"]) || transcript.finish;
  addModel(transcript, body["model"]);
  const usage = body["usage"] ?? object(body["x_groq"])["usage"];
  if (isObject(usage)) transcript.usage = usageOf(usage);
  else if (isObject(body["timings"])) transcript.usage = timingsUsage(body["timings"], transcript.usage);
};

/** llama.cpp's own figures, for what its usage leaves open. */
function timingsUsage(timings: JsonRecord, known: Usage): Usage {
  const cached = tokenCount(timings["cache_n"]);
  const fresh = tokenCount(timings["prompt_n"]);
  return {
    promptTokens: known.promptTokens ?? (fresh === null ? null : fresh + (cached ?? 0)),
    responseTokens: known.responseTokens ?? tokenCount(timings["predicted_n"]),
    cachedTokens: known.cachedTokens ?? cached,
    reasoningTokens: known.reasoningTokens,
  };
}

/** Token counts in any dialect; a missing or invalid count is null, never 0. */
function usageOf(usage: JsonRecord): Usage {
  return {
    promptTokens: tokenCount(usage["prompt_tokens"]),
    responseTokens: tokenCount(usage["completion_tokens"]),
    // DeepSeek counts hits beside the details.
    cachedTokens: tokenCount(object(usage["prompt_tokens_details"])["cached_tokens"]) ?? tokenCount(usage["prompt_cache_hit_tokens"]),
    reasoningTokens: tokenCount(usage["reasoning_tokens"]) ?? tokenCount(object(usage["completion_tokens_details"])["reasoning_tokens"]),
  };
}

export const chat: Api = { path: "/chat/completions", body: chatBody, hear: readChunk };

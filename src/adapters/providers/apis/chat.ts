// Chat completions: the request's body, and how its stream's chunks become a transcript.
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { ModelRequest, Usage } from "../../../ports/models.ts";
import type { Dialect, ServedModel } from "../dialects/dialect.ts";
import { array, tokenCount, type ReadFrame, addText, isObject, type JsonRecord, object, string, throwError } from "../stream/stream.ts";
import { type Api, strictSchema } from "./api.ts";

/** The dialects' own files say why they differ. */
export function chatBody(dialect: Dialect, served: ServedModel, request: ModelRequest): ChatCompletionCreateParamsStreaming {
  const effort = dialect.sentEffort(served.effort);
  return {
    model: served.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...dialect.temperature(served),
    ...dialect.outputLimit(served.maxOutputTokens),
    ...(request.schema === null ? {} : { response_format: { type: "json_schema", json_schema: strictSchema(request.schema) } }),
  };
}

/** One chunk of a chat completion. */
export const readChunk: ReadFrame = (transcript, chunk, now) => {
  const body = object(chunk);
  throwError(body["object"] === "error" ? body : body["error"]);
  const choice = object(array(body["choices"])[0]);
  const delta = object(choice["delta"]);
  addText(transcript, { content: string(delta["content"]), reasoning: string(delta["reasoning_content"]) + string(delta["reasoning"]) }, now);
  transcript.refused ||= string(delta["refusal"]) !== "";
  transcript.finish = string(choice["finish_reason"]) || transcript.finish;
  transcript.servedModel ??= string(body["model"]) || null;
  if (isObject(body["usage"])) transcript.usage = usageOf(body["usage"]);
};

/** Token counts in any dialect; a missing or invalid count is null, never 0. */
function usageOf(usage: JsonRecord): Usage {
  return {
    promptTokens: tokenCount(usage["prompt_tokens"]),
    responseTokens: tokenCount(usage["completion_tokens"]),
    cachedTokens: tokenCount(object(usage["prompt_tokens_details"])["cached_tokens"]),
    reasoningTokens: tokenCount(usage["reasoning_tokens"]) ?? tokenCount(object(usage["completion_tokens_details"])["reasoning_tokens"]),
  };
}

export const chat: Api = {
  send: (client, { dialect, served, request, ...how }) => client.chat.completions.create(chatBody(dialect, served, request), how).asResponse(),
  hear: readChunk,
};

// What a request says to each kind of server: one body a dialect and API, and what the answer may call its model.
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import type { ModelRequest } from "../../ports/models.ts";

export type DialectKind = "sglang" | "vllm" | "openai";
export type Api = "chat" | "responses";
type Effort = "none" | "low" | "medium" | "high" | "xhigh";

/** What the policy's name for a model stands for on the server. */
export interface ServedModel {
  /** The server's own id of the model. */
  readonly model: string;
  readonly effort: Effort | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
}

/** The body of a chat completion; see the wire reference of each server for why the dialects differ. */
export function requestBody(kind: DialectKind, served: ServedModel, request: ModelRequest): ChatCompletionCreateParamsStreaming {
  const effort = sentEffort(kind, served);
  return {
    model: served.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...temperatureOf(kind, served),
    ...(kind === "openai" ? { max_completion_tokens: served.maxOutputTokens } : { max_tokens: served.maxOutputTokens }),
    ...(request.schema === null ? {} : { response_format: { type: "json_schema", json_schema: strictSchema(request.schema) } }),
  };
}

/** The body of a response. Nothing of it is kept at the server: the capsule is the record. */
export function responseBody(kind: DialectKind, served: ServedModel, request: ModelRequest): ResponseCreateParamsStreaming {
  const effort = sentEffort(kind, served);
  return {
    model: served.model,
    input: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    store: false,
    max_output_tokens: served.maxOutputTokens,
    ...(effort === null ? {} : { reasoning: { effort } }),
    ...temperatureOf(kind, served),
    ...(request.schema === null ? {} : { text: { format: { type: "json_schema", ...strictSchema(request.schema) } } }),
  };
}

/** gpt-oss knows low, medium and high only: a local server gets the nearest of them. */
const LOCAL_EFFORTS = { none: "low", low: "low", medium: "medium", high: "high", xhigh: "high" } as const;

/** The effort that the server is really asked for. OpenAI's default may be none: a configured one is always sent. */
export function sentEffort(kind: DialectKind, { effort }: ServedModel): Effort | null {
  return effort === null || kind === "openai" ? effort : LOCAL_EFFORTS[effort];
}

/** Does the server think in silence? Then nothing follows its first chunk for as long as it reasons. */
export function reasonsSilently(kind: DialectKind): boolean {
  return kind === "openai";
}

/** May an answer call its model so? Local servers echo the request; OpenAI adds the snapshot's date. */
export function isServedName(kind: DialectKind, asked: string, named: string): boolean {
  return named === asked || (kind === "openai" && /^-\d/.test(named.slice(asked.length)) && named.startsWith(asked));
}

/**
 * Without a temperature, SGLang takes one from the checkpoint's generation_config.json. OpenAI refuses one while the
 * model reasons, and a model's default effort is not known here.
 */
function temperatureOf(kind: DialectKind, served: ServedModel): { readonly temperature?: number } {
  if (kind !== "openai") return { temperature: served.temperature ?? 0 };
  return served.effort === "none" && served.temperature !== null ? { temperature: served.temperature } : {};
}

function strictSchema({ name, schema }: NonNullable<ModelRequest["schema"]>) {
  return { name, schema: { ...schema }, strict: true };
}

// What a chat completion request says to each kind of server: one body a dialect.
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { ModelRequest } from "../../run/ports.ts";

export type DialectKind = "sglang" | "vllm" | "openai";
type Effort = "none" | "low" | "medium" | "high" | "xhigh";

/** What the policy's name for a model stands for on the server. */
export interface ServedModel {
  /** The server's own id of the model. */
  readonly model: string;
  readonly effort: Effort | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
}

/** The request body; see the wire reference for why the dialects differ. */
export function requestBody(kind: DialectKind, served: ServedModel, request: ModelRequest): ChatCompletionCreateParamsStreaming {
  return {
    model: served.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    ...(served.effort === null ? {} : { reasoning_effort: served.effort }),
    ...(kind === "openai" ? openAiSampling(served) : localSampling(served)),
    ...(request.schema === null ? {} : { response_format: schemaFormat(request.schema) }),
  };
}

/** Does the server think in silence? Then nothing follows its first chunk for as long as it reasons. */
export function reasonsSilently(kind: DialectKind): boolean {
  return kind === "openai";
}

/** Without a temperature, SGLang takes one from the checkpoint's generation_config.json. */
function localSampling(served: ServedModel) {
  return { temperature: served.temperature ?? 0, max_tokens: served.maxOutputTokens };
}

/** OpenAI refuses a temperature while the model reasons, and a model's default effort is not known here. */
function openAiSampling(served: ServedModel) {
  const temperature = served.effort === "none" ? served.temperature : null;
  return { max_completion_tokens: served.maxOutputTokens, ...(temperature === null ? {} : { temperature }) };
}

function schemaFormat({ name, schema }: NonNullable<ModelRequest["schema"]>) {
  return { type: "json_schema" as const, json_schema: { name, schema: { ...schema }, strict: true } };
}

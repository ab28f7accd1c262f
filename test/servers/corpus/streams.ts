// Streams of chat completions: whole ones in every dress that servers give them, and those that go wrong.
import { chunk } from "../rehearsal-scenes.ts";
import { begun, ended, sse, streamed, type WireCase, whole } from "./case.ts";

const json = (value: object): object => ({ ...(JSON.parse(chunk({})) as object), ...value });
const choice = (index: number, content: string, finish: string | null = null) => ({ index, delta: { content }, finish_reason: finish });
const usage = (facts: object) => sse({ choices: [], usage: facts });
const error = (facts: object) => sse({ error: facts });

const DRESSES: readonly WireCase[] = [
  streamed("plain", whole),
  streamed("CR LF", whole.replaceAll("\n", "\r\n")),
  streamed("CR alone", whole.replaceAll("\n", "\r")),
  streamed("a byte order mark", `\ufeff${whole}`),
  streamed("no space after the colon", whole.replaceAll("data: ", "data:")),
  streamed("named events", whole.replaceAll("data: ", "event: message\ndata: ")),
  streamed("comments that keep it alive", `: OPENROUTER PROCESSING\n\n${begun}: OPENROUTER PROCESSING\n\n${ended}`),
  streamed("ids and retry times", whole.replaceAll("data: ", "id: 1\nretry: 10\ndata: ")),
  streamed("a frame over two lines", begun + `data: {"choices":[{"index":0,\ndata: "delta":{},"finish_reason":"stop"}]}\n\n`),
  streamed("no end mark after the finish", begun + sse(chunk({}, "stop"))),
  streamed("an end mark without its blank line", begun + sse(chunk({}, "stop")) + "data: [DONE]"),
  streamed("words after the end mark", `${whole}data: {not json\n\n`),
  ...["Text/Event-Stream", "text/event-stream;charset=UTF-8", "TEXT/EVENT-STREAM; charset=utf-8", "application/x-ndjson, text/event-stream"].map((type) =>
    streamed(`the content type ${type}`, whole, { headers: { "content-type": type } }),
  ),
  streamed("no content type", whole, { headers: {} }),
];

const FINISHES: readonly WireCase[] = [
  ...["stop", "eos", "eos_token", "stop_sequence", "end_turn", "STOP", "tool_calls"].map((finish) =>
    streamed(`the finish ${finish}`, begun + sse(chunk({}, finish))),
  ),
  ...["length", "max_tokens", "MAX_TOKENS", "model_length", "model_context_window_exceeded"].map((finish) =>
    streamed(`the finish ${finish}`, begun + sse(chunk({}, finish)), { is: "truncated" }),
  ),
  ...["content_filter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "refusal"].map((finish) =>
    streamed(`the finish ${finish}`, begun + sse(chunk({}, finish)), { is: "refusal" }),
  ),
  ...["abort", "error", "new", "constructor", "__proto__"].map((finish) =>
    streamed(`the finish ${finish}`, begun + sse(chunk({}, finish)), { is: "server-error" }),
  ),
  streamed("the finish insufficient_system_resource", begun + sse(chunk({}, "insufficient_system_resource")), { is: "overload" }),
  streamed("no finish, and an end mark", `${begun}data: [DONE]\n\n`, { is: "cut-stream" }),
  streamed("no finish", begun, { is: "cut-stream" }),
  streamed("nothing at all", "", { is: "cut-stream" }),
  streamed("only comments", ": hi\n\n: hi\n\n", { is: "cut-stream" }),
  streamed("a finish without text", ended, { is: "empty-answer" }),
  streamed("a finish with blank text", sse(chunk({ content: " \n" })) + ended, { is: "empty-answer" }),
  streamed("a refusal in its own member", sse(chunk({ refusal: "I can't." })) + ended, { is: "refusal" }),
];

const THOUGHTS: readonly WireCase[] = [
  streamed("reasoning_content", sse(chunk({ reasoning_content: "hm" })) + whole, { reasoning: "hm" }),
  streamed("reasoning", sse(chunk({ reasoning: "hm" })) + whole, { reasoning: "hm" }),
  streamed("both at once, told once", sse(chunk({ reasoning: "hm", reasoning_content: "hm" })) + whole, { reasoning: "hm" }),
  streamed("reasoning and content in one chunk", sse(chunk({ reasoning: "hm", content: "" })) + whole, { reasoning: "hm" }),
  streamed("<think> in the text", sse(chunk({ content: "<think>\nhm" }), chunk({ content: " so</think>\n\nfi" }), chunk({ content: "ne" }, "stop")), {
    reasoning: "\nhm so",
  }),
  streamed("<think> cut in pieces", sse(...["<th", "ink>h", "m</", "thi", "nk>", "\n", "fine"].map((content) => chunk({ content }))) + ended, {
    reasoning: "hm",
  }),
  streamed("<think> after blank lines", sse(chunk({ content: "\n<think>hm</think>fine" })) + ended, { reasoning: "hm" }),
  streamed("an empty <think>", sse(chunk({ content: "<think></think>fine" })) + ended, { reasoning: null }),
  streamed("a quoted <think>", sse(chunk({ content: "see <think>" })) + ended, { text: "see <think>", reasoning: null }),
  streamed("a < that begins nothing", sse(chunk({ content: "<" })) + ended, { text: "<", reasoning: null }),
  streamed("only thoughts", sse(chunk({ content: "<think>hm</think>" })) + ended, { is: "empty-answer", reasoning: "hm" }),
  streamed("thoughts that never end", sse(chunk({ content: "<think>hm" })) + ended, { is: "empty-answer", reasoning: "hm" }),
  streamed("thoughts up to the limit", sse(chunk({ reasoning_content: "hm" }, "length")), { is: "truncated", reasoning: "hm" }),
  streamed("null thoughts", sse(chunk({ reasoning_content: null, content: null })) + whole, { reasoning: null }),
  streamed("thoughts that are no text", sse(chunk({ reasoning_content: { a: 1 } })) + whole, { reasoning: null }),
];

const CHOICES: readonly WireCase[] = [
  streamed("a second choice is none of the answer", sse(json({ choices: [choice(1, "other")] })) + whole + sse(json({ choices: [choice(1, "", "stop")] }))),
  streamed("the choices in the other order", sse(json({ choices: [choice(1, "no"), choice(0, "fine", "stop")] }))),
  streamed("a choice without its index", sse({ model: "m-1", choices: [{ delta: { content: "fine" }, finish_reason: "stop" }] })),
  streamed("only a second choice", sse(json({ choices: [choice(1, "no", "stop")] })), { is: "cut-stream" }),
  streamed("choices that are no list", sse({ model: "m-1", choices: "x" }) + whole),
  streamed("Azure's first chunk", sse({ model: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] }) + whole),
];

const MODELS: readonly WireCase[] = [
  streamed("another model", sse(json({ model: "m-2", choices: [choice(0, "fine", "stop")] })), { is: "model-not-found", says: "m-2" }),
  streamed("another model in the middle", begun + sse(json({ model: "m-2", choices: [choice(0, "", "stop")] })), {
    is: "model-not-found",
    says: "goes on as m-2",
  }),
  ...["m-1@main", "hub/m-1", "m-1-2026-01-31", "/models/m-1.gguf"].map((model) =>
    streamed(`the model as ${model}`, sse(json({ model, choices: [choice(0, "fine", "stop")] }))),
  ),
  ...["m-1-mini", "M-1", "m-10", "m-1-2507"].map((model) =>
    streamed(`the model as ${model}`, sse(json({ model, choices: [choice(0, "fine", "stop")] })), { is: "model-not-found" }),
  ),
  streamed("an accepted name", sse(json({ model: "own-deployment-7", choices: [choice(0, "fine", "stop")] }))),
  streamed("no model", sse({ choices: [choice(0, "fine", "stop")] })),
  streamed("a model that is no text", sse({ model: 7, choices: [choice(0, "fine", "stop")] })),
];

const COUNTS: readonly WireCase[] = [
  streamed(
    "OpenAI's usage",
    whole.replace("data: [DONE]", "") +
      usage({ prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 1 } }),
    {
      usage: { promptTokens: 9, responseTokens: 2, cachedTokens: 4, reasoningTokens: 1 },
    },
  ),
  streamed(
    "SGLang's usage",
    begun + sse(chunk({}, "stop")) + usage({ prompt_tokens: 9, completion_tokens: 2, reasoning_tokens: 1, prompt_tokens_details: null }),
    {
      usage: { promptTokens: 9, responseTokens: 2, cachedTokens: null, reasoningTokens: 1 },
    },
  ),
  streamed(
    "DeepSeek's cache",
    begun + sse(chunk({}, "stop")) + usage({ prompt_tokens: 9, completion_tokens: 2, prompt_cache_hit_tokens: 6, prompt_cache_miss_tokens: 3 }),
    {
      usage: { promptTokens: 9, cachedTokens: 6 },
    },
  ),
  streamed(
    "llama.cpp's timings alone",
    begun + sse(json({ choices: [choice(0, "", "stop")], timings: { cache_n: 5, prompt_n: 4, predicted_n: 2, predicted_ms: 1.5 } })),
    {
      usage: { promptTokens: 9, responseTokens: 2, cachedTokens: 5 },
    },
  ),
  streamed("Groq's usage", begun + sse(json({ choices: [choice(0, "", "stop")], x_groq: { id: "r", usage: { prompt_tokens: 9, completion_tokens: 2 } } })), {
    usage: { promptTokens: 9, responseTokens: 2 },
  }),
  streamed(
    "usage in every chunk, of which the last counts",
    usage({ prompt_tokens: 9, completion_tokens: 1 }) + begun + sse(chunk({}, "stop")) + usage({ prompt_tokens: 9, completion_tokens: 2 }),
    {
      usage: { responseTokens: 2 },
    },
  ),
  ...[-1, 1.5, "9", null, 1e300].map((tokens) =>
    streamed(`${String(tokens)} tokens, which is no count`, begun + sse(chunk({}, "stop")) + usage({ prompt_tokens: tokens }), {
      usage: { promptTokens: null },
    }),
  ),
  streamed("null usage", begun + sse(json({ choices: [choice(0, "", "stop")], usage: null })), { usage: { promptTokens: null } }),
];

const ERRORS_WITHIN: readonly WireCase[] = [
  streamed("SGLang's full queue", error({ object: "error", message: "The request queue is full.", type: "SERVICE_UNAVAILABLE", code: 503 }), {
    is: "overload",
    says: "queue is full",
  }),
  streamed("SGLang's flat frame", sse({ object: "error", message: "aborted", type: "abort", code: 500 }), { is: "server-error" }),
  streamed("vLLM's frame", begun + error({ message: "bad", type: "BadRequestError", code: 400 }), { is: "bad-request" }),
  streamed("vLLM's context", error({ message: "maximum context length is 8", type: "BadRequestError", code: 400 }), { is: "context-too-long" }),
  streamed("OpenRouter's in the middle", begun + sse(json({ error: { code: 502, message: "Provider disconnected" }, choices: [choice(0, "", "error")] })), {
    is: "server-error",
  }),
  streamed("OpenRouter's limit", error({ code: 429, message: "slow" }), { is: "rate-limit" }),
  streamed("OpenAI's limit", error({ code: "rate_limit_exceeded", message: "slow" }), { is: "rate-limit" }),
  streamed("no credit", error({ code: "insufficient_quota", message: "none" }), { is: "quota" }),
  streamed("Anthropic's overload", "event: error\n" + sse({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }), { is: "overload" }),
  streamed("an event named error, flat", "event: error\n" + sse({ message: "went wrong", code: 500 }), { is: "server-error", says: "went wrong" }),
  streamed("llama.cpp's field", `${begun}error: {"code":500,"message":"slot gone","type":"server_error"}\n\n`, { is: "server-error", says: "slot gone" }),
  streamed("words", error("boom" as unknown as object), { is: "server-error", says: "boom" }),
  streamed("an error that is false", sse({ error: false, ...json({}) }) + whole),
  streamed("an error that is null", sse({ error: null, ...json({}) }) + whole),
  streamed("an error after the answer's end mark", `${whole}${error({ message: "late", code: 500 })}`),
  streamed("a key in an error", error({ message: "Bearer a-key-that-must-stay-here", code: 401 }), { is: "unauthorized", says: "[key]" }),
];

const OTHERWISE: readonly WireCase[] = [
  streamed("an error body under 200", '{"error":{"message":"slow","code":"rate_limit_exceeded"}}', {
    headers: { "content-type": "application/json" },
    is: "rate-limit",
  }),
  streamed("a list of errors under 200", '[{"error":{"message":"overloaded","code":503}}]', {
    headers: { "content-type": "application/json; charset=UTF-8" },
    is: "overload",
  }),
  streamed("a flat error under 200", '{"object":"error","message":"maximum context length","code":400}', {
    headers: { "content-type": "application/json" },
    is: "context-too-long",
  }),
  streamed("an error of words under 200", '{"error":"no such model"}', { headers: { "content-type": "application/json" }, is: "model-not-found" }),
  streamed("a whole completion", '{"choices":[{"message":{"content":"fine"}}]}', { headers: { "content-type": "application/json" }, is: "malformed-answer" }),
  streamed("a login page", "<html>Sign in</html>", { headers: { "content-type": "text/html" }, is: "malformed-answer", says: "Sign in" }),
  streamed("a login page as a stream", "<html>\n\nSign in</html>\n\n", { is: "cut-stream" }),
  streamed("an empty page", "", { headers: { "content-type": "text/plain" }, is: "malformed-answer" }),
  streamed("a frame that is no JSON", sse("{not json"), { is: "malformed-answer" }),
  streamed("a frame that is a word", sse('"word"') + whole),
  streamed("a frame that is null", sse("null") + whole),
  streamed("a frame that is a list", sse("[]") + whole),
  streamed("a frame cut by the end", begun + 'data: {"choices":[{"del', { is: "cut-stream" }),
];

export const STREAMS: readonly WireCase[] = [DRESSES, FINISHES, THOUGHTS, CHOICES, MODELS, COUNTS, ERRORS_WITHIN, OTHERWISE].flat();

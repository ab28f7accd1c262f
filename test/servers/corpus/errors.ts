// Error bodies of servers and gateways, as their sources and documents have them.
import { refused, type WireCase } from "./case.ts";

const nested = (message: string, facts: object = {}) => ({ error: { message, ...facts } });
const flat = (message: string, facts: object = {}) => ({ object: "error", message, ...facts });

const TOO_LONG: readonly WireCase[] = [
  refused(
    "context-too-long",
    400,
    "SGLang",
    flat("The input (9 tokens) is longer than the model's context length (8 tokens).", { type: "BadRequestError", code: 400 }),
  ),
  refused(
    "context-too-long",
    400,
    "SGLang, with the answer",
    flat("Requested token count exceeds the model's maximum context length of 8 tokens.", { code: 400 }),
  ),
  refused(
    "context-too-long",
    400,
    "vLLM",
    nested("This model's maximum context length is 8 tokens. However, you requested 9 tokens.", { type: "BadRequestError", code: 400 }),
  ),
  refused("context-too-long", 400, "vLLM, decoder", nested("The decoder prompt (length 9) is longer than the maximum model length of 8.", { code: 400 })),
  refused(
    "context-too-long",
    400,
    "llama.cpp",
    nested("the request exceeds the available context size, try increasing it", { type: "exceed_context_size_error", code: 400, n_prompt_tokens: 9, n_ctx: 8 }),
  ),
  refused("context-too-long", 500, "llama.cpp, older, by its type", nested("input is too large", { type: "exceed_context_size_error", code: 500 })),
  refused("context-too-long", 400, "Gemini, in a list", [
    nested("The input token count (9) exceeds the maximum number of tokens allowed (8).", { code: 400, status: "INVALID_ARGUMENT" }),
  ]),
  refused(
    "context-too-long",
    400,
    "Mistral",
    flat("Prompt contains 9 tokens and 0 draft tokens, too large for model with 8 maximum context length", { type: "invalid_request_prompt", code: "3051" }),
  ),
  refused(
    "context-too-long",
    400,
    "OpenAI",
    nested("Your input exceeds it.", { type: "invalid_request_error", code: "context_length_exceeded", param: "messages" }),
  ),
  refused("context-too-long", 400, "OpenAI, one string", nested("too long", { code: "string_above_max_length" })),
  refused("context-too-long", 400, "Anthropic", {
    type: "error",
    error: { type: "invalid_request_error", message: "prompt is too long: 9 tokens > 8 maximum" },
  }),
  refused(
    "context-too-long",
    400,
    "Anthropic, with the answer",
    nested("input length and `max_tokens` exceed context limit: 5 + 5 > 8", { type: "invalid_request_error" }),
  ),
  refused("context-too-long", 400, "Groq", nested("Please reduce the length of the messages or completion.", { code: "context_length_exceeded" })),
  refused("context-too-long", 422, "TGI", {
    error: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8. Given: 9",
    error_type: "validation",
  }),
  refused("context-too-long", 422, "TGI, inputs alone", { error: "Input validation error: `inputs` must have less than 8 tokens. Given: 9" }),
  refused("context-too-long", 400, "Bedrock", { message: "Input is too long for requested model." }),
  refused("context-too-long", 400, "xAI", {
    code: "Client specified an invalid argument",
    error: "This model's maximum prompt length is 8 but the request contains 9 tokens.",
  }),
  refused(
    "context-too-long",
    400,
    "OpenRouter",
    nested("This endpoint's maximum context length is 8 tokens. However, you requested about 9 tokens", { code: 400 }),
  ),
  refused("context-too-long", 400, "LiteLLM", nested("litellm.ContextWindowExceededError: prompt is too long", { type: null, param: null, code: "400" })),
  refused("context-too-long", 400, "Cohere", { message: "too many tokens: total number of tokens in the prompt cannot exceed 8" }),
  refused("context-too-long", 413, "a proxy", "<html>413 Request Entity Too Large</html>"),
];

const FILTERED: readonly WireCase[] = [
  refused(
    "refusal",
    400,
    "Azure's filter",
    nested("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", {
      code: "content_filter",
      param: "prompt",
      status: 400,
    }),
  ),
  refused(
    "refusal",
    400,
    "Azure's filter, by its inner error",
    nested("filtered", { code: "bad", innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: { hate: { filtered: true } } } }),
  ),
  refused("refusal", 400, "OpenAI's policy", nested("no", { code: "content_policy_violation", type: "invalid_request_error" })),
  refused(
    "refusal",
    400,
    "OpenAI's check of prompts",
    nested("Invalid prompt: your prompt was flagged as potentially violating our usage policy.", { code: "invalid_prompt" }),
  ),
  refused("refusal", 403, "OpenRouter's moderation", nested("Input was flagged", { code: 403, metadata: { reasons: ["violence"] } })),
  refused("refusal", 400, "LiteLLM's wrapper", nested("litellm.ContentPolicyViolationError: blocked by the content filter", { code: "400" })),
];

const KEYS: readonly WireCase[] = [
  refused("unauthorized", 401, "OpenAI", nested("Incorrect API key provided.", { type: "invalid_request_error", code: "invalid_api_key" })),
  refused("unauthorized", 401, "vLLM", { error: "Unauthorized" }),
  refused("unauthorized", 401, "LiteLLM", nested("Authentication Error, No api key passed in.", { type: "auth_error", param: "None", code: "401" })),
  refused("unauthorized", 401, "Azure", nested("Access denied due to invalid subscription key or wrong API endpoint.", { code: "401" })),
  refused("unauthorized", 401, "OpenRouter", nested("No auth credentials found", { code: 401 })),
  refused("unauthorized", 401, "llama.cpp", nested("Invalid API Key", { type: "authentication_error", code: 401 })),
  refused("unauthorized", 400, "Gemini, in a list", [nested("API key not valid. Please pass a valid API key.", { code: 400, status: "INVALID_ARGUMENT" })]),
  refused("unauthorized", 403, "OpenAI's region", nested("Country, region, or territory not supported", { code: "unsupported_country_region_territory" })),
  refused("unauthorized", 403, "a gateway's page", "<html>Forbidden</html>"),
  refused("unauthorized", 407, "a proxy that wants a name", "Proxy Authentication Required"),
];

const CREDIT: readonly WireCase[] = [
  refused("quota", 429, "OpenAI", nested("You exceeded your current quota.", { type: "insufficient_quota", code: "insufficient_quota" })),
  refused("quota", 429, "OpenAI's balance", nested("none", { code: "credit_balance_exhausted" })),
  refused("quota", 400, "OpenAI's hard limit", nested("Billing hard limit has been reached", { code: "billing_hard_limit_reached" })),
  refused("quota", 402, "DeepSeek", nested("Insufficient Balance", { type: "unknown_error", code: "invalid_request_error" })),
  refused("quota", 402, "OpenRouter", nested("This request requires more credits", { code: 402 })),
  refused("quota", 400, "Anthropic", nested("Your credit balance is too low to access the Anthropic API.", { type: "invalid_request_error" })),
  refused("quota", 403, "a reseller", nested("insufficient credits")),
];

const RATE: readonly WireCase[] = [
  refused("rate-limit", 429, "OpenAI", nested("Rate limit reached.", { type: "tokens", code: "rate_limit_exceeded" })),
  refused("rate-limit", 429, "OpenAI's slow down", nested("Slow down.", { code: "slow_down" })),
  refused("rate-limit", 429, "Azure", nested("Requests have exceeded call rate limit.", { code: "429" })),
  refused("rate-limit", 429, "Gemini, in a list", [
    nested("You exceeded your current quota, please check your plan.", { code: 429, status: "RESOURCE_EXHAUSTED" }),
  ]),
  refused("rate-limit", 429, "Mistral", { message: "Requests rate limit exceeded" }),
  refused("rate-limit", 429, "Anthropic", nested("slow", { type: "rate_limit_error" })),
  refused("rate-limit", 413, "Groq's tokens a minute", nested("Request too large", { type: "tokens", code: "rate_limit_exceeded" })),
  refused("rate-limit", 429, "a proxy", "Too Many Requests"),
  refused("rate-limit", 429, "an empty body", ""),
  { ...refused("rate-limit", 429, "seconds to wait", nested("slow")), headers: { "retry-after": "7" }, retryAfterMs: 7000 },
  { ...refused("rate-limit", 429, "milliseconds to wait", nested("slow")), headers: { "retry-after": "7", "retry-after-ms": "250" }, retryAfterMs: 250 },
  {
    ...refused("rate-limit", 429, "a date to wait for, by the server's own clock", nested("slow")),
    headers: { "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" },
    retryAfterMs: 30_000,
  },
];

const LOAD: readonly WireCase[] = [
  refused("overload", 503, "SGLang", flat("The request queue is full.", { type: "503", code: 503 })),
  refused("overload", 503, "SGLang's router", nested("No workers", { code: "no_available_workers" })),
  refused("overload", 503, "llama.cpp while it loads", nested("Loading model", { type: "unavailable_error", code: 503 })),
  refused("overload", 503, "OpenAI", nested("busy", { code: "server_is_overloaded" })),
  refused("overload", 503, "Gemini, in a list", [nested("The model is overloaded.", { code: 503, status: "UNAVAILABLE" })]),
  refused("overload", 503, "Ollama", { error: "server busy, please try again.  maximum pending requests exceeded" }),
  refused("overload", 529, "Anthropic", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  refused("overload", 500, "Anthropic, by its type", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  refused("overload", 498, "Groq's capacity", nested("over capacity", { type: "capacity_exceeded" })),
  refused("overload", 503, "a proxy", "<html>Service Unavailable</html>"),
];

const NO_MODEL: readonly WireCase[] = [
  refused("model-not-found", 404, "vLLM", nested("The model `m-1` does not exist.", { type: "NotFoundError", code: 404 })),
  refused("model-not-found", 404, "OpenAI", nested("The model does not exist or you do not have access to it.", { code: "model_not_found" })),
  refused("model-not-found", 404, "Ollama", nested("model 'm-1' not found, try pulling it first", { type: "api_error" })),
  refused("model-not-found", 404, "Azure", nested("The API deployment for this resource does not exist.", { code: "DeploymentNotFound" })),
  refused("model-not-found", 400, "Mistral", flat("Invalid model: m-1", { type: "invalid_model", code: "1500" })),
  refused("model-not-found", 400, "OpenAI, by its code", nested("m", { code: "model_not_found" })),
  refused("model-not-found", 400, "DeepSeek", nested("Model Not Exist", { type: "invalid_request_error" })),
  refused(
    "model-not-found",
    400,
    "LiteLLM",
    nested("/chat/completions: Invalid model name passed in model=m-1. Call `/v1/models` to view available models", { code: "400" }),
  ),
  refused("model-not-found", 400, "OpenRouter", nested("m-1 is not a valid model: unknown model", { code: 400 })),
  refused("model-not-found", 404, "FastAPI's page", { detail: "Not Found" }),
  refused("model-not-found", 410, "a model that has gone", nested("deprecated")),
];

const TIME: readonly WireCase[] = [
  refused("timeout-total", 408, "OpenAI", nested("Request timed out", { code: "timeout" })),
  refused("timeout-total", 504, "a gateway", "<html>Gateway Time-out</html>"),
  refused("timeout-total", 504, "Gemini, in a list", [nested("Deadline expired before operation could complete.", { code: 504, status: "DEADLINE_EXCEEDED" })]),
  refused("timeout-total", 522, "Cloudflare, connecting", "error code: 522"),
  refused("timeout-total", 524, "Cloudflare, waiting", "error code: 524"),
];

const REQUESTS: readonly WireCase[] = [
  refused(
    "bad-request",
    400,
    "OpenAI's parameter",
    nested("Unsupported value: 'temperature'", { type: "invalid_request_error", code: "unsupported_value", param: "temperature" }),
  ),
  refused("bad-request", 400, "SGLang's schema", flat("schema is missing", { type: "BadRequest", code: 400 })),
  refused("bad-request", 400, "vLLM's grammar", nested("Grammar error: unsupported", { type: "BadRequestError", code: 400 })),
  refused("bad-request", 422, "FastAPI's fields", { detail: [{ type: "missing", loc: ["body", "messages"], msg: "Field required" }] }),
  refused(
    "bad-request",
    422,
    "Mistral's fields",
    flat({ detail: [{ msg: "Extra inputs are not permitted" }] } as unknown as string, { type: "invalid_request_error" }),
  ),
  refused("bad-request", 405, "a page that is only read", "Method Not Allowed"),
  refused("bad-request", 415, "another content type", { error: "Unsupported Media Type: Only `application/json` is allowed" }),
  refused("bad-request", 418, "a teapot", ""),
];

const BROKEN: readonly WireCase[] = [
  refused("server-error", 500, "SGLang", flat("boom", { type: "InternalServerError", code: 500 })),
  refused("server-error", 500, "vLLM without memory", nested("CUDA out of memory.", { type: "InternalServerError", code: 500 })),
  refused("server-error", 500, "words", { error: "it broke" }),
  refused("server-error", 500, "Gemini, in a list", [nested("An internal error has occurred", { code: 500, status: "INTERNAL" })]),
  refused("server-error", 500, "an empty list", "[]"),
  refused("server-error", 500, "an empty body", ""),
  refused("server-error", 502, "a proxy", "<h1>Bad gateway</h1>"),
  refused("server-error", 502, "OpenRouter", nested("Provider returned error", { code: 502, metadata: { provider_name: "x" } })),
  refused("server-error", 520, "Cloudflare", "error code: 520"),
  refused("server-error", 409, "a lock", nested("conflict")),
  refused("server-error", 425, "too early", ""),
  refused("server-error", 307, "a redirect without an address", ""),
];

export const ERRORS: readonly WireCase[] = [TOO_LONG, FILTERED, KEYS, CREDIT, RATE, LOAD, NO_MODEL, TIME, REQUESTS, BROKEN].flat();

// Which model failure a server's error is, by its status, its code, and the words that servers use.
import type { ModelFailure } from "../../ports/models.ts";
import type { ProviderError } from "./provider-error.ts";

const NO_CREDIT = new Set(["insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance"]);
const RATE_LIMITED = new Set(["rate_limit_exceeded", "slow_down", "rate_limit_error", "RESOURCE_EXHAUSTED"]);
const OVERLOADED = new Set(["SERVICE_UNAVAILABLE", "server_is_overloaded", "overloaded_error", "engine_overloaded", "unavailable_error", "UNAVAILABLE"]);
const TOO_LONG = new Set(["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"]);
const FILTERED = new Set(["content_filter", "content_policy_violation", "invalid_prompt", "ResponsibleAIPolicyViolation"]);

/** Each alternative as one kind of server words it. */
const TOO_LONG_WORDS =
  /context (length|window|size|limit)|longer than the (model|maximum)|maximum (model|prompt) length|requested token count exceeds|(prompt|input) is too long|input token count .* exceeds|too large for model with|reduce the length|must have less than \d+ tokens|tokens? \+ `max_new_tokens` must be|too many (input )?tokens/i;
const NO_MODEL_WORDS =
  /\bmodel\b.{0,120}(not found|does ?n[o']t exist|not exist|is not served|is not supported|not available)|(invalid|unknown|no such) model/i;
const NO_KEY_WORDS =
  /(api[ _]?key|token|credentials?)\b.{0,40}(not valid|invalid|incorrect|missing|expired|required)|(invalid|incorrect|missing|expired) (api[ _]?key|credentials)/i;
const NO_CREDIT_WORDS = /insufficient (balance|credits?|funds|quota)|credit balance is too low|out of credits/i;
const FILTERED_WORDS = /content[ _](filter|management policy|policy)|flagged|moderation/i;

type Facts = Pick<ProviderError, "status" | "code" | "type" | "message">;

const named = ({ code, type }: Facts, names: ReadonlySet<string>): boolean => names.has(code) || names.has(type);
const isClients = ({ status }: Facts): boolean => status === 0 || (status >= 400 && status < 500);

/** The first match decides. */
const RULES: readonly { readonly failure: ModelFailure; readonly holds: (error: Facts) => boolean }[] = [
  // Before the statuses: providers refuse with 400 and with 403.
  { failure: "refusal", holds: (error) => named(error, FILTERED) || (isClients(error) && FILTERED_WORDS.test(error.message)) },
  { failure: "quota", holds: (error) => error.status === 402 || named(error, NO_CREDIT) || (isClients(error) && NO_CREDIT_WORDS.test(error.message)) },
  { failure: "unauthorized", holds: ({ status }) => status === 401 || status === 403 || status === 407 },
  { failure: "rate-limit", holds: (error) => error.status === 429 || named(error, RATE_LIMITED) },
  // 498: Groq's capacity; 529: Anthropic's.
  { failure: "overload", holds: (error) => [498, 503, 529].includes(error.status) || named(error, OVERLOADED) },
  {
    failure: "context-too-long",
    holds: (error) => error.status === 413 || named(error, TOO_LONG) || (error.status < 500 && TOO_LONG_WORDS.test(error.message)),
  },
  { failure: "model-not-found", holds: ({ status, code }) => status === 404 || status === 410 || code === "model_not_found" },
  { failure: "unauthorized", holds: (error) => error.status === 400 && NO_KEY_WORDS.test(error.message) },
  { failure: "model-not-found", holds: (error) => isClients(error) && NO_MODEL_WORDS.test(error.message) },
  // The server, or a gateway in front of it, gave up waiting: closest to our own total limit.
  { failure: "timeout-total", holds: ({ status }) => [408, 504, 522, 524].includes(status) },
  // 409 is a lock that was not acquired in time, 425 a replay that was too early: the same request may succeed next time.
  { failure: "server-error", holds: ({ status }) => status === 409 || status === 425 },
  { failure: "bad-request", holds: ({ status, type }) => (status >= 400 && status < 500) || type === "invalid_request_error" },
];

export function classify(error: Facts): ModelFailure {
  return RULES.find(({ holds }) => holds(error))?.failure ?? "server-error";
}

/** What a server says that can't hold an answer to the form that was asked for. */
const FORM_WORDS = /response_format|json_schema|json_object|json mode|structured[ _]output|text\.format|grammar|guided|\bschema\b/i;

export const refusesForm = (error: Facts): boolean => [400, 404, 422, 500, 501].includes(error.status) && FORM_WORDS.test(error.message);

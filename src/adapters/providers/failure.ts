// Maps a server's answer, or an error thrown by the SDK, to the closed set of model failures.
import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { messageOf } from "../../core/base/errors.ts";
import type { ModelFailure } from "../../ports/models.ts";
import { BrokenStreamError } from "./stream/sse.ts";
import { BrokenConnectionError } from "./transport.ts";

const DETAIL_CHARS = 500;
const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);
const NO_CREDIT = new Set(["insufficient_quota", "credit_balance_exhausted"]);
const CONTEXT = /context length|context window|longer than the (model|maximum)|maximum model length|requested token count exceeds|prompt is too long/i;

export interface CallFailure {
  readonly failure: ModelFailure;
  readonly detail: string;
  /** How long the server asked to wait before a retry. */
  readonly retryAfterMs?: number | null;
}

/** An error as reported by a server, in a body or in a stream frame. `status`: HTTP's, else a numeric code, else 0. */
interface ServerError {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly message: string;
}

/** The first match decides. */
const RULES: readonly { readonly failure: ModelFailure; readonly holds: (error: ServerError) => boolean }[] = [
  { failure: "unauthorized", holds: ({ status }) => status === 401 || status === 403 },
  { failure: "quota", holds: ({ status, code, type }) => status === 402 || NO_CREDIT.has(code) || NO_CREDIT.has(type) },
  { failure: "rate-limit", holds: ({ status, code }) => status === 429 || code === "rate_limit_exceeded" || code === "slow_down" },
  {
    failure: "overload",
    holds: ({ status, type, code }) => status === 503 || status === 529 || type === "SERVICE_UNAVAILABLE" || code === "server_is_overloaded",
  },
  {
    failure: "context-too-long",
    holds: ({ status, code, message }) => status === 413 || code === "context_length_exceeded" || (status < 500 && CONTEXT.test(message)),
  },
  { failure: "model-not-found", holds: ({ status, code }) => status === 404 || code === "model_not_found" },
  // The server, or a gateway in front of it, gave up waiting: closest to our own total limit.
  { failure: "timeout-total", holds: ({ status }) => status === 408 || status === 504 },
  // 409 is a lock that was not acquired in time: the same request may succeed next time.
  { failure: "server-error", holds: ({ status }) => status === 409 },
  { failure: "bad-request", holds: ({ status, type }) => (status >= 400 && status < 500) || type === "invalid_request_error" },
];

/** What a thrown error means for the call. Rethrows what neither the server nor the network can have caused. */
export function callFailureOf(thrown: unknown): CallFailure {
  if (thrown instanceof APIConnectionTimeoutError) return { failure: "timeout-connect", detail: "the server did not take the connection in time" };
  if (thrown instanceof APIConnectionError) return connectionFailure(thrown);
  if (thrown instanceof APIError) return { failure: classify(serverErrorOf(thrown)), detail: thrown.message, retryAfterMs: retryAfterOf(thrown) };
  if (thrown instanceof SyntaxError) return { failure: "malformed-answer", detail: "a frame of the stream is not JSON" };
  if (thrown instanceof BrokenStreamError) return { failure: "malformed-answer", detail: thrown.message };
  if (thrown instanceof BrokenConnectionError) return { failure: "cut-stream", detail: `the connection broke: ${thrown.message}` };
  throw thrown;
}

/** `retry-after-ms`, or `retry-after` in seconds; a date is ignored: it needs synchronised clocks. */
function retryAfterOf({ headers }: APIError): number | null {
  const ms = numberOf(headers?.get("retry-after-ms"));
  const seconds = numberOf(headers?.get("retry-after"));
  return ms ?? (seconds === null ? null : seconds * 1000);
}

function numberOf(value: string | null | undefined): number | null {
  return value !== null && value !== undefined && /^\d{1,9}(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
}

/** One line that is safe to store: no key, no credentials from a URL, no control characters, bounded length. */
export function safeDetail(detail: string, apiKey: string | null): string {
  const key = apiKey?.trim() ?? "";
  const scrubbed = key === "" ? detail : detail.replaceAll(key, "[key]");
  return scrubbed
    .replaceAll(/\bsk-[\w*.-]{6,}/g, "[key]")
    .replaceAll(/\/\/[^/\s@]+@/g, "//[credentials]@")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, DETAIL_CHARS)
    .toWellFormed();
}

function classify(error: ServerError): ModelFailure {
  return RULES.find(({ holds }) => holds(error))?.failure ?? "server-error";
}

function serverErrorOf(error: APIError): ServerError {
  const code: unknown = error.code;
  return { status: error.status ?? statusOf(code), code: text(code), type: text(error.type), message: error.message };
}

/** SGLang and vLLM send the status as the code of an error frame. */
function statusOf(code: unknown): number {
  const status = Number(code ?? 0);
  return Number.isInteger(status) ? status : 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function connectionFailure(error: APIConnectionError): CallFailure {
  const causes = [...causesOf(error)];
  const detail = messageOf(causes.at(-1));
  if (causes.some((cause) => codeOf(cause) === "UND_ERR_CONNECT_TIMEOUT")) return { failure: "timeout-connect", detail };
  return { failure: causes.some((cause) => UNREACHABLE.has(codeOf(cause))) ? "refused-connection" : "server-error", detail };
}

/** The error and its causes, outermost first; an AggregateError's first error counts as its cause. */
function* causesOf(thrown: unknown): Generator<unknown> {
  let current: unknown = thrown;
  for (let depth = 0; current !== undefined && depth < 8; depth += 1) {
    yield current;
    current = current instanceof AggregateError ? current.errors[0] : current instanceof Error ? current.cause : undefined;
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? text(cause.code) : "";
}

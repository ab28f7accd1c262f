// Maps a server's answer, or what was thrown while it was asked, to the closed set of model failures.
import { messageOf } from "../../core/base/errors.ts";
import type { ModelFailure } from "../../ports/models.ts";
import { classify } from "./failure-rules.ts";
import { ProviderError } from "./provider-error.ts";
import { BrokenStreamError } from "./stream/sse.ts";
import { BrokenConnectionError, NoConnectionError } from "./transport.ts";

const DETAIL_CHARS = 500;
const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

/** What to do about a connection that TLS keeps from being made. */
const TLS_HINTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed: let ca_env of its provider name a variable with the path of its CA",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from a private CA: let ca_env of its provider name a variable with the path of that CA",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an unknown CA: let ca_env of its provider name a variable with the path of that CA",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from an unknown CA: let ca_env of its provider name a variable with the path of that CA",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name: use the name that it is for",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS: write http:// instead of https://",
  EPROTO: "it does not speak TLS: write http:// instead of https://",
};

export interface CallFailure {
  readonly failure: ModelFailure;
  readonly detail: string;
  /** How long the server asked to wait before a retry. */
  readonly retryAfterMs?: number | null;
}

/** What a thrown error means for the call. Rethrows what neither the server nor the network can have caused. */
export function callFailureOf(thrown: unknown): CallFailure {
  if (thrown instanceof NoConnectionError) return connectionFailure(thrown);
  if (thrown instanceof ProviderError) return { failure: classify(thrown), detail: thrown.message, retryAfterMs: retryAfterOf(thrown) };
  if (thrown instanceof SyntaxError) return { failure: "malformed-answer", detail: "a frame of the stream is not JSON" };
  if (thrown instanceof BrokenStreamError) return { failure: "malformed-answer", detail: thrown.message };
  if (thrown instanceof BrokenConnectionError) return { failure: "cut-stream", detail: `the connection broke: ${thrown.message}` };
  throw thrown;
}

/** `retry-after-ms`; or `retry-after` in seconds, or as a date, which is held against the server's own. */
function retryAfterOf({ header }: ProviderError): number | null {
  const after = header("retry-after");
  const ms = numberOf(header("retry-after-ms"));
  const seconds = numberOf(after);
  return ms ?? (seconds === null ? untilDate(after, header("date")) : seconds * 1000);
}

const WEEKDAY = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

function untilDate(after: string | null, now: string | null): number | null {
  if (after === null || now === null || !WEEKDAY.test(after)) return null;
  const ms = Date.parse(after) - Date.parse(now);
  return ms > 0 ? ms : null;
}

function numberOf(value: string | null): number | null {
  return value !== null && /^\d{1,9}(\.\d+)?$/.test(value.trim()) ? Number(value) : null;
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

function connectionFailure(error: NoConnectionError): CallFailure {
  const causes = [...causesOf(error.cause)];
  const codes = causes.map(codeOf);
  const detail = connectionText(error.cause);
  if (codes.includes("UND_ERR_CONNECT_TIMEOUT")) return { failure: "timeout-connect", detail };
  const refused = codes.some((code) => UNREACHABLE.has(code) || Object.hasOwn(TLS_HINTS, code));
  return { failure: refused ? "refused-connection" : "server-error", detail };
}

/** Why nothing came of a connection, with what to do about it where that is known. */
export function connectionText(thrown: unknown): string {
  const causes = [...causesOf(thrown)];
  const detail = messageOf(causes.at(-1));
  const hint = causes.map((cause) => TLS_HINTS[codeOf(cause)]).find((text) => text !== undefined);
  return hint === undefined ? detail : `${hint} (${detail})`;
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
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}

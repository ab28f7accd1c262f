// HTTP to model servers: connections kept alive, no redirects, no header from the environment, error bodies bounded.
import { type Dispatcher, fetch as undiciFetch, Response as UndiciResponse } from "undici";
import { nestedError } from "./told-error.ts";

const ERROR_BODY_BYTES = 64 * 1024;
const LIST_BYTES = 1024 * 1024;

/** What an error's reader goes by, beside the body. */
const ERROR_HEADERS = ["retry-after", "retry-after-ms", "x-request-id"];

export type Fetch = typeof undiciFetch;

/** What a request needs beyond its body. */
export interface TransportOptions {
  readonly dispatcher: Dispatcher;
  readonly apiKey: string | null;
  /** undici's own, or a test's. */
  readonly fetch?: Fetch | undefined;
}

interface Init {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

/** The `Authorization` header of a key; none without one. */
export function authorization(apiKey: string | null): Readonly<Record<string, string>> {
  return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
}

/**
 * A `fetch` for the openai SDK. It sends its own headers only: the SDK would add some from the environment, such as
 * another server's key. Error bodies come out nested (`{"error":{…}}`), as the SDK drops flat ones.
 */
export function boundedFetch(options: TransportOptions): typeof fetch {
  const request = options.fetch ?? undiciFetch;
  const send = async (url: string | URL | Request, init: Init = {}) => {
    const response = await request(String(url), {
      method: init.method ?? "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json", ...authorization(options.apiKey) },
      body: typeof init.body === "string" ? init.body : null,
      signal: init.signal ?? null,
      redirect: "error",
      dispatcher: options.dispatcher,
    });
    if (response.ok) return response;
    const headers = ERROR_HEADERS.flatMap((name): [string, string][] => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return new UndiciResponse(errorBody(await cappedText(response, ERROR_BODY_BYTES)), { status: response.status, headers });
  };
  return send as unknown as typeof fetch;
}

export interface Connecting extends TransportOptions {
  /** Address that `/models` is appended to: a page that costs nothing. */
  readonly endpoint: string;
  readonly limits: { readonly connectMs: number };
}

/** Opens so many connections, which the dispatcher keeps alive for what is sent next. What goes wrong here will go wrong again where it is told. */
export async function connect(options: Connecting, count: number, signal: AbortSignal): Promise<void> {
  const request = options.fetch ?? undiciFetch;
  const page = async (): Promise<void> => {
    const response = await request(`${options.endpoint.replace(/\/+$/, "")}/models`, {
      headers: { accept: "application/json", ...authorization(options.apiKey?.trim() || null) },
      redirect: "error",
      dispatcher: options.dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(2 * options.limits.connectMs)]),
    });
    await cappedText(response, LIST_BYTES);
  };
  // All at once: a connection that is under way is not used for the next.
  await Promise.allSettled(Array.from({ length: count }, page));
  signal.throwIfAborted();
}

/** The body as text; stops reading after `maxBytes` and gives what came until then. */
export async function cappedText(response: Pick<UndiciResponse, "body">, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    bytes += (part as Uint8Array).length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes).toString("utf8");
}

/** A JSON object's text, parsed; null for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A body that is no JSON object is told as it is. */
function errorBody(text: string): string {
  const body = parseObject(text);
  return body === null ? text : nestedError(body);
}

// HTTP to model servers: keep-alive, no redirects, no headers from the environment, bounded error bodies.
import { type Dispatcher, request, Response as UndiciResponse } from "undici";
import { messageOf } from "../../core/base/errors.ts";
import { nestedError } from "./provider-error.ts";

const ERROR_BODY_BYTES = 64 * 1024;
const LIST_BYTES = 1024 * 1024;

/** The headers of an error that are used. */
const ERROR_HEADERS = ["retry-after", "retry-after-ms", "x-request-id"];

export interface RequestParts {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  readonly dispatcher: Dispatcher;
}

export interface ResponseFacts {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** What `boundedFetch` returns for a success: the part of `Response` that is needed here. */
export type Streamed = ResponseFacts & { readonly body: AsyncIterable<Uint8Array> };

export type Send = (url: string, asked: RequestParts) => Promise<ResponseFacts>;

/** What a request needs besides its body. */
export interface TransportOptions {
  readonly dispatcher: Dispatcher;
  readonly apiKey: string | null;
  /** Replaces the network in tests. */
  readonly send?: Send | undefined;
}

interface Init {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

/** The `Authorization` header for a key; empty without one. */
export function authorization(apiKey: string | null): Readonly<Record<string, string>> {
  return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
}

/** undici's own `fetch` costs more processor time per chunk than the rest of a call, and timed calls share that processor. */
const overSocket: Send = async (url, { method, headers, body, signal, dispatcher }) => {
  const response = await request(url, { method, headers, body, signal, dispatcher });
  const one = (name: string): string | null => [response.headers[name] ?? []].flat()[0] ?? null;
  return { status: response.statusCode, headers: { get: one }, body: response.body };
};

/** The connection or the protocol failed while an answer was read. */
export class BrokenConnectionError extends Error {
  override readonly name = "BrokenConnectionError";
}

/** Any error while reading is the connection's: undici's and node's errors share no class or code. */
async function* untilBroken(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw new BrokenConnectionError(messageOf(error), { cause: error });
  }
}

/**
 * A `fetch` for the openai SDK. It sends only its own headers: the SDK would add some from the environment, such as another
 * server's key. Error bodies are returned nested (`{"error":{…}}`), since the SDK drops flat ones.
 */
export function boundedFetch({ dispatcher, apiKey, send = overSocket }: TransportOptions): typeof fetch {
  const post = async (url: string | URL | Request, init: Init = {}) => {
    const response = await send(String(url), {
      method: "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json", ...authorization(apiKey) },
      body: typeof init.body === "string" ? init.body : null,
      signal: init.signal ?? new AbortController().signal,
      dispatcher,
    });
    const { status, body } = response;
    const kept = (names: readonly string[]) =>
      names.flatMap((name): [string, string][] => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      });
    if (status >= 200 && status < 300) return { ok: true, status, headers: new Map(kept(["content-type"])), body: untilBroken(body ?? []) };
    return new UndiciResponse(errorBody(await cappedText(response, ERROR_BODY_BYTES)), { status, headers: kept(ERROR_HEADERS) });
  };
  return post as unknown as typeof fetch;
}

export interface Connecting extends TransportOptions {
  /** Base URL that `/models` is appended to: a cheap request. */
  readonly endpoint: string;
  readonly limits: { readonly connectMs: number };
}

/** Opens connections, which the dispatcher keeps alive for the next calls. Errors are ignored: they will recur where they are reported. */
export async function connect({ endpoint, apiKey, dispatcher, limits, send = overSocket }: Connecting, count: number, signal: AbortSignal): Promise<void> {
  const page = async (): Promise<void> => {
    const response = await send(`${endpoint.replace(/\/+$/, "")}/models`, {
      method: "GET",
      headers: { accept: "application/json", ...authorization(apiKey?.trim() || null) },
      body: null,
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(2 * limits.connectMs)]),
    });
    await cappedText(response, LIST_BYTES);
  };
  // All at once: a busy connection is not used for the next request.
  await Promise.allSettled(Array.from({ length: count }, page));
  signal.throwIfAborted();
}

/** The body as text; stops after `maxBytes` and returns what came until then. */
export async function cappedText(response: Pick<ResponseFacts, "body">, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
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

/** A body that is not a JSON object is passed on as text. */
function errorBody(text: string): string {
  const body = parseObject(text);
  return body === null ? text : nestedError(body);
}

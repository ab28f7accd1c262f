// HTTP to model servers: keep-alive, decoded bodies, redirects on the same origin only, one retry over a connection that had gone stale.
import { pipeline, type Readable } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { type Dispatcher, request } from "undici";
import { messageOf } from "../../core/base/errors.ts";

const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);
/** A connection that the server had closed while it was idle. */
const STALE = new Set(["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"]);

export interface RequestParts {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  readonly dispatcher: Dispatcher;
  /** Called when the request goes to its socket. */
  readonly sending?: (() => void) | undefined;
}

export interface ResponseFacts {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  /** The request went out twice: the connection that it was to use had been closed by the server. */
  readonly reconnected?: boolean;
}

export type Send = (url: string, asked: RequestParts) => Promise<ResponseFacts>;

/** Nothing was answered: the server could not be reached, or went away before its first header. */
export class NoConnectionError extends Error {
  override readonly name = "NoConnectionError";
}

/** The connection or the protocol failed while an answer was read. */
export class BrokenConnectionError extends Error {
  override readonly name = "BrokenConnectionError";
}

/** The `Authorization` header for a key; empty without one. */
export function authorization(apiKey: string | null): Readonly<Record<string, string>> {
  const key = apiKey?.trim() ?? "";
  return key === "" ? {} : { authorization: `Bearer ${key}` };
}

/** undici's own `fetch` costs more processor time per chunk than the rest of a call, and timed calls share that processor. */
export const overSocket: Send = async (url, asked) => {
  const answer = await sentAgainIfStale(url, asked);
  return followed(url, asked, answer, MOST_REDIRECTS);
};

async function sentAgainIfStale(url: string, asked: RequestParts): Promise<ResponseFacts> {
  try {
    return await once(url, asked);
  } catch (error) {
    if (asked.signal.aborted || !isStale(error, asked.dispatcher)) throw error;
    return { ...(await once(url, asked)), reconnected: true };
  }
}

async function once(url: string, { method, headers, body, signal, dispatcher, sending }: RequestParts): Promise<ResponseFacts> {
  const response = await request(url, { method, headers, body, signal, dispatcher: sending === undefined ? dispatcher : told(dispatcher, sending) });
  answered.add(dispatcher);
  const one = (name: string): string | null => [response.headers[name] ?? []].flat()[0] ?? null;
  return { status: response.statusCode, headers: { get: one }, body: decoded(response.body, one("content-encoding")) };
}

/** The same connections; `sending` is called when one takes a request. */
const told = (dispatcher: Dispatcher, sending: () => void): Dispatcher =>
  dispatcher.compose((dispatch) => (options, handler) => dispatch(options, toldHandler(handler, sending)));

const toldHandler = (handler: Dispatcher.DispatchHandler, sending: () => void): Dispatcher.DispatchHandler => ({
  onRequestStart: (...start) => {
    sending();
    handler.onRequestStart?.(...start);
  },
  onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
  onResponseStart: (...start) => handler.onResponseStart?.(...start),
  onResponseData: (...data) => handler.onResponseData?.(...data),
  onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
  onResponseError: (...error) => handler.onResponseError?.(...error),
});

/** Whose connections have carried an answer. */
const answered = new WeakSet<Dispatcher>();

/** The connection had carried answers before, and broke before this one's first header. */
function isStale(error: unknown, dispatcher: Dispatcher): boolean {
  if (!(error instanceof Error) || !("code" in error) || !STALE.has(String(error.code))) return false;
  // What the operating system reports does not say which connection it was.
  if (!("socket" in error)) return answered.has(dispatcher);
  return ((error.socket as { readonly bytesRead?: number } | null)?.bytesRead ?? 0) > 0;
}

/** A redirect to another origin is left as it is: keys and code go where the policy says. */
async function followed(url: string, asked: RequestParts, answer: ResponseFacts, left: number): Promise<ResponseFacts> {
  const location = REDIRECTS.has(answer.status) ? answer.headers.get("location") : null;
  const next = location === null || !URL.canParse(location, url) ? null : new URL(location, url);
  if (next === null || next.origin !== new URL(url).origin || left === 0) return answer;
  await cappedText(answer, 1024);
  return followed(next.href, asked, await sentAgainIfStale(next.href, asked), left - 1);
}

/** Nobody asks for compression, which would hold tokens back; some gateways compress all the same. */
const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: () => createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  "x-gzip": () => createGunzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
};

function decoded(body: Readable, encoding: string | null): AsyncIterable<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "";
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name]?.() : undefined;
  if (decoder === undefined) return body;
  // An error of either is read as the decoder's.
  return pipeline(body, decoder, () => undefined) as unknown as AsyncIterable<Uint8Array>;
}

/** Any error while reading is the connection's: undici's and node's errors share no class or code. */
export async function* untilBroken(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw new BrokenConnectionError(messageOf(error), { cause: error });
  }
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

/** The value of a JSON text; undefined for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A JSON object's text, parsed; null for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

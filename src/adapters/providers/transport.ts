// HTTP to model servers: connections kept alive, no redirects, no header from the environment, every body bounded.
import { type Agent, fetch as undiciFetch, Response as UndiciResponse } from "undici";

const ERROR_BODY_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The server sends more than is allowed without ending a stream frame or a body. */
export class OversizedBodyError extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes in one piece`);
    this.name = "OversizedBodyError";
  }
}

/** What a request needs beyond its body. */
export interface TransportOptions {
  readonly agent: Agent;
  readonly apiKey: string | null;
  /** Bytes that one frame of a stream may hold. */
  readonly maxFrameBytes: number;
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
  const send = async (url: string | URL | Request, init: Init = {}) => {
    const response = await undiciFetch(String(url), {
      method: init.method ?? "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json", ...authorization(options.apiKey) },
      body: typeof init.body === "string" ? init.body : null,
      signal: init.signal ?? null,
      redirect: "error",
      dispatcher: options.agent,
    });
    const { status, headers } = response;
    if (!response.ok) return new UndiciResponse(nested(await cappedText(response, ERROR_BODY_BYTES)), { status });
    return new UndiciResponse(response.body?.pipeThrough(frameGuard(options.maxFrameBytes)) ?? null, { status, headers });
  };
  return send as unknown as typeof fetch;
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
  return Buffer.concat(parts).toString("utf8").slice(0, maxBytes);
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

function nested(text: string): string {
  const body = parseObject(text);
  if (body === null) return text;
  if (typeof body["error"] === "object" && body["error"] !== null) return text;
  return JSON.stringify({ error: { message: body["error"] ?? body["detail"], ...body } });
}

/** Passes a stream on, and breaks it when it neither ends a frame nor stops: the SDK would buffer it for ever. */
function frameGuard(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let frameBytes = 0;
  let lineBytes = 0;
  return new TransformStream({
    transform(bytes, controller) {
      for (const byte of bytes) {
        frameBytes += 1;
        if (byte === LINE_FEED) {
          if (lineBytes === 0) frameBytes = 0;
          lineBytes = 0;
        } else if (byte !== CARRIAGE_RETURN) lineBytes += 1;
      }
      if (frameBytes > maxBytes) throw new OversizedBodyError(maxBytes);
      controller.enqueue(bytes);
    },
  });
}

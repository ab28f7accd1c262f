// One request for an answer: its body sent as JSON, its stream handed back, and an error told as the server's own.
import type { Dispatcher } from "undici";
import { errorIn, ProviderError } from "./provider-error.ts";
import {
  authorization,
  BrokenConnectionError,
  cappedText,
  NoConnectionError,
  overSocket,
  parseJson,
  type RequestParts,
  type ResponseFacts,
  type Send,
  untilBroken,
} from "./transport.ts";

const ERROR_BODY_BYTES = 64 * 1024;

/** What a request needs besides its body. */
export interface TransportOptions {
  readonly dispatcher: Dispatcher;
  readonly apiKey: string | null;
  /** Replaces the network in tests. */
  readonly send?: Send | undefined;
}

/** `sending`: called when the request goes to its socket. */
type PostOptions = TransportOptions & Pick<RequestParts, "sending">;

/** A success, whose body is still to come. */
export type Streamed = ResponseFacts & { readonly body: AsyncIterable<Uint8Array> };

/** Sends only its own headers. Throws `NoConnectionError`, and `ProviderError` for an answer that is none. */
export async function post(url: string, body: object, options: PostOptions, signal: AbortSignal): Promise<Streamed> {
  const response = await sent(url, body, options, signal);
  const { status, headers, reconnected = false } = response;
  const stream = untilBroken(response.body ?? []);
  if (status >= 200 && status < 300) return { status, headers, reconnected, body: stream };
  throw errorOf(await errorText(stream), status, (name) => headers.get(name));
}

/** What an error's body says; nothing where it breaks off: the status has told what it is. */
async function errorText(body: AsyncIterable<Uint8Array>): Promise<string> {
  try {
    return await cappedText({ body }, ERROR_BODY_BYTES);
  } catch (error) {
    if (error instanceof BrokenConnectionError) return "";
    throw error;
  }
}

async function sent(url: string, body: object, { dispatcher, apiKey, send = overSocket, sending }: PostOptions, signal: AbortSignal): Promise<ResponseFacts> {
  const headers = { accept: "text/event-stream", "content-type": "application/json", ...authorization(apiKey) };
  try {
    return await send(url, { method: "POST", headers, body: JSON.stringify(body), signal, dispatcher, sending });
  } catch (error) {
    throw new NoConnectionError("no answer", { cause: error });
  }
}

/** An error's text is its JSON's, or all of it. */
function errorOf(text: string, status: number, header: (name: string) => string | null): ProviderError {
  if (status >= 300 && status < 400)
    return new ProviderError(`the server redirects to ${header("location") ?? "nowhere"}: write that address into the policy, if it is right`, {
      status,
      header,
    });
  return new ProviderError(errorIn(parseJson(text), text), { status, header });
}

/** The error in a whole JSON body under a status that says otherwise; null if it holds none. */
export function hiddenError(text: string): ProviderError | null {
  const body = parseJson(text);
  const first: unknown = Array.isArray(body) ? (body as readonly unknown[])[0] : body;
  const isError =
    typeof first === "object" && first !== null && (("error" in first && Boolean(first.error)) || ("object" in first && first.object === "error"));
  return isError ? new ProviderError(errorIn(body, text)) : null;
}

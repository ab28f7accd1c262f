// Connections that are opened before anything is timed.
import { authorization, cappedText, overSocket } from "./transport.ts";
import type { TransportOptions } from "./post.ts";

const LIST_BYTES = 1024 * 1024;

interface Connecting extends TransportOptions {
  /** Base URL that `/models` is appended to: a cheap request. */
  readonly endpoint: string;
  readonly limits: { readonly connectMs: number };
}

/** Opens connections, which the dispatcher keeps alive for the next calls. Errors are ignored: they will recur where they are reported. */
export async function connect({ endpoint, apiKey, dispatcher, limits, send = overSocket }: Connecting, count: number, signal: AbortSignal): Promise<void> {
  const page = async (): Promise<void> => {
    const response = await send(`${endpoint.replace(/\/+$/, "")}/models`, {
      method: "GET",
      headers: { accept: "application/json", ...authorization(apiKey) },
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

// A server's prefix cache: flushed if the server allows it, and counted if it publishes counters.
import { fetch } from "undici";
import type { CacheCounters, ServerControl } from "../../ports/servers.ts";
import type { DialectName } from "../../core/policy/candidate/dialect.ts";
import { FLUSH_WAIT_S } from "./dialects/dialect.ts";
import { DIALECTS } from "./dialects/dialects.ts";
import { rootOf } from "./identity.ts";
import { dispatcherTo } from "./route.ts";
import { authorization, cappedText } from "./transport.ts";

const BODY_BYTES = 8 * 1024 * 1024;

export interface ControlOptions {
  readonly kind: DialectName;
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly ca?: string | null;
  readonly timeoutMs: number;
}

export function serverControl(options: ControlOptions): ServerControl {
  const { flushPath: path, counters: names } = DIALECTS[options.kind].cache;
  return {
    flush: async (signal) => {
      return path !== null && (await page(options, path, { method: "POST", signal, timeoutMs: options.timeoutMs + FLUSH_WAIT_S * 1000 })) !== null;
    },
    cacheCounters: async (signal) => {
      const text = names === null ? null : await page(options, "/metrics", { method: "GET", signal, timeoutMs: options.timeoutMs });
      return names === null || text === null ? null : countersIn(text, names);
    },
  };
}

interface Asking {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** The page's text; null if unavailable. */
async function page(options: ControlOptions, path: string, how: Asking): Promise<string | null> {
  try {
    const response = await fetch(rootOf(options.endpoint) + path, {
      method: how.method,
      headers: authorization(options.apiKey),
      dispatcher: dispatcherTo({ endpoint: options.endpoint, ca: options.ca ?? null, connectMs: options.timeoutMs }),
      redirect: "error",
      signal: AbortSignal.any([how.signal, AbortSignal.timeout(how.timeoutMs)]),
    });
    const text = await cappedText(response, BODY_BYTES);
    return response.ok ? text : null;
  } catch {
    // Aborted or missing: the caller knows which.
    how.signal.throwIfAborted();
    return null;
  }
}

function countersIn(text: string, names: { readonly cached: string; readonly prompt: string }): CacheCounters | null {
  const cachedTokens = counterIn(text, names.cached);
  const promptTokens = counterIn(text, names.prompt);
  return cachedTokens === null || promptTokens === null ? null : { cachedTokens, promptTokens };
}

/** A counter in the Prometheus text format, summed over its labels; null if absent. */
export function counterIn(text: string, name: string): number | null {
  const values = text.split("\n").flatMap((line) => {
    if (!line.startsWith(name) || !/^[{\s]/.test(line.slice(name.length))) return [];
    const value = Number(/(?:\}|\s)\s*([^\s}]+)(?:\s+\d+)?\s*$/.exec(line.slice(name.length))?.[1]);
    return Number.isFinite(value) ? [value] : [];
  });
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

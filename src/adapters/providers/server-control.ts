// A server's cache from outside: emptied where the server allows it, and counted where it publishes its counters.
import { fetch } from "undici";
import type { CacheCounters, ServerControl } from "../../ports/servers.ts";
import type { DialectKind } from "./dialect.ts";
import { rootOf } from "./identity.ts";
import { authorization, cappedText } from "./transport.ts";

const BODY_BYTES = 8 * 1024 * 1024;

export interface ControlOptions {
  readonly kind: DialectKind;
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
}

/** SGLang refuses to empty its cache while it still puts a request away: it is asked to wait for that. */
const FLUSH_WAIT_S = 30;

/** vLLM empties its cache only in its development mode; OpenAI's can't be emptied. */
const FLUSH_PATHS: Readonly<Record<DialectKind, string | null>> = { sglang: `/flush_cache?timeout=${FLUSH_WAIT_S}`, vllm: null, openai: null };

const COUNTERS: Readonly<Record<DialectKind, { readonly cached: string; readonly prompt: string } | null>> = {
  sglang: { cached: "sglang:cached_tokens_total", prompt: "sglang:prompt_tokens_total" },
  vllm: { cached: "vllm:prefix_cache_hits_total", prompt: "vllm:prefix_cache_queries_total" },
  openai: null,
};

export function serverControl(options: ControlOptions): ServerControl {
  return {
    flush: async (signal) => {
      const path = FLUSH_PATHS[options.kind];
      return path !== null && (await page(options, path, { method: "POST", signal, timeoutMs: options.timeoutMs + FLUSH_WAIT_S * 1000 })) !== null;
    },
    cacheCounters: async (signal) => {
      const names = COUNTERS[options.kind];
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

/** The page's text; null where there is none to be had. */
async function page(options: ControlOptions, path: string, how: Asking): Promise<string | null> {
  try {
    const response = await fetch(rootOf(options.endpoint) + path, {
      method: how.method,
      headers: authorization(options.apiKey?.trim() || null),
      redirect: "error",
      signal: AbortSignal.any([how.signal, AbortSignal.timeout(how.timeoutMs)]),
    });
    const text = await cappedText(response, BODY_BYTES);
    return response.ok ? text : null;
  } catch {
    // Aborted or not there: what asked for it knows which.
    how.signal.throwIfAborted();
    return null;
  }
}

function countersIn(text: string, names: { readonly cached: string; readonly prompt: string }): CacheCounters | null {
  const cachedTokens = counterIn(text, names.cached);
  const promptTokens = counterIn(text, names.prompt);
  return cachedTokens === null || promptTokens === null ? null : { cachedTokens, promptTokens };
}

/** A counter of the Prometheus text format, summed over its labels; null where it is not there. */
export function counterIn(text: string, name: string): number | null {
  const values = text.split("\n").flatMap((line) => {
    if (!line.startsWith(name) || !/^[{\s]/.test(line.slice(name.length))) return [];
    const value = Number(/(?:\}|\s)\s*([^\s}]+)(?:\s+\d+)?\s*$/.exec(line.slice(name.length))?.[1]);
    return Number.isFinite(value) ? [value] : [];
  });
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

// Is a model being served? Asks the model list, which every OpenAI-compatible server returns at once.
import { fetch } from "undici";
import { messageOf } from "../../core/base/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Readiness } from "../../ports/servers.ts";
import { safeDetail } from "./failure.ts";
import { authorization, cappedText, parseObject } from "./transport.ts";

const LIST_BYTES = 4 * 1024 * 1024;
const NAMED = 5;

export interface ReadyProbe {
  /** Base URL that `/models` is appended to: it ends in `/v1`. */
  readonly endpoint: string;
  /** The server's own id of the model; it must match exactly. */
  readonly model: string;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

interface Why {
  readonly reason: string;
  readonly taken: boolean;
}

const notReady = (reason: string): Why => ({ reason, taken: false });

/** Asks the server which models it serves. Never throws: an unreachable server is not ready, with the reason. */
export async function probeReady(probe: ReadyProbe): Promise<Readiness> {
  const started = probe.clock.now();
  const why = await whyNotReady(probe).catch((error: unknown) => notReady(failureReason(error, probe.timeoutMs)));
  if (why === null) return { ready: true, latencyMs: probe.clock.now() - started };
  return { ready: false, reason: safeDetail(why.reason, probe.apiKey), taken: why.taken };
}

async function whyNotReady({ endpoint, model, apiKey, timeoutMs }: ReadyProbe): Promise<Why | null> {
  const headers = { accept: "application/json", ...authorization(apiKey?.trim() ?? null) };
  const response = await fetch(`${endpoint.replace(/\/+$/, "")}/models`, { headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  const body = await cappedText(response, LIST_BYTES);
  if (response.status === 401 || response.status === 403) return notReady(`the key was refused (HTTP ${response.status})`);
  if (!response.ok) return notReady(`the model list answers HTTP ${response.status}`);
  const ids = idsOf(body);
  if (ids === null) return notReady("the response is not a model list: is the address right?");
  return ids.includes(model) ? null : { reason: `${model} is not served: the server has ${summary(ids)}`, taken: true };
}

function idsOf(body: string): readonly string[] | null {
  const data = parseObject(body)?.["data"];
  if (!Array.isArray(data)) return null;
  return data.flatMap((entry: { readonly id?: unknown } | null) => (typeof entry?.id === "string" ? [entry.id] : []));
}

function summary(ids: readonly string[]): string {
  if (ids.length === 0) return "none";
  const named = ids.slice(0, NAMED).join(", ");
  return ids.length > NAMED ? `${named} and ${ids.length - NAMED} more` : named;
}

function failureReason(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(cause instanceof AggregateError ? cause.errors[0] : cause);
}

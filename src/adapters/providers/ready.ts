// Is a model being served? Asks the model list, which every OpenAI-compatible server returns at once.
import { fetch } from "undici";
import type { Clock } from "../../ports/clock.ts";
import type { Readiness } from "../../ports/servers.ts";
import { fitsPattern, isSameModel } from "../../core/policy/candidate/served-name.ts";
import { contextIn, type ContextPages, contextPages } from "./context-length.ts";
import { connectionText, safeDetail } from "./failure.ts";
import { type ListedModel, listedModels } from "./model-names.ts";
import { addressHint, dispatcherTo } from "./route.ts";
import { authorization, cappedText } from "./transport.ts";

const LIST_BYTES = 4 * 1024 * 1024;
const NAMED = 5;

export interface ReadyProbe {
  /** Base URL that `/models` is appended to: it ends in `/v1`. */
  readonly endpoint: string;
  /** The server's own id of the model: it is sent as it is, so it must be listed as it is. */
  readonly model: string;
  /** Names by which the server may list it all the same; `*` stands for anything. */
  readonly acceptModels?: readonly string[];
  readonly ca?: string | null;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

interface Why {
  readonly reason: string;
  readonly taken: boolean;
}

const notReady = (reason: string): Why => ({ reason, taken: false });

/** Looks under way, by server: whoever asks meanwhile shares their answers. A server that answers one after the other is asked once. */
export interface ReadyLooks {
  readonly lists: Map<string, Promise<ListAnswer>>;
  readonly contexts: Map<string, Promise<ContextPages>>;
}

export const openReadyLooks = (): ReadyLooks => ({ lists: new Map(), contexts: new Map() });

interface ListAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks the server which models it serves. Never throws: an unreachable server is not ready, with the reason. */
export async function probeReady(probe: ReadyProbe, looks: ReadyLooks = openReadyLooks()): Promise<Readiness> {
  const started = probe.clock.now();
  const found = await served(probe, looks).catch((error: unknown) => notReady(failureReason(error, probe.timeoutMs)));
  const latencyMs = probe.clock.now() - started;
  if ("id" in found) return { ready: true, latencyMs, contextTokens: found.contextTokens ?? (await contextOf(probe, looks)) };
  return { ready: false, reason: safeDetail(found.reason, probe.apiKey), taken: found.taken };
}

/** Many candidates of one server ask together here, too. */
async function contextOf(probe: ReadyProbe, { contexts }: ReadyLooks): Promise<number | null> {
  const key = `${probe.endpoint} ${probe.apiKey}`;
  const look = contexts.get(key) ?? contextPages(probe).finally(() => contexts.delete(key));
  contexts.set(key, look);
  return contextIn(await look, probe.model);
}

async function served(probe: ReadyProbe, { lists }: ReadyLooks): Promise<ListedModel | Why> {
  const { endpoint } = probe;
  const key = `${endpoint} ${probe.apiKey}`;
  const look = lists.get(key) ?? listOf(probe).finally(() => lists.delete(key));
  lists.set(key, look);
  const list = modelsIn(await look, endpoint);
  if (!list.ok) return notReady(list.reason);
  return among(list.entries, probe);
}

type ListProbe = Pick<ReadyProbe, "endpoint" | "apiKey" | "ca" | "timeoutMs">;

export type ModelList = { readonly ok: true; readonly entries: readonly ListedModel[] } | { readonly ok: false; readonly reason: string };

/** The models that a server says it serves. Never throws: a server that does not answer is a reason. */
export const listModels = (probe: ListProbe): Promise<ModelList> =>
  listOf(probe).then(
    (answer) => modelsIn(answer, probe.endpoint),
    (error: unknown) => refused(safeDetail(failureReason(error, probe.timeoutMs), probe.apiKey)),
  );

const refused = (reason: string): ModelList => ({ ok: false, reason });

function modelsIn({ status, body }: ListAnswer, endpoint: string): ModelList {
  if (status === 401 || status === 403) return refused(`the key was refused (HTTP ${status})`);
  if (status < 200 || status >= 300) return refused(`the model list answers HTTP ${status}${status === 404 ? addressHint(endpoint) : ""}`);
  const entries = listedModels(body);
  return entries === null ? refused(`the response is not a model list: is the address right?${addressHint(endpoint)}`) : { ok: true, entries };
}

async function listOf({ endpoint, apiKey, ca = null, timeoutMs }: ListProbe): Promise<ListAnswer> {
  const headers = { accept: "application/json", ...authorization(apiKey) };
  const dispatcher = dispatcherTo({ endpoint, ca, connectMs: timeoutMs });
  const response = await fetch(`${endpoint.replace(/\/+$/, "")}/models`, { headers, dispatcher, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, body: await cappedText(response, LIST_BYTES) };
}

function among(entries: readonly ListedModel[], { model, acceptModels = [] }: ReadyProbe): ListedModel | Why {
  const entry = entries.find(({ id }) => id === model) ?? entries.find(({ id }) => fitsPattern(acceptModels, id));
  if (entry) return entry;
  const ids = entries.map(({ id }) => id);
  const meant = ids.find((id) => isSameModel(model, id));
  const hint = meant === undefined ? "" : `: write model = ${JSON.stringify(meant)}`;
  return { reason: `${model} is not served: the server has ${summary(ids)}${hint}`, taken: true };
}

function summary(ids: readonly string[]): string {
  if (ids.length === 0) return "none";
  const named = ids.slice(0, NAMED).join(", ");
  return ids.length > NAMED ? `${named} and ${ids.length - NAMED} more` : named;
}

function failureReason(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  return connectionText(error);
}

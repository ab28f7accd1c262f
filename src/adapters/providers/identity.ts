// What a model server reports to have loaded, and with which flags: facts that affect its answers, and no secrets.
import { fetch } from "undici";
import type { ServerFacts, ServerInspector } from "../../ports/servers.ts";
import type { DialectName } from "../../core/policy/candidate/dialect.ts";
import type { IdentityQuestion } from "./dialects/dialect.ts";
import { DIALECTS } from "./dialects/dialects.ts";
import { connectionText, safeDetail } from "./failure.ts";
import { dispatcherTo } from "./route.ts";
import { authorization, cappedText, parseObject } from "./transport.ts";

const BODY_BYTES = 8 * 1024 * 1024;
const FACT_CHARS = 300;

export interface IdentityOptions {
  readonly kind: DialectName;
  /** Ends in `/v1`; the server's information pages are beside it. */
  readonly endpoint: string;
  readonly apiKey: string | null;
  readonly ca?: string | null;
  readonly timeoutMs: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Can servers of this kind report what they have loaded? */
export const isInspectable = (kind: DialectName): boolean => DIALECTS[kind].identity !== null;

/** Asks a server what it has loaded. */
export function serverInspector(options: IdentityOptions): ServerInspector {
  const { questions, headline } = DIALECTS[options.kind].identity ?? { questions: [], headline: [] };
  return {
    headline,
    inspect: async (signal) => {
      try {
        const told = await Promise.all(questions.map((question) => ask(options, question, signal)));
        const facts = Object.assign({}, ...told, await modelFacts(options, signal)) as ServerFacts;
        return Object.keys(facts).length > 0 ? { ok: true, facts } : { ok: false, detail: "the server reports nothing about itself" };
      } catch (error) {
        return { ok: false, detail: safeDetail(connectionText(error), options.apiKey) };
      }
    },
  };
}

async function ask(options: IdentityOptions, question: IdentityQuestion, signal: AbortSignal): Promise<ServerFacts> {
  for (const path of question.paths) {
    const body = await get(options, rootOf(options.endpoint) + path, signal);
    if (body !== null) return factsOf(body, question.keep, options.apiKey);
  }
  return {};
}

/** From the model list: each model's name and context length. */
async function modelFacts(options: IdentityOptions, signal: AbortSignal): Promise<ServerFacts> {
  const list = await get(options, `${options.endpoint.replace(/\/+$/, "")}/models`, signal);
  const entries = Array.isArray(list?.["data"]) ? (list["data"] as readonly unknown[]) : [];
  const models = entries.flatMap((entry) => (typeof entry === "object" && entry !== null ? [entry as Json] : []));
  const facts = models.slice(0, 20).flatMap((model): [string, string | number | boolean | null][] => {
    const { id, root, max_model_len: length } = factsOf(model, ["id", "root", "max_model_len"], options.apiKey);
    return typeof id === "string" ? [[`model ${id}`, `${String(root ?? id)}, ${String(length ?? "unknown")} tokens`]] : [];
  });
  return Object.fromEntries(facts);
}

/** Null if the server has no such page. */
async function get(options: IdentityOptions, url: string, signal: AbortSignal): Promise<Json | null> {
  const response = await fetch(url, {
    headers: { accept: "application/json", ...authorization(options.apiKey) },
    dispatcher: dispatcherTo({ endpoint: options.endpoint, ca: options.ca ?? null, connectMs: options.timeoutMs }),
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]),
  });
  const body = await cappedText(response, BODY_BYTES);
  return response.ok ? parseObject(body) : null;
}

function factsOf(body: Json, keep: readonly string[], apiKey: string | null): ServerFacts {
  const facts = keep.flatMap((name): [string, string | number | boolean | null][] => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (typeof value === "string") return [[name, safeDetail(value, apiKey).slice(0, FACT_CHARS).toWellFormed()]];
    return typeof value === "boolean" || value === null || (typeof value === "number" && Number.isFinite(value)) ? [[name, value]] : [];
  });
  return Object.fromEntries(facts);
}

/** The address without its `/v1`. */
export const rootOf = (endpoint: string): string => endpoint.replace(/\/+$/, "").replace(/\/v1$/, "");

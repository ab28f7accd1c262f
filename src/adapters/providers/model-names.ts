// Whether the model that an answer names is the one that was asked for: by its name, by the candidate's own list, or by the server's.
import { fitsPattern, isSameModel } from "../../core/policy/candidate/served-name.ts";
import type { ServedModel } from "./dialects/dialect.ts";
import type { TransportOptions } from "./post.ts";
import { authorization, cappedText, overSocket, parseObject } from "./transport.ts";

const LIST_BYTES = 4 * 1024 * 1024;
const LIST_MS = 5000;

/** A model as a server's list has it. */
export interface ListedModel {
  readonly id: string;
  readonly root: string | null;
  /** Tokens of prompt and answer together; null where the server does not say. */
  readonly contextTokens: number | null;
  /** Who serves it, in the server's words: `sglang`, `vllm`, `llamacpp`. */
  readonly ownedBy: string;
}

/** The entries of a model list's text; null if it is none. */
export function listedModels(text: string): readonly ListedModel[] | null {
  const data = parseObject(text)?.["data"];
  if (!Array.isArray(data)) return null;
  return data.flatMap((entry: Readonly<Record<string, unknown>> | null): ListedModel[] => {
    const { id, root, owned_by: owner } = entry ?? {};
    if (typeof id !== "string") return [];
    const known = { contextTokens: contextTokens(entry ?? {}), ownedBy: typeof owner === "string" ? owner : "" };
    return [{ id, root: typeof root === "string" ? root : null, ...known }];
  });
}

/** What servers call it: vLLM and SGLang, OpenRouter and Together, Mistral; llama.cpp has it among what it knows of its file. */
function contextTokens(entry: Readonly<Record<string, unknown>>): number | null {
  const { meta } = entry;
  const own = typeof meta === "object" && meta !== null ? (meta as Readonly<Record<string, unknown>>)["n_ctx"] : undefined;
  const told = [entry["max_model_len"], entry["context_length"], entry["max_context_length"], own].find(Number.isSafeInteger);
  return told === undefined || Number(told) < 1 ? null : Number(told);
}

/** By the names alone. */
export const isAccepted = ({ model, acceptModels = [] }: Pick<ServedModel, "model" | "acceptModels">, named: string): boolean =>
  isSameModel(model, named) || fitsPattern(acceptModels, named);

export interface ModelNames {
  /** Asks the server's list only for a name that says nothing by itself, and only once. Never throws. */
  accepts(served: ServedModel, named: string, signal: AbortSignal): Promise<boolean>;
}

export function modelNames(options: TransportOptions & { readonly endpoint: string }): ModelNames {
  let list: Promise<readonly ListedModel[]> | null = null;
  return {
    accepts: async (served, named, signal) => {
      if (isAccepted(served, named)) return true;
      list ??= listOf(options, signal).catch(() => []);
      return areOne(await list, served.model, named);
    },
  };
}

/** Two names of one set of weights: entries with the same root, or an entry's root itself. */
function areOne(list: readonly ListedModel[], asked: string, named: string): boolean {
  const root = list.find(({ id }) => id === asked)?.root ?? null;
  return root !== null && (named === root || list.some((entry) => entry.id === named && entry.root === root));
}

async function listOf({ endpoint, apiKey, dispatcher, send = overSocket }: TransportOptions & { readonly endpoint: string }, signal: AbortSignal) {
  const response = await send(`${endpoint.replace(/\/+$/, "")}/models`, {
    method: "GET",
    headers: { accept: "application/json", ...authorization(apiKey) },
    body: null,
    dispatcher,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]),
  });
  return listedModels(await cappedText(response, LIST_BYTES)) ?? [];
}

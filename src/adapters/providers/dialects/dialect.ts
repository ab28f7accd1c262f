// What a dialect is: what one kind of server expects in a request, what its answers may contain, and what it reports about itself.

import type { OutputForm } from "../../../core/policy/candidate/shape.ts";

export type Effort = "none" | "low" | "medium" | "high" | "xhigh";

/** How a model of the policy is served. */
export interface ServedModel {
  /** The server's own id of the model. */
  readonly model: string;
  readonly effort: Effort | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
  /** Names by which an answer may call the model, beside its own and its decorations; `*` stands for anything. */
  readonly acceptModels?: readonly string[];
  /** Members of the request's body as the candidate sets them: sampling, the chat template's arguments, what only this server knows. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** How the answer is held to its schema; if absent: by the strictest form that the server takes. */
  readonly structuredOutput?: OutputForm;
}

/** Paths of which the first that exists is read (newer paths first), and the facts that are kept from it. */
export interface IdentityQuestion {
  readonly paths: readonly string[];
  readonly keep: readonly string[];
}

/** How long a server may take to finish requests before it flushes its cache. */
export const FLUSH_WAIT_S = 30;

export interface Dialect {
  readonly temperature: (served: ServedModel) => { readonly temperature?: number };
  /** The output limit of a chat completion, under the server's name for it. */
  readonly outputLimit: (tokens: number) => { readonly max_tokens: number } | { readonly max_completion_tokens: number };
  /** Does the server reason without streaming? Then nothing follows its first chunk while it reasons. */
  readonly reasonsSilently: boolean;
  /** The member that holds an answer to a regular expression; null: it can't. */
  readonly regexMember: ((regex: string) => Readonly<Record<string, unknown>>) | null;
  /** What the server can be asked about itself; null if nothing. `headline`: the facts that people look for first. */
  readonly identity: { readonly questions: readonly IdentityQuestion[]; readonly headline: readonly string[] } | null;
  /** How its prefix cache is flushed (POST), and the counters of its cached and of all prompt tokens at `/metrics`; null if unavailable. */
  readonly cache: { readonly flushPath: string | null; readonly counters: { readonly cached: string; readonly prompt: string } | null };
}

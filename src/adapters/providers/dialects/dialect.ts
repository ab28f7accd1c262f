// What a dialect is: what one kind of server expects in a request, what its answers may contain, and what it reports about itself.

export type Effort = "none" | "low" | "medium" | "high" | "xhigh";

/** How a model of the policy is served. */
export interface ServedModel {
  /** The server's own id of the model. */
  readonly model: string;
  readonly effort: Effort | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
}

/** Paths of which the first that exists is read (newer paths first), and the facts that are kept from it. */
export interface IdentityQuestion {
  readonly paths: readonly string[];
  readonly keep: readonly string[];
}

/** How long a server may take to finish requests before it flushes its cache. */
export const FLUSH_WAIT_S = 30;

export interface Dialect {
  /** The effort that is sent to the server. */
  readonly sentEffort: (effort: Effort | null) => Effort | null;
  readonly temperature: (served: ServedModel) => { readonly temperature?: number };
  /** The output limit of a chat completion, under the server's name for it. */
  readonly outputLimit: (tokens: number) => { readonly max_tokens: number } | { readonly max_completion_tokens: number };
  /** Does the server reason without streaming? Then nothing follows its first chunk while it reasons. */
  readonly reasonsSilently: boolean;
  /** May an answer use this name for the model? */
  readonly isServedName: (asked: string, named: string) => boolean;
  /** What the server can be asked about itself; null if nothing. `headline`: the facts that people look for first. */
  readonly identity: { readonly questions: readonly IdentityQuestion[]; readonly headline: readonly string[] } | null;
  /** How its prefix cache is flushed (POST), and the counters of its cached and of all prompt tokens at `/metrics`; null if unavailable. */
  readonly cache: { readonly flushPath: string | null; readonly counters: { readonly cached: string; readonly prompt: string } | null };
}

// What a dialect is: how one kind of server wants to be asked, what its answers may say, and what it tells of itself.

export type Effort = "none" | "low" | "medium" | "high" | "xhigh";

/** What the policy's name for a model stands for on the server. */
export interface ServedModel {
  /** The server's own id of the model. */
  readonly model: string;
  readonly effort: Effort | null;
  readonly temperature: number | null;
  readonly maxOutputTokens: number;
}

/** Pages of which the first that is there is read (a newer path before the older one), and the facts of it that are kept. */
export interface IdentityQuestion {
  readonly paths: readonly string[];
  readonly keep: readonly string[];
}

/** How long a server may put requests away before it empties its cache. */
export const FLUSH_WAIT_S = 30;

export interface Dialect {
  /** The effort that the server is really asked for. */
  readonly sentEffort: (effort: Effort | null) => Effort | null;
  readonly temperature: (served: ServedModel) => { readonly temperature?: number };
  /** The bound on a chat completion's output, under the name that the server knows it by. */
  readonly outputLimit: (tokens: number) => { readonly max_tokens: number } | { readonly max_completion_tokens: number };
  /** Does the server think in silence? Then nothing follows its first chunk for as long as it reasons. */
  readonly reasonsSilently: boolean;
  /** May an answer call its model so? */
  readonly isServedName: (asked: string, named: string) => boolean;
  /** What the server can be asked of itself; null where there is nothing to ask. `headline`: the facts that people look for first. */
  readonly identity: { readonly questions: readonly IdentityQuestion[]; readonly headline: readonly string[] } | null;
  /** How its prefix cache is emptied (POST), and the counters of its cached and of all prompt tokens at `/metrics`; null where it can't be. */
  readonly cache: { readonly flushPath: string | null; readonly counters: { readonly cached: string; readonly prompt: string } | null };
}

// The notebook service.
export type NotebookReply =
  | { readonly outcome: "answered"; readonly text: string; readonly totalMs: number }
  /** `skipped`: the service was not asked, for example because the day's questions are used up. */
  | { readonly outcome: "failed" | "skipped"; readonly detail: string; readonly totalMs: number };

export interface Notebook {
  ask(question: string, signal: AbortSignal): Promise<NotebookReply>;
  /** Lays a source into the notebook, or replaces the one of that name. Null when done, else why not. Some keep none. */
  upsert?(source: { readonly name: string; readonly content: string }, signal: AbortSignal): Promise<string | null>;
}

/** The notebook, or why there is none to ask. */
export type NotebookAccess = { readonly port: Notebook } | { readonly port: null; readonly reason: string };

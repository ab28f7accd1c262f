// Asks the notebook beside the trials: nothing waits for it but the end of the run, and that not for long.
import { sha256 } from "../core/base/canonical.ts";
import { messageOf } from "../core/base/errors.ts";
import type { EventOf, Routing, TrialEvent } from "../core/router/event.ts";
import type { Clock, Notebook } from "./ports.ts";
import type { Recorder } from "./recorder.ts";
import type { Texts } from "./texts.ts";

export interface NotebookDesk {
  ask(trial: { readonly id: string; readonly task: string; readonly texts: Texts }, routing: Routing, question: string): { readonly events: readonly TrialEvent[] };
  /** Waits until every answer that is still to come is recorded, or has failed. */
  settle(): Promise<void>;
}

/** `notebook` is null where none answers: then each question is recorded as skipped, with the reason. */
export function openNotebookDesk(
  notebook: { readonly port: Notebook } | { readonly port: null; readonly reason: string },
  recorder: Recorder,
  run: { readonly clock: Clock; readonly signal: AbortSignal },
): NotebookDesk {
  const open = new Set<Promise<void>>();
  return {
    ask: (trial, routing, question) => {
      const request_id = `tier2/${trial.id}`;
      const request: EventOf<"RetrievalRequest"> = {
        type: "RetrievalRequest", ...routing, request_id, query_hash: sha256(question), source: "tier2:notebooklm",
        skip_reason: notebook.port === null ? notebook.reason : null,
      };
      if (notebook.port === null) {
        return { events: [request, { type: "RetrievalResponse", request_id, response_hash: null, latency_ms: 0, error: notebook.reason }] };
      }
      const answer = notebook.port.ask(question, run.signal).then(
        (reply): EventOf<"RetrievalResponse"> => ({
          type: "RetrievalResponse", request_id, latency_ms: reply.totalMs,
          response_hash: reply.outcome === "answered" ? trial.texts.put("response", reply.text) : null,
          error: reply.outcome === "answered" ? null : reply.detail,
        }),
        (error): EventOf<"RetrievalResponse"> => ({ type: "RetrievalResponse", request_id, response_hash: null, latency_ms: 0, error: messageOf(error) }),
      );
      const recorded = answer.then((event) => recorder.late(trial.id, trial.task, event, trial.texts.takeFresh()));
      open.add(recorded);
      recorded.finally(() => open.delete(recorded)).catch(() => undefined);
      return { events: [request] };
    },
    settle: async () => {
      await Promise.all(open);
    },
  };
}

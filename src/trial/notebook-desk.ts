// Asks the notebook beside the trials: nothing waits for it but the end of the run, and that not for long.
import { sha256 } from "../core/base/canonical.ts";
import { messageOf } from "../core/base/errors.ts";
import type { Redactor } from "../core/capsule/redaction.ts";
import type { EventOf, TrialEvent } from "../core/trial/event.ts";
import type { Routing } from "../core/trial/routing.ts";
import type { NotebookAccess, NotebookReply } from "../ports/notebook.ts";
import type { Recorder } from "./recorder.ts";

interface AskingTrial {
  readonly id: string;
  readonly task: string;
}

export interface NotebookDesk {
  ask(trial: AskingTrial, routing: Routing, question: string): { readonly events: readonly TrialEvent[] };
  /** For a run that goes on: the question is in the journal already, its answer is not. */
  askAgain(trial: AskingTrial, question: string): void;
  /** Waits until every answer that is still to come is recorded, or has failed. */
  settle(): Promise<void>;
}

/** What the notebook is to know before it is asked about a trial. */
export interface NotebookSource {
  readonly name: string;
  readonly content: string;
}

interface DeskRun {
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  /** Null: nothing. Each source is laid into the notebook once a run. */
  readonly sourceOf: (trial: AskingTrial) => NotebookSource | null;
}

/** `notebook.port` is null where none answers: then each question is recorded as skipped, with the reason. */
export function openNotebookDesk(notebook: NotebookAccess, recorder: Recorder, run: DeskRun): NotebookDesk {
  const open = new Set<Promise<void>>();
  const laid = new Map<string, Promise<void>>();
  const laySource = (trial: AskingTrial): Promise<void> => {
    const source = run.sourceOf(trial);
    if (source === null) return Promise.resolve();
    const known = laid.get(source.name) ?? lay(notebook, source, { recorder, trial, signal: run.signal });
    laid.set(source.name, known);
    return known;
  };
  const askAndRecord = async (trial: AskingTrial, question: string): Promise<void> => {
    await laySource(trial);
    const reply = await replyOf(notebook, question, run.signal);
    // An answer that the run's own end cut off is no answer: the run that goes on asks again.
    if (!run.signal.aborted) await recordReply(recorder, trial, clean(reply, run.redactor));
  };
  const askAgain = (trial: AskingTrial, question: string): void => {
    const recorded = askAndRecord(trial, question);
    open.add(recorded);
    // One that can't be recorded stays, for settle to throw.
    recorded.then(
      () => open.delete(recorded),
      () => undefined,
    );
  };
  return {
    ask: (trial, routing, question) => {
      const skipped = notebook.port === null ? notebook.reason.toWellFormed() : null;
      const request: EventOf<"RetrievalRequest"> = {
        type: "RetrievalRequest",
        ...routing,
        request_id: requestId(trial),
        query_hash: sha256(question),
        source: "tier2:notebooklm",
        skip_reason: skipped,
      };
      if (skipped !== null)
        return { events: [request, { type: "RetrievalResponse", request_id: request.request_id, response_hash: null, latency_ms: 0, error: skipped }] };
      askAgain(trial, question);
      return { events: [request] };
    },
    askAgain,
    settle: () => untilAborted(run.signal, Promise.all(open)),
  };
}

const requestId = (trial: AskingTrial): string => `tier2/${trial.id}`;

async function replyOf(notebook: NotebookAccess, question: string, signal: AbortSignal): Promise<NotebookReply> {
  if (notebook.port === null) return { outcome: "failed", detail: notebook.reason, totalMs: 0 };
  try {
    return await notebook.port.ask(question, signal);
  } catch (error) {
    return { outcome: "failed", detail: messageOf(error), totalMs: 0 };
  }
}

const clean = (reply: NotebookReply, redactor: Redactor): NotebookReply =>
  reply.outcome === "answered" ? { ...reply, text: redactor.scrub(reply.text.toWellFormed()) } : reply;

/** A source that can't be laid is told of, and the question is asked all the same. */
async function lay(
  notebook: NotebookAccess,
  source: NotebookSource,
  asking: { readonly recorder: Recorder; readonly trial: AskingTrial; readonly signal: AbortSignal },
): Promise<void> {
  const fault = await notebook.port?.upsert?.(source, asking.signal).catch(messageOf);
  if (!fault || asking.signal.aborted) return;
  const message = `${source.name} is not in the notebook: ${fault}`.toWellFormed();
  const event: EventOf<"ErrorEvent"> = { type: "ErrorEvent", error_code: "tier2-upsert", message, severity: "Warning", stage: "Plan", recoverable: true };
  await asking.recorder.late(asking.trial.id, asking.trial.task, event, []);
}

async function recordReply(recorder: Recorder, trial: AskingTrial, reply: NotebookReply): Promise<void> {
  const text = reply.outcome === "answered" ? reply.text.toWellFormed() : null;
  const event: EventOf<"RetrievalResponse"> = {
    type: "RetrievalResponse",
    request_id: requestId(trial),
    latency_ms: Math.max(0, reply.totalMs),
    response_hash: text === null ? null : sha256(text),
    error: reply.outcome === "answered" ? null : `${reply.outcome === "skipped" ? "skipped: " : ""}${reply.detail}`.toWellFormed(),
  };
  await recorder.late(trial.id, trial.task, event, text === null ? [] : [{ kind: "response", text }]);
}

/** Throws the signal's reason as soon as it is aborted, whatever is still under way. */
async function untilAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([work, aborted]);
}

// The spans of a trial's transcript: a stage holds attempts, an attempt holds its calls, its patch and its verdict.
import { type EventReaders, readEvent, type TrialEvent } from "../../../trial/event.ts";
import { inspectId } from "./messages.ts";

export type SpanEvent =
  | { readonly event: "span_begin"; readonly id: string; readonly parent_id: string | null; readonly type: string; readonly name: string }
  | { readonly event: "span_end"; readonly id: string };

interface Around {
  readonly before: readonly SpanEvent[];
  /** The span that the event lies in; null outside of any stage. */
  readonly inside: string | null;
  readonly after: readonly SpanEvent[];
}

export interface Spans {
  /** What opens before an event and what closes after it. Events are asked about in order. */
  around(event: TrialEvent): Around;
  /** Closes what is open. */
  close(): readonly SpanEvent[];
}

export function openSpans(trial: string): Spans {
  const open: string[] = [];
  const begin = (id: string, type: string, name: string): SpanEvent => {
    const span: SpanEvent = { event: "span_begin", id, parent_id: open.at(-1) ?? null, type, name };
    open.push(id);
    return span;
  };
  const end = (depth: number): readonly SpanEvent[] =>
    open
      .splice(depth)
      .toReversed()
      .map((id) => ({ event: "span_end", id }));
  const opening: EventReaders<readonly SpanEvent[]> = {
    StageTransition: ({ to }) => [...end(0), begin(inspectId(trial, "stage", to), "stage", to)],
    RoutingDecision: ({ role, attempt, mode }) => {
      if (role !== "Implementer") return [];
      const name = `attempt ${attempt} (${mode === "Reflex" ? "the candidate" : "escalated"})`;
      return [...end(1), begin(inspectId(trial, "attempt", String(attempt)), "attempt", name)];
    },
  };
  const closing: EventReaders<readonly SpanEvent[]> = { ToolResult: () => end(1) };
  return {
    around: (event) => {
      const before = readEvent(opening, event) ?? [];
      const inside = open.at(-1) ?? null;
      return { before, inside, after: readEvent(closing, event) ?? [] };
    },
    close: () => end(0),
  };
}

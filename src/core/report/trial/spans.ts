// The spans of a trial's events: a stage holds attempts, an attempt holds its calls, its patch and its verdict.
import { type EventReaders, readEvent, type TrialEvent } from "../../trial/event.ts";

/** Ids are unique within a trial. */
export type SpanChange =
  | { readonly change: "begin"; readonly id: string; readonly parent: string | null; readonly type: "stage" | "attempt"; readonly name: string }
  | { readonly change: "end"; readonly id: string };

interface Around {
  readonly before: readonly SpanChange[];
  /** The span that the event lies in; null outside of any stage. */
  readonly inside: string | null;
  readonly after: readonly SpanChange[];
}

export interface Spans {
  /** What begins before an event and what ends after it. Events are asked about in order. */
  around(event: TrialEvent): Around;
  /** Ends what has not ended. */
  close(): readonly SpanChange[];
}

export function openSpans(): Spans {
  const open: string[] = [];
  const begin = (id: string, type: "stage" | "attempt", name: string): SpanChange => {
    const parent = open.at(-1) ?? null;
    open.push(id);
    return { change: "begin", id, parent, type, name };
  };
  const end = (depth: number): readonly SpanChange[] =>
    open
      .splice(depth)
      .toReversed()
      .map((id) => ({ change: "end", id }));
  const beginning: EventReaders<readonly SpanChange[]> = {
    StageTransition: ({ to }) => [...end(0), begin(`stage/${to}`, "stage", to)],
    RoutingDecision: ({ role, attempt, mode }) => {
      if (role !== "Implementer") return [];
      const name = `attempt ${attempt} (${mode === "Reflex" ? "the candidate" : "escalated"})`;
      return [...end(1), begin(`attempt/${attempt}`, "attempt", name)];
    },
  };
  const ending: EventReaders<readonly SpanChange[]> = { ToolResult: () => end(1) };
  return {
    around: (event) => {
      const before = readEvent(beginning, event) ?? [];
      const inside = open.at(-1) ?? null;
      return { before, inside, after: readEvent(ending, event) ?? [] };
    },
    close: () => end(0),
  };
}

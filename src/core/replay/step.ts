// A trial's events as the steps they were recorded in: a decision and what came of it.
import { invariant } from "../base/errors.ts";
import { type EventLine, LATE_SEQ } from "../capsule/line.ts";
import { EVENT_KINDS, type EventOf, type EventType, type TrialEvent } from "../trial/event.ts";
import type { EventKind, StepPart } from "../trial/events/kind.ts";

export interface Step {
  /** Position of its first event. */
  readonly seq: number;
  readonly lines: readonly EventLine[];
  readonly events: readonly TrialEvent[];
}

export type DecisionKind = Exclude<StepPart, "consequence" | "note"> | "budget decisions";

/** In order. What came late (the notebook's answers) belongs to no step. */
export function stepsOf(lines: readonly EventLine[]): readonly Step[] {
  const steps: EventLine[][] = [];
  for (const line of lines) {
    if (line.seq >= LATE_SEQ) continue;
    const open = steps.at(-1);
    if (open !== undefined && open[0]?.step === line.step) open.push(line);
    else steps.push([line]);
  }
  return steps.map((own) => ({ seq: own[0]?.seq ?? 0, lines: own, events: own.map((line) => line.payload) }));
}

/** What a step decided; null where it holds no decision. */
export function decisionOf({ events }: Step): TrialEvent | null {
  return events.find((event) => decisionKind(event) !== null) ?? null;
}

const KINDS: { readonly [T in EventType]: Pick<EventKind<EventOf<T>, never>, "part"> } = EVENT_KINDS;

function partOf<T extends EventType>(event: EventOf<T>): StepPart {
  return KINDS[event.type as T].part(event);
}

/** A step that only notes something (which policy holds, a server that went out of service): nothing was decided in it. */
export const isNote = ({ events }: Step): boolean => events.every((event) => partOf(event) === "note");

function decisionKind(event: TrialEvent): DecisionKind | null {
  const part = partOf(event);
  return part === "consequence" || part === "note" ? null : part;
}

/** What kind of decision it is. */
export function kindOf(decision: TrialEvent): DecisionKind {
  const kind = decisionKind(decision);
  invariant(kind, `a ${decision.type} decides nothing`);
  return kind;
}

/** The step's event of a type, if there is one. */
export function eventIn<T extends TrialEvent["type"]>({ events }: Step, type: T): EventOf<T> | null {
  return events.find((event): event is EventOf<T> => event.type === type) ?? null;
}

// A trial's events as the steps they were recorded in: a decision and what came of it.
import { type EventLine, LATE_SEQ } from "../capsule/line.ts";
import type { EventOf, TrialEvent } from "../trial/event.ts";

export interface Step {
  /** Position of its first event. */
  readonly seq: number;
  readonly lines: readonly EventLine[];
  readonly events: readonly TrialEvent[];
}

export type DecisionEvent = EventOf<"StageTransition"> | EventOf<"RoutingDecision"> | EventOf<"RetrievalRequest"> | EventOf<"GateDecision">;
export type DecisionKind = "stage changes" | "routing decisions" | "escalations" | "notebook questions" | "gate decisions" | "budget decisions";

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
export function decisionOf({ events }: Step): DecisionEvent | null {
  return events.find(isDecision) ?? null;
}

/** The judge's gate says what its answer said: nothing that the router decides. */
function isDecision(event: TrialEvent): event is DecisionEvent {
  if (event.type === "GateDecision") return event.gate_name !== "judge";
  return event.type === "StageTransition" || event.type === "RoutingDecision" || event.type === "RetrievalRequest";
}

const CONSEQUENCES: ReadonlySet<TrialEvent["type"]> = new Set([
  "ModelCallEnvelope",
  "PatchApply",
  "ToolCall",
  "ToolResult",
  "CounterSignal",
  "RetrievalResponse",
  "GateDecision",
]);

/** A step that only notes something (which policy holds, a server that went out of service): nothing was decided in it. */
export const isNote = ({ events }: Step): boolean => !events.some((event) => isDecision(event) || CONSEQUENCES.has(event.type));

export function kindOf(event: DecisionEvent): DecisionKind {
  if (event.type === "StageTransition") return "stage changes";
  if (event.type === "RetrievalRequest") return "notebook questions";
  if (event.type === "GateDecision") return "gate decisions";
  return event.selection_reason.startsWith("escalated") ? "escalations" : "routing decisions";
}

/** The step's event of a type, if there is one. */
export function eventIn<T extends TrialEvent["type"]>({ events }: Step, type: T): EventOf<T> | null {
  return events.find((event): event is EventOf<T> => event.type === type) ?? null;
}

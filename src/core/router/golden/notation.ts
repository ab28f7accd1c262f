// A recorded step in the notation of a golden scenario's history: the other direction of history.ts.
import { type EventOf, type EventReaders, type EventType, readEvent, type TrialEvent } from "../../trial/event.ts";
import { ENDS } from "./history.ts";

/** Of one step's events; empty where nothing of it tells in a scenario, null where the notation has no word for it. */
export function notationOf(events: readonly TrialEvent[]): readonly string[] | null {
  const [first] = events;
  const words = first === undefined ? null : readEvent(wordsIn(events), first);
  return words ?? (events.every(({ type }) => SILENT.has(type)) ? [] : null);
}

/** What no scenario tells. */
const SILENT: ReadonlySet<EventType> = new Set<EventType>(["PolicySnapshotRef", "ServerIdentity", "BreakerStateChanged"]);

/** By the kind of a step's first event. */
const wordsIn = (events: readonly TrialEvent[]): EventReaders<readonly string[] | null> => ({
  StageTransition: ({ to }) => [to],
  RetrievalRequest: () => ["notebook"],
  RoutingDecision: (routing) => [callWords(routing, events) + tokensOf(events)],
  GateDecision: ({ gate_name: gate, outcome }) => (gate === "validate" || gate === "unlock" ? [`${gate} ${outcome}`] : null),
  ErrorEvent: ({ error_code: code }) => [`noted ${code}`],
});

function callWords(routing: EventOf<"RoutingDecision">, events: readonly TrialEvent[]): string {
  switch (routing.role) {
    case "Architect":
      return "plan";
    case "Implementer":
      return `${whoOf(routing)} ${endOf(events)}`;
    case "SidecarCritic":
      return `critic ${eventOf(events, "CounterSignal")?.severity ?? "fails"}`;
    default:
      return `judge ${JUDGED[eventOf(events, "GateDecision")?.outcome ?? ""] ?? "fails"}`;
  }
}

const JUDGED: Readonly<Record<string, string>> = { Pass: "yes", Fail: "no" };

function whoOf({ mode, selection_reason: reason }: EventOf<"RoutingDecision">): string {
  if (reason === "reflex-shadow") return "shadow";
  return mode === "Cloud" ? "cloud" : "reflex";
}

/** How an attempt ended: by its verdict, or by the failure of its last call. */
function endOf(events: readonly TrialEvent[]): string {
  const call = events.findLast((event) => event.type === "ModelCallEnvelope");
  if (call?.failure) return `!${call.failure}`;
  const verdict = eventOf(events, "ToolResult")?.verdict;
  const found = Object.entries(ENDS).find(([, end]) => end.status === verdict?.status && end.visible_passed === verdict.visible_passed);
  return found?.[0] ?? "infrastructure";
}

/** Tokens decide where a stage's budget ends; unknown ones stay unknown. */
function tokensOf(events: readonly TrialEvent[]): string {
  const calls = events.filter((event) => event.type === "ModelCallEnvelope");
  const counts = calls.map(({ prompt_tokens: asked, response_tokens: said }) => (asked === null || said === null ? null : asked + said));
  if (counts.includes(null)) return " ? tokens";
  const sum = counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  return sum === 0 ? "" : ` ${sum} tokens`;
}

const eventOf = <T extends TrialEvent["type"]>(events: readonly TrialEvent[], type: T): EventOf<T> | undefined =>
  events.find((event): event is EventOf<T> => event.type === type);

// A trial's state, folded from its events: the only thing that the router's rules look at.
import { EVENT_KINDS, type EventOf, type EventType, type TrialEvent } from "./event.ts";
import type { SignalState } from "./events/counter-signal.ts";
import type { SpentState } from "./events/error-event.ts";
import type { GateState } from "./events/gate-decision.ts";
import type { EventKind } from "./events/kind.ts";
import type { CallState } from "./events/model-call.ts";
import type { NotebookState } from "./events/retrieval-request.ts";
import type { StageState } from "./events/stage-transition.ts";
import type { AttemptsState } from "./events/tool-result.ts";

type Folding = StageState & NotebookState & CallState & AttemptsState & GateState & SignalState & SpentState;

/** What has happened; an attempt counts once its result is there. */
export type TrialState = Readonly<Omit<Folding, "open">>;

const KINDS: { readonly [T in EventType]: Pick<EventKind<EventOf<T>, Folding>, "fold"> } = EVENT_KINDS;

/** Folds the events of one trial, in order. Live runs, replay and reports all come through here. */
export function foldTrial(events: readonly TrialEvent[]): TrialState {
  const fold = new TrialFold();
  for (const event of events) fold.take(event);
  return fold.state;
}

/** The same event by event, for whoever asks for the state in between. */
export class TrialFold {
  private readonly folding: Folding = {
    stage: null,
    notebookAsked: false,
    plan: null,
    attempts: [],
    shadows: [],
    tokens: {},
    spentNoted: null,
    validated: null,
    critique: null,
    signal: null,
    judgement: null,
    judgeSays: null,
    unlocked: null,
    open: null,
  };

  take<T extends EventType>(event: EventOf<T>): void {
    KINDS[event.type as T].fold(this.folding, event);
  }

  /** After the events so far; what comes later does not change it. */
  get state(): TrialState {
    const { open: _, ...state } = this.folding;
    return state;
  }
}

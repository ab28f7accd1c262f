// A trial's events as lines of a timeline: what happened, in words, with a tone for the layout.
import type { EventLine } from "../../capsule/line.ts";
import { LATE_SEQ } from "../../capsule/line.ts";
import type { TrialEvent } from "../../trial/event.ts";
import { accountOf, toneOf } from "../../trial/event-account.ts";
import type { Tone } from "../../trial/events/kind.ts";

export interface AuditEvent {
  /** Unique in the report, built from numbers only. */
  readonly anchor: string;
  readonly seq: number;
  readonly timestamp: string;
  readonly stage: string | null;
  readonly type: string;
  readonly text: string;
  readonly tone: Tone;
}

/** `place` is the trial's number in the report; null for events of the whole run. */
export function auditEvent(line: EventLine, place: number | null): AuditEvent {
  const { seq, timestamp, stage, payload } = line;
  return { anchor: anchorOf(place, seq), seq, timestamp, stage, type: payload.type, text: accountOf(payload), tone: toneOf(payload) };
}

export function anchorOf(place: number | null, seq: number): string {
  const late = seq >= LATE_SEQ ? `late${seq - LATE_SEQ}` : String(seq);
  return `e${place === null ? "run" : place}-${late}`;
}

/** Does an event record that a person overrode its decision? */
export const isOverride = (event: TrialEvent): boolean => toneOf(event) === "override";

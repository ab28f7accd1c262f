// Events as rows: when, what, and one line for people; with the texts that each refers to.
import type { EventLine } from "../../capsule/line.ts";
import { textsOf } from "../../trial/event-texts.ts";
import type { EventType } from "../../trial/event.ts";
import { accountOf, toneOf } from "../../trial/event-account.ts";
import type { Tone } from "../../trial/events/kind.ts";

export interface EventRow {
  readonly seq: number;
  readonly uri: string;
  readonly timestamp: string;
  readonly type: EventType;
  readonly stage: string | null;
  readonly account: string;
  readonly tone: Tone;
  readonly texts: readonly { readonly part: string; readonly sha256: string }[];
}

export const eventRows = (events: readonly EventLine[]): readonly EventRow[] =>
  events.map(({ seq, uri, timestamp, stage, payload }) => ({
    seq,
    uri,
    timestamp,
    type: payload.type,
    stage,
    account: accountOf(payload),
    tone: toneOf(payload),
    texts: textsOf(payload).map(({ part, sha256 }) => ({ part, sha256 })),
  }));

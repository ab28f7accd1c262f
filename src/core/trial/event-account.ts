// An event in one line for people, and the tone to say it in; each kind tells its own.
import { EVENT_KINDS, type EventOf, type EventType } from "./event.ts";
import type { EventKind, Tone } from "./events/kind.ts";

const KINDS: { readonly [T in EventType]: Pick<EventKind<EventOf<T>, never>, "account" | "tone"> } = EVENT_KINDS;

export const accountOf = <T extends EventType>(event: EventOf<T>): string => KINDS[event.type as T].account(event);

export const toneOf = <T extends EventType>(event: EventOf<T>): Tone => KINDS[event.type as T].tone(event);

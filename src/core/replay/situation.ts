// The situation that a decision was made in, without what a router does not look at: two decisions in one situation must be alike.
import { canonicalJson, sha256 } from "../base/canonical.ts";
import type { TrialPlan } from "../trial/command.ts";
import { EVENT_KINDS, type EventOf, type EventType, type TrialEvent } from "../trial/event.ts";
import type { EventKind } from "../trial/events/kind.ts";

/** What of an event is no more than words, times, sizes or names of one task. */
const BESIDE =
  /(_hash|_ms|_id|_tokens|_usd|^error|^message|^reason|^detail|^file_path|^provider|^model|_model|^effort|^tests_|^held_out|^error_codes|^json_compliant|^verdict|^capture_mode|^patch_type|^reused|^success|^signal_kind|^skip_reason|^source)$/;

/** A rolling hash: that of a history is that of the one before, with one event more. */
export function situationAfter(before: string, event: TrialEvent): string {
  return sha256(`${before}\n${canonicalJson(outline(event))}`);
}

export function situationAtStart({ task, capability }: TrialPlan): string {
  return canonicalJson([task.risk, task.kind, capability]);
}

function outline(event: TrialEvent): unknown {
  const kept = Object.fromEntries(Object.entries(event).filter(([key]) => !BESIDE.test(key)));
  return { ...kept, ...outcomeOf(event) };
}

const KINDS: { readonly [T in EventType]: Pick<EventKind<EventOf<T>, never>, "outcome"> } = EVENT_KINDS;

function outcomeOf<T extends EventType>(event: EventOf<T>): object {
  return KINDS[event.type as T].outcome(event);
}

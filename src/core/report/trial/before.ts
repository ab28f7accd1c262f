// A trial beside the same trial of the run before: the first event that came out otherwise, whatever clocks and chance names say.
import type { EventLine } from "../../capsule/line.ts";
import { canonicalJson } from "../../base/canonical.ts";
import { accountOf } from "../../trial/event-account.ts";
import { LATE_SEQ } from "../../capsule/line.ts";

export interface TrialBefore {
  readonly run: string;
  /** Of its page; null where the run before has no such trial. */
  readonly number: number | null;
  /** Null: every event says the same, or there is nothing to hold it against. */
  readonly difference: EventDifference | null;
}

export interface EventDifference {
  /** Of the event here; where this trial ends before the other, its last. */
  readonly seq: number;
  /** Its fields that are not the same, without `_hash`: `response` is the answer's text. */
  readonly fields: readonly string[];
  readonly here: string;
  readonly before: string;
}

const NOTHING = "nothing more";

/** What two runs of the same thing never share: times, what was spent, and what is drawn or only found by the way. */
const BY_CHANCE = /_ms$|^(call_id|worker|reused|kept|reconnected|cost_usd|cached_tokens|output_hash|decision_id)$/;

export function firstDifference(own: readonly EventLine[], other: readonly EventLine[]): EventDifference | null {
  const [here, there] = [inOrder(own), inOrder(other)];
  for (let index = 0; index < Math.max(here.length, there.length); index += 1) {
    const [a, b] = [here[index], there[index]];
    const fields = differingFields(a, b);
    if (fields.length > 0) return { seq: a?.seq ?? here.at(-1)?.seq ?? 0, fields, here: said(a), before: said(b) };
  }
  return null;
}

/** Answers that no trial waited for stand where they came. */
const inOrder = (events: readonly EventLine[]): readonly EventLine[] => events.filter(({ seq }) => seq < LATE_SEQ);
const said = (line: EventLine | undefined): string => (line === undefined ? NOTHING : `${line.payload.type}: ${accountOf(line.payload)}`);

function differingFields(a: EventLine | undefined, b: EventLine | undefined): readonly string[] {
  if (a === undefined || b === undefined || a.payload.type !== b.payload.type) return ["event"];
  const [own, other]: Readonly<Record<string, unknown>>[] = [a.payload, b.payload];
  const names = [...new Set([...Object.keys(own ?? {}), ...Object.keys(other ?? {})])].filter((name) => !BY_CHANCE.test(name));
  const differ = (name: string): boolean => canonicalJson(own?.[name] ?? null) !== canonicalJson(other?.[name] ?? null);
  return names.filter(differ).map((name) => name.replace(/_hash$/, ""));
}

// The order of a sealed capsule's events: by plan, then by position, whatever order they were written in.
import { type EventLine, type Header, LATE_SEQ } from "./line.ts";
import { plannedTrials } from "./record.ts";

/** Where an event stands in its run. */
export type EventPlace = Pick<EventLine, "trial" | "seq">;

/** Negative where the first comes first. */
export type EventOrder = (a: EventPlace, b: EventPlace) => number;

/** Run events first, then the planned trials in order, then unplanned ones by name. Concurrency never shows in the result. */
export function planOrder(header: Header): EventOrder {
  const rank = new Map(plannedTrials(header).map((trial, index) => [trial.id, index]));
  const rankOf = ({ trial }: EventPlace): number => (trial === null ? -1 : (rank.get(trial) ?? rank.size));
  return (a, b) => rankOf(a) - rankOf(b) || byText(a.trial ?? "", b.trial ?? "") || a.seq - b.seq;
}

export const inPlanOrder = (header: Header, lines: readonly EventLine[]): readonly EventLine[] => lines.toSorted(planOrder(header));

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * The part of a journal that a run can resume from: in each trial, the events up to the last complete step. Events of an
 * incomplete step are dropped, since the step will be repeated.
 */
export function wholeSteps(lines: readonly EventLine[]): readonly EventLine[] {
  const lastWhole = new Map<string | null, number>();
  for (const line of lines) {
    if (!line.more && line.seq < LATE_SEQ) lastWhole.set(line.trial, Math.max(line.step, lastWhole.get(line.trial) ?? -1));
  }
  return lines.filter((line) => line.seq >= LATE_SEQ || line.step <= (lastWhole.get(line.trial) ?? -1));
}

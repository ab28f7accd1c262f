// The order of a sealed capsule's events: by plan, then by position, whatever order they were written in.
import type { EventLine, Header } from "./line.ts";

/** Where an event stands in its run. */
export type EventPlace = Pick<EventLine, "trial" | "seq">;

/** Negative where the first comes first. */
export type EventOrder = (a: EventPlace, b: EventPlace) => number;

/** -1 for the whole run, the place in the plan for a planned trial, null for any other. */
export type PlanRanks = (trial: string | null) => number | null;

const EPOCH = /^[1-9]\d{0,9}$/;

/** Reckoned from a trial's name: a run has many trials, and few pairs of task and candidate. */
export function planRanks({ tasks, candidates, epochs }: Pick<Header, "epochs" | "tasks" | "candidates">): PlanRanks {
  const pairs = new Map(tasks.flatMap((task) => candidates.map(({ name }) => `${name}/${task.id}`)).map((pair, index) => [pair, index]));
  const perEpoch = tasks.length * candidates.length;
  return (trial) => {
    if (trial === null) return -1;
    const end = trial.lastIndexOf("/");
    const pair = pairs.get(trial.slice(0, Math.max(0, end)));
    const epoch = trial.slice(end + 1);
    return pair === undefined || !EPOCH.test(epoch) || Number(epoch) > epochs ? null : (Number(epoch) - 1) * perEpoch + pair;
  };
}

/** How many trials are planned: what was not planned comes after all of them. */
export const plannedCount = ({ tasks, candidates, epochs }: Pick<Header, "epochs" | "tasks" | "candidates">): number =>
  tasks.length * candidates.length * epochs;

/** Run events first, then the planned trials in order, then unplanned ones by name. Concurrency never shows in the result. */
export function planOrder(header: Header): EventOrder {
  const ranks = planRanks(header);
  const last = plannedCount(header);
  const rankOf = ({ trial }: EventPlace): number => ranks(trial) ?? last;
  return (a, b) => rankOf(a) - rankOf(b) || byText(a.trial ?? "", b.trial ?? "") || a.seq - b.seq;
}

export const inPlanOrder = (header: Header, lines: readonly EventLine[]): readonly EventLine[] => lines.toSorted(planOrder(header));

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

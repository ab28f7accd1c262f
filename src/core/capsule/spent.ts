// What a run spent in total: every call of every role, calibration included.
import { NOTHING_SPENT, spend, type Spent } from "../router/budget.ts";
import type { EventLine } from "./line.ts";
import type { RunRecord, TrialRecord } from "./record.ts";

type SpendingRun = Pick<RunRecord, "runEvents" | "calibration"> & { readonly trials: Iterable<Pick<TrialRecord, "events">> };

/** Added to what was spent before. */
export function spentIn({ trials, runEvents, calibration }: SpendingRun, before: Spent = NOTHING_SPENT): Spent {
  let spent = added(added(before, runEvents), calibration);
  for (const { events } of trials) spent = added(spent, events);
  return spent;
}

const added = (before: Spent, events: readonly EventLine[]): Spent =>
  events.reduce((spent, { payload }) => (payload.type === "ModelCallEnvelope" ? spend(spent, payload) : spent), before);

// What a run spent in total: every call of every role, calibration included.
import { NOTHING_SPENT, spend, type Spent } from "../router/budget.ts";
import type { RunRecord } from "./record.ts";

/** Added to what was spent before. */
export function spentIn({ trials, runEvents, calibration }: Omit<RunRecord, "header">, before: Spent = NOTHING_SPENT): Spent {
  const events = [...runEvents, ...trials.flatMap((trial) => trial.events), ...calibration];
  return events.reduce((spent, { payload }) => (payload.type === "ModelCallEnvelope" ? spend(spent, payload) : spent), before);
}

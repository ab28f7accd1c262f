// What a run recorded of verdicts that its coordinator worked out again: a worker whose verdicts don't come out again is believed in nothing.
import type { EventLine } from "./line.ts";

/** The code of the event for a worker's verdict that did not come out again. */
export const RECHECK_DISAGREED = "recheck-disagreed";

/** A sentence for each such verdict. */
export const recheckFaults = (runEvents: readonly Pick<EventLine, "payload">[]): readonly string[] =>
  runEvents.flatMap(({ payload }) => (payload.type === "ErrorEvent" && payload.error_code === RECHECK_DISAGREED ? [payload.message] : []));

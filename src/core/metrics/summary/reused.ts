// How many model calls were answered as an earlier one had been.
import type { EventLine } from "../../capsule/line.ts";

/** Of every role, tries that were followed by another included. */
export const reusedAnswers = (events: readonly Pick<EventLine, "payload">[]): number =>
  events.filter(({ payload }) => payload.type === "ModelCallEnvelope" && payload.answer_reused).length;

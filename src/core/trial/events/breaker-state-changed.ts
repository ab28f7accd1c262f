// BreakerStateChanged: a server is taken out of service, tried again, or put back.
import { z } from "zod";
import { breakerState } from "../conditions.ts";
import { count } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, plainFacts, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("BreakerStateChanged"),
    breaker_id: z.string().describe("`provider/model`."),
    previous_state: breakerState,
    current_state: breakerState,
    reason: z.string(),
    failure_count: count.describe("Consecutive failed calls."),
    retry_after_seconds: z.number().min(0).nullable().describe("Until it is tried again; null unless it is open."),
  })
  .describe("An event of the whole run: a server is taken out of service, tried again, or put back.");

export const breakerStateChanged: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: plainFacts,
  tone: plain,
};

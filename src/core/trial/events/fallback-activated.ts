// FallbackActivated: one step down the policy's order of models: who could not serve, and who is next.
import { z } from "zod";
import { fallbackReason } from "../conditions.ts";
import { count, stage } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, plainFacts, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("FallbackActivated"),
    stage,
    attempt: count,
    from_model: z.string(),
    to_model: z.string(),
    reason: fallbackReason,
  })
  .describe("One step down the policy's order of models: who could not serve, and who is next.");

export const fallbackActivated: EventKind<z.infer<typeof schema>, unknown> = {
  schema,
  part: () => "note",
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: plainFacts,
  tone: plain,
};

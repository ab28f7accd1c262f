// RoutingDecision: which model serves a step, why, and what was consulted.
import { z } from "zod";
import { conditions, fallbackReason } from "../conditions.ts";
import { REASONS } from "../reason.ts";
import { routing } from "../routing.ts";
import { type EventKind, noOutcome, nothingNeeded, plain, servedBy, unfolded } from "./kind.ts";

const schema = z
  .strictObject({
    type: z.literal("RoutingDecision"),
    is_fallback: z.boolean().describe("Another model than the first in the policy's order serves, since that one can't."),
    fallback_reason: fallbackReason.optional().describe("Why the first in the order does not serve; absent where it is no fallback."),
    conditions: conditions.optional().describe("What was consulted beyond the trial's own history; absent where all was calm."),
    ...routing.shape,
  })
  .describe("Which model serves a step, why, and what was consulted.");

type RoutingDecision = z.infer<typeof schema>;

export const routingDecision: EventKind<RoutingDecision, unknown> = {
  schema,
  part: ({ selection_reason: reason }) => (reason.startsWith("escalated") ? "escalations" : "routing decisions"),
  texts: {},
  neededToResume: nothingNeeded,
  fold: unfolded,
  outcome: noOutcome,
  account: (event) =>
    `${event.role} ${event.mode}, attempt ${event.attempt}: ${servedBy(event)}${event.is_fallback ? " as a fallback" : ""}${event.outside_policy ? ", outside the policy" : ""}. ${REASONS[event.selection_reason]}`,
  tone: plain,
};

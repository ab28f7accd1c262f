// The events that record a routing decision: what was chosen, and each step down the order that led there.
import type { ModelCallCommand } from "./command.ts";
import type { EventOf, TrialEvent } from "./event.ts";

/** Stands before the model call in the same step. */
export function decisionEvents({ routing, choice }: Pick<ModelCallCommand, "routing" | "choice">): readonly TrialEvent[] {
  const { passedOver, conditions } = choice;
  const [first] = passedOver;
  const decision: EventOf<"RoutingDecision"> = {
    type: "RoutingDecision",
    is_fallback: first !== undefined,
    ...(first && { fallback_reason: first.reason }),
    ...(conditions && { conditions }),
    ...routing,
  };
  const fallbacks = passedOver.map(
    (passed, index): EventOf<"FallbackActivated"> => ({
      type: "FallbackActivated",
      stage: routing.stage,
      attempt: routing.attempt,
      from_model: passed.model,
      to_model: passedOver[index + 1]?.model ?? routing.model,
      reason: passed.reason,
    }),
  );
  return [decision, ...fallbacks];
}

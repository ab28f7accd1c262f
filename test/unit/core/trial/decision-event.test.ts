// The events of a decision: what was chosen, and each step down the order.
import { describe, expect, it } from "vitest";
import type { Routing } from "../../../../src/core/trial/routing.ts";
import { trialEvent } from "../../../../src/core/trial/event.ts";
import { decisionEvents } from "../../../../src/core/trial/decision-event.ts";

const routing: Routing = {
  role: "Implementer",
  mode: "Cloud",
  stage: "Implement",
  attempt: 2,
  provider: "openai",
  model: "high",
  selection_reason: "reflex-unavailable",
  stand_in: null,
  outside_policy: false,
};

describe("the events of a decision", () => {
  it("are one decision and nothing else where the first in the order serves", () => {
    expect(decisionEvents({ routing, choice: { passedOver: [], conditions: null } })).toEqual([{ type: "RoutingDecision", is_fallback: false, ...routing }]);
  });

  it("name each step down the order, and the first one's reason in the decision", () => {
    const conditions = { breakers: { "sglang/a": "Open" as const }, health: {}, budget: "within" as const };
    const passedOver = [
      { model: "a", reason: "ServerUnhealthy" as const },
      { model: "b", reason: "NotPromoted" as const },
    ];
    const events = decisionEvents({ routing, choice: { passedOver, conditions } });
    expect(events).toEqual([
      { type: "RoutingDecision", is_fallback: true, fallback_reason: "ServerUnhealthy", conditions, ...routing },
      { type: "FallbackActivated", stage: "Implement", attempt: 2, from_model: "a", to_model: "b", reason: "ServerUnhealthy" },
      { type: "FallbackActivated", stage: "Implement", attempt: 2, from_model: "b", to_model: "high", reason: "NotPromoted" },
    ]);
    for (const event of events) expect(trialEvent.parse(event)).toEqual(event);
  });
});

// Facts about what a run measures of a reflex model.
import { describe, expect, it } from "vitest";
import type { TrialEvent } from "../../../src/core/trial/event.ts";
import { HealthSamples } from "../../../src/trial/health.ts";
import { runOf, slot, trial } from "../core/metrics/summary-fixture.ts";

const stepOf = (script: Parameters<typeof slot>[1]): readonly TrialEvent[] =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed", script)) } })
    .trials.flatMap(({ events }) => events.map(({ payload }) => payload))
    .filter(({ type }) => type === "ModelCallEnvelope" || type === "ToolResult");

function healthAfter(...steps: readonly (readonly TrialEvent[])[]) {
  const samples = new HealthSamples();
  for (const step of steps) samples.add(step);
  return samples.health;
}

describe("a model's health", () => {
  it("counts an answer that was asked for once more as out of form, and the attempt once", () => {
    expect(healthAfter(stepOf({ earlierJson: [false], json: true }), stepOf({ json: true }))).toMatchObject({
      samples: 2,
      json_compliance_percent: 50,
      success_percent: 100,
    });
  });
  it("times the call that stands, and takes one that ran into a limit for as long as was waited", () => {
    expect(healthAfter(stepOf({ latencyMs: 700 }), stepOf({ failedCall: true, json: null, latencyMs: 9000 }))).toMatchObject({
      samples: 2,
      p95_latency_ms: 8585,
      json_compliance_percent: 100,
    });
  });
  it("is unchanged by a step that made no attempt", () => {
    expect(healthAfter([{ type: "StageTransition", from: null, to: "Plan" }])).toMatchObject({ samples: 0, p95_latency_ms: null });
  });
  it("is the same in whatever order the times came", () => {
    const times = [900, 100, 500, 300, 300, 700, 200];
    const health = healthAfter(...times.map((latencyMs) => stepOf({ latencyMs })));
    expect(health).toEqual(healthAfter(...times.toSorted((a, b) => a - b).map((latencyMs) => stepOf({ latencyMs }))));
    expect(health.p95_latency_ms).toBeCloseTo(840, 9);
  });
});

// Facts about what a run measures of a reflex model.
import { describe, expect, it } from "vitest";
import type { TrialEvent } from "../../../src/core/trial/event.ts";
import { addStep, healthOf, NO_SAMPLES } from "../../../src/trial/health.ts";
import { runOf, slot, trial } from "../core/metrics/summary-fixture.ts";

const stepOf = (script: Parameters<typeof slot>[1]): readonly TrialEvent[] =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed", script)) } })
    .trials.flatMap(({ events }) => events.map(({ payload }) => payload))
    .filter(({ type }) => type === "ModelCallEnvelope" || type === "ToolResult");

describe("a model's health", () => {
  it("counts an answer that was asked for once more as out of form, and the attempt once", () => {
    const samples = addStep(addStep(NO_SAMPLES, stepOf({ earlierJson: [false], json: true })), stepOf({ json: true }));
    expect(healthOf(samples)).toMatchObject({ samples: 2, json_compliance_percent: 50, success_percent: 100 });
  });
  it("times the call that stands, and takes one that ran into a limit for as long as was waited", () => {
    const samples = addStep(addStep(NO_SAMPLES, stepOf({ latencyMs: 700 })), stepOf({ failedCall: true, json: null, latencyMs: 9000 }));
    expect(healthOf(samples)).toMatchObject({ samples: 2, p95_latency_ms: 8585, json_compliance_percent: 100 });
  });
  it("is unchanged by a step that made no attempt", () => {
    expect(addStep(NO_SAMPLES, [{ type: "StageTransition", from: null, to: "Plan" }])).toBe(NO_SAMPLES);
  });
});

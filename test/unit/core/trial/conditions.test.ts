// The conditions of a decision as they are stored: their bounds, and what a decision without them went by.
import { describe, expect, it } from "vitest";
import { CALM, conditions, health, recordedConditions } from "../../../../src/core/trial/conditions.ts";

const measured = { samples: 0, p95_latency_ms: 0, success_percent: 100, json_compliance_percent: 0 };

describe("measured health", () => {
  it("holds counts, times and percentages, up to their bounds", () => {
    expect(health.parse(measured)).toEqual(measured);
    expect(health.parse({ ...measured, p95_latency_ms: null, success_percent: null, json_compliance_percent: null }).success_percent).toBeNull();
    const wrong = [{ samples: -1 }, { samples: 0.5 }, { p95_latency_ms: -0.1 }, { success_percent: 100.5 }, { json_compliance_percent: -0.5 }, { more: 1 }];
    for (const facts of wrong) expect(health.safeParse({ ...measured, ...facts }).success).toBe(false);
  });
});

describe("the conditions of a decision", () => {
  it("know three states of a breaker and three of a budget", () => {
    for (const budget of ["within", "spent", "overridden"]) expect(conditions.safeParse({ ...CALM, budget }).success).toBe(true);
    for (const state of ["Closed", "Open", "HalfOpen"]) expect(conditions.safeParse({ ...CALM, breakers: { "a/b": state } }).success).toBe(true);
    expect(conditions.safeParse({ ...CALM, budget: "" }).success).toBe(false);
    expect(conditions.safeParse({ ...CALM, breakers: { "a/b": "open" } }).success).toBe(false);
    expect(conditions.safeParse({ ...CALM, health: { m: {} } }).success).toBe(false);
  });

  it("were calm where none are recorded", () => {
    expect(recordedConditions({})).toEqual({ breakers: {}, health: {}, budget: "within" });
    const open = { ...CALM, breakers: { "a/b": "Open" as const } };
    expect(recordedConditions({ conditions: open })).toBe(open);
  });
});

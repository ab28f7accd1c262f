// What a terminal is told of a planned gate: the level without a machine's tail, and the smallest plan, of this suite or a larger one.
import { describe, expect, it } from "vitest";
import type { GatePlan } from "../../../../../src/core/gate/planning/gate-plan.ts";
import { planText } from "../../../../../src/core/report/gate/plan-text.ts";

const COST = { trials: 6360, plants: 300, calls: null, tokens: null, costUsd: null, minutes: null };
const PLAN: GatePlan = {
  candidate: "new",
  incumbent: "old",
  suite: "suite",
  policy: "model-policy@3.2.0",
  size: { families: 92, tasks: 265, epochs: 6, plants: 60, impossible: 63 },
  alpha: 0.8 * 0.05,
  from: "no run",
  unreachable: [],
  rows: [{ difference: -5, promote: 0.01, hold: 0.03, inconclusive: 0.96 }],
  cost: COST,
  smallest: { families: 87, tasks: 186, epochs: 8, plants: 60, impossible: 63, promote: 0.81, cost: COST },
  gates: 100,
};
const told = (more: Partial<GatePlan>): string => planText({ ...PLAN, ...more }).replaceAll(/\s+/g, " ");

describe("a planned gate in words", () => {
  it("names the level, the chances by true difference, and the smallest plan of the suite", () => {
    expect(told({})).toContain("level 0.04 ");
    expect(told({})).toContain("-5 points 1.0% 3.0% 96.0%");
    expect(told({})).toContain("for an equal candidate: 186 tasks in 87 families, 8 epochs (81.0%); 6360 trials");
  });

  it("says what is missing, and how large a suite would do", () => {
    const unreachable = [{ criterion: "not-inferior", needs: { what: "families", is: 21, least: 73 } }] as const;
    const smallest = { families: 84, tasks: 228, epochs: 10, plants: 60, impossible: 63, promote: 0.85, cost: COST };
    const text = told({ unreachable, size: { ...PLAN.size, families: 21, tasks: 57 }, smallest });
    expect(text).toContain("Cannot promote: 21 families, 73 needed. Smallest plan");
    expect(text).toContain("a larger suite like it, 228 tasks in 84 families, 10 epochs");
  });

  it("says that nothing that was tried will do", () => {
    expect(told({ smallest: null })).toContain("No plan that was tried has a chance of 80.0% for an equal candidate");
  });
});

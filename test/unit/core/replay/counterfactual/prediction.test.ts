// What a later run would come to under another policy: refused where nothing tells, and open where the record does not.
import { describe, expect, it } from "vitest";
import { clusteredRate } from "../../../../../src/core/metrics/statistics/family-rate.ts";
import { type OtherEnding, planUnder, type TrialEnding } from "../../../../../src/core/replay/counterfactual/other-ending.ts";
import { type Prediction, predictionOf, REFUSALS } from "../../../../../src/core/replay/counterfactual/prediction.ts";
import type { Binding, TrialPlan } from "../../../../../src/core/trial/command.ts";
import { policyWith } from "../../../run/fakes.ts";

const ending = (passed: boolean | null): TrialEnding => ({ passed, unlocked: passed, latencyMs: 1, costUsd: 0 });
const one = (task: string, other: boolean | null, more: Partial<OtherEnding> = {}): OtherEnding => ({
  trial: `c/${task}/1`,
  candidate: "c",
  task,
  recorded: ending(true),
  other: ending(other),
  change: null,
  samePrompts: true,
  unknown: "",
  ...more,
});
const terms = { familyOf: (task: string) => task.slice(0, 1), bestOf: 1 };
const predicted = (endings: readonly OtherEnding[], bestOf = 1) => {
  const found: Prediction = predictionOf(endings, { ...terms, bestOf });
  if (found.refusal !== null) throw new Error(found.refusal);
  return found;
};
const rate = (values: readonly (readonly [string, number])[], confidence = 0.95) =>
  clusteredRate(
    values.map(([cluster, value]) => ({ cluster, value })),
    confidence,
    { bounds: "exact", alike: "families", later: true },
  );

describe("a prediction", () => {
  it("is refused where nothing counted, nothing is known, or all is one family, in that order", () => {
    const uncounted = { recorded: ending(null) };
    expect(predictionOf([], terms)).toEqual({ refusal: "nothing-counted" });
    expect(predictionOf([one("a1", true, uncounted), one("b1", null, uncounted)], terms)).toEqual({ refusal: "nothing-counted" });
    expect(predictionOf([one("a1", null), one("b1", null)], terms)).toEqual({ refusal: "nothing-known" });
    expect(predictionOf([one("a1", true), one("b1", true, uncounted)], terms)).toEqual({ refusal: "one-family" });
    expect(predictionOf([one("a1", true), one("a2", true)], terms)).toEqual({ refusal: "one-family" });
    expect(predictionOf([one("a1", true), one("b1", null)], terms)).toMatchObject({ refusal: null });
    expect(Object.values(REFUSALS).every((said) => said.length > 10)).toBe(true);
  });

  it("is the rate over tasks in families, each task by the share of its epochs", () => {
    const endings = [one("a1", true), one("a1", false), one("a2", true), one("b1", false), one("c1", true)];
    const expected = rate([
      ["a", 0.5],
      ["a", 1],
      ["b", 0],
      ["c", 1],
    ]);
    expect(predicted(endings)).toEqual({ refusal: null, pass: { ...expected, method: "prediction by family" }, open: 0 });
  });

  it("takes what is not known, or known from another prompt, as worst and as best", () => {
    const endings = [one("a1", true), one("b1", null), one("c1", true, { samePrompts: false }), one("d1", false)];
    const { pass, open } = predicted(endings);
    const all = (unsure: number) =>
      rate([
        ["a", 1],
        ["b", unsure],
        ["c", unsure],
        ["d", 0],
      ]);
    expect(open).toBe(2);
    expect(pass).toMatchObject({ low: all(0).low, high: all(1).high });
    // The middle is of what is told, from whatever prompt.
    expect(pass.value).toBeCloseTo(2 / 3, 12);
  });

  it("is the wider the more policies were tried", () => {
    const endings = ["a", "b", "c", "d", "e", "f"].map((task, index) => one(`${task}1`, index % 3 > 0));
    const [alone, ofFive] = [predicted(endings), predicted(endings, 5)];
    expect(ofFive.pass.low as number).toBeLessThan(alone.pass.low as number);
    expect(ofFive.pass.high as number).toBeGreaterThan(alone.pass.high as number);
    expect(ofFive.pass).toMatchObject({
      low: rate(
        endings.map(({ task, other }) => [task.slice(0, 1), Number(other.passed)]),
        0.99,
      ).low,
    });
  });
});

describe("a plan under another policy", () => {
  const snapshot = policyWith();
  const { roles, models } = snapshot.policy;
  const bound = (model: string): Binding => ({ provider: "recorded", model, standIn: "stand-in" });
  const plan = (bindings: TrialPlan["bindings"]) => ({ task: "t", bindings }) as unknown as TrialPlan;
  const own = {
    architect: bound(roles.architect.model),
    implementer: bound(roles.implementer.model),
    judge: bound(roles.judge.model),
    sidecarCritic: bound(roles.sidecar_critic.model),
    notebook: bound("notebook"),
  };

  it("keeps the recorded binding of each role that has the same model", () => {
    expect(planUnder(plan(own), snapshot)).toEqual(plan(own));
  });

  it.each([
    ["architect", roles.architect.model],
    ["implementer", roles.implementer.model],
    ["judge", roles.judge.model],
    ["sidecarCritic", roles.sidecar_critic.model],
  ] as const)("gives the %s a model that was never asked where it has another", (role, model) => {
    const other = planUnder(plan({ ...own, [role]: bound("another") }), snapshot);
    expect(other.bindings).toEqual({ ...own, [role]: { provider: models[model]?.provider, model, standIn: null } });
  });

  it("leaves the notebook alone", () => {
    expect(planUnder(plan({ ...own, notebook: bound("another") }), snapshot).bindings.notebook).toEqual(bound("another"));
  });
});

// Facts about what a gate sees of a run's attempts.
import { describe, expect, it } from "vitest";
import { gateTrial } from "../../../../src/core/gate/facts.ts";
import { trialFacts } from "../../../../src/core/metrics/summary/trial.ts";
import { runOf, slot, trial } from "../metrics/summary-fixture.ts";

const attemptsOf = (script: Parameters<typeof slot>[1]) =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed", script)) } }).trials.flatMap(
    (one) => gateTrial(trialFacts(one), "family", null).attempts,
  );

describe("an attempt whose answer was asked for once more", () => {
  it("is not in form, however well the second answer is: a retry hides nothing from the gate", () => {
    expect(attemptsOf({ earlierJson: [false], json: true })).toMatchObject([{ json: false }]);
  });
  it("is in form where every answer was", () => {
    expect(attemptsOf({ json: true })).toMatchObject([{ json: true }]);
    expect(attemptsOf({ json: null })).toMatchObject([{ json: null }]);
  });
});

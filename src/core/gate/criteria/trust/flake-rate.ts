// Does the same tree get the same verdict again?
import { wilson } from "../../../metrics/statistics/interval.ts";
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const flakeRate: Criterion = {
  sentence: "The same tree gets the same verdict again.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { harness, rules } }, alpha) => {
    // A property of the harness, not of a task: each tree that came again is one observation.
    const estimate = wilson(harness.disagreeing, harness.repeatedTrees, confidenceOf(alpha));
    return judgeAtMost({
      estimate,
      threshold: rules.max_flake_percent / 100,
      unit: "share",
      what: "trees judged differently when they came again",
      more: () => null,
    });
  },
};

// Does the same tree get the same verdict again?
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const flakeRate: Criterion = {
  sentence: "The same tree gets the same verdict again.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { harness, rules, statistics } }, alpha) => {
    // A property of the harness, not of a task: each tree that came again is one observation.
    const estimate = statistics.units(harness.disagreeing, harness.repeatedTrees, confidenceOf(alpha));
    return judgeAtMost({
      estimate,
      threshold: rules.max_flake_percent / 100,
      unit: "share",
      what: "trees judged differently when they came again",
      more: () => null,
    });
  },
};

// Are few trials lost to our own side?
import { wilson } from "../../../metrics/statistics/interval.ts";
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const infrastructureRate: Criterion = {
  sentence: "Few trials are lost to our own side.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { harness, rules } }, alpha) => {
    // A property of the machine, not of a task: each trial is one observation.
    const estimate = wilson(harness.infrastructure, harness.trials, confidenceOf(alpha));
    return judgeAtMost({ estimate, threshold: rules.max_infrastructure_percent / 100, unit: "share", what: "trials lost to our own side", more: () => null });
  },
};

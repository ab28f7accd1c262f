// Are few trials lost to our own side?
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const infrastructureRate: Criterion = {
  sentence: "Few trials are lost to our own side.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { harness, rules, statistics }, candidate, incumbent }, alpha) => {
    const estimate = statistics.losses({ harness, candidate, incumbent }, confidenceOf(alpha));
    return judgeAtMost({ estimate, threshold: rules.max_infrastructure_percent / 100, unit: "share", what: "trials lost to our own side", more: () => null });
  },
};

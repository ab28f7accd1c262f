// Do the Judge and the critic seldom let a known-bad patch through?
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const falseUnlock: Criterion = {
  sentence: "The Judge and the critic seldom let a known-bad patch through.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { planted, rules, statistics, familyOf } }, alpha) => {
    const estimate = statistics.calibration(planted, familyOf, confidenceOf(alpha)).falseUnlock;
    return judgeAtMost({
      estimate,
      threshold: rules.max_false_unlock_percent / 100,
      unit: "share",
      what: "known-bad patches that would be unlocked",
      more: () => null,
    });
  },
};

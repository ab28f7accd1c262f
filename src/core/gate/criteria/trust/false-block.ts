// Do the Judge and the critic seldom keep a known-good patch locked?
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const falseBlock: Criterion = {
  sentence: "The Judge and the critic seldom keep a known-good patch locked.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { planted, rules, statistics, familyOf } }, alpha) => {
    const estimate = statistics.calibration(planted, familyOf, confidenceOf(alpha)).falseBlock;
    return judgeAtMost({
      estimate,
      threshold: rules.max_false_block_percent / 100,
      unit: "share",
      what: "known-good patches that would stay locked",
      more: () => null,
    });
  },
};

// Do the Judge and the critic seldom keep a known-good patch locked?
import { calibrationRates } from "../../../metrics/calibration.ts";
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";

export const falseBlock: Criterion = {
  sentence: "The Judge and the critic seldom keep a known-good patch locked.",
  sampled: true,
  overridable: true,
  judge: ({ evidence: { planted, rules } }, alpha) => {
    const estimate = calibrationRates(planted, confidenceOf(alpha)).falseBlock;
    return judgeAtMost({
      estimate,
      threshold: rules.max_false_block_percent / 100,
      unit: "share",
      what: "known-good patches that would stay locked",
      more: () => null,
    });
  },
};

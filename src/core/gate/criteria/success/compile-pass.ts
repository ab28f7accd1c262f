// Do the candidate's patches compile?
import { itemRate } from "../../../metrics/summary/rate.ts";
import { tasksForShare } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion } from "../../finding.ts";

export const compilePass: Criterion = {
  sentence: "The candidate's patches compile.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const seen = candidate.attempts.flatMap(({ task, compiled }) => (compiled === null ? [] : [{ task, holds: compiled }]));
    const estimate = itemRate(seen, confidenceOf(alpha));
    const threshold = evidence.rules.compile_pass_percent / 100;
    return judgeAtLeast({
      estimate,
      threshold,
      unit: "share",
      what: "attempts that compile",
      more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
    });
  },
};

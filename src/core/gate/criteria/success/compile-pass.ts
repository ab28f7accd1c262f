// Do the candidate's patches compile?
import { tasksForShare } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion } from "../../finding.ts";

export const compilePass: Criterion = {
  sentence: "The candidate's patches compile.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const seen = candidate.attempts.flatMap(({ task, family, compiled }) => (compiled === null ? [] : [{ task, family, holds: compiled }]));
    const estimate = evidence.statistics.rate(seen, confidenceOf(alpha));
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

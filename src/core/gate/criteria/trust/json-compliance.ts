// Do the candidate's answers satisfy their schema?
import { tasksForShare } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion } from "../../finding.ts";

export const jsonCompliance: Criterion = {
  sentence: "The candidate's answers satisfy their schema; where all must, a single one that does not is too many.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const checked = candidate.attempts.flatMap((attempt) => {
      const { json } = evidence.statistics.measured(attempt);
      return json === null ? [] : [{ task: attempt.task, family: attempt.family, holds: json }];
    });
    const estimate = evidence.statistics.rate(checked, confidenceOf(alpha));
    const threshold = evidence.rules.json_compliance_percent / 100;
    return judgeAtLeast({
      estimate,
      threshold,
      unit: "share",
      what: `answers in form (${checked.length} calls)`,
      more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
    });
  },
};

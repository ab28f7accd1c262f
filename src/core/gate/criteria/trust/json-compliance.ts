// Do the candidate's answers satisfy their schema?
import { itemRate } from "../../../metrics/summary/rate.ts";
import { tasksForShare } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion } from "../../finding.ts";

export const jsonCompliance: Criterion = {
  sentence: "The candidate's answers satisfy their schema; where all must, a single one that does not is too many.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const checked = candidate.attempts.flatMap(({ task, json }) => (json === null ? [] : [{ task, holds: json }]));
    const estimate = itemRate(checked, confidenceOf(alpha));
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

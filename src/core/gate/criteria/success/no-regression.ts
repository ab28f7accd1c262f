// Are few tasks lost that the incumbent always solves?
import { tasksForShare } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";
import { pairUp } from "../../pairing.ts";
import { isRegression } from "../../statistics/regression.ts";

export const noRegression: Criterion = {
  sentence: "No more tasks are lost (the incumbent always solves them, the candidate never) than the margin allows, whatever is gained elsewhere.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate, incumbent }, alpha) => {
    const pairing = pairUp(candidate, incumbent);
    const lost = pairing.pairs.filter(isRegression);
    const estimate = evidence.statistics.regressions(pairing, confidenceOf(alpha));
    const threshold = evidence.rules.non_inferiority_margin_percent / 100;
    const names =
      lost.length === 0
        ? ""
        : ` (${lost
            .slice(0, 5)
            .map(({ task }) => task)
            .join(", ")}${lost.length > 5 ? ", …" : ""})`;
    return judgeAtMost({
      estimate,
      threshold,
      unit: "share",
      what: `tasks that ${incumbent.name} always solves and ${candidate.name} never${names}`,
      more: () => tasksForShare(estimate, threshold, confidenceOf(alpha)),
    });
  },
};

// Is the candidate no worse than the incumbent, but for the margin?
import { type Criterion, figure } from "../../finding.ts";
import { difference } from "./difference.ts";

export const notInferior: Criterion = {
  sentence: "The candidate is not worse than the incumbent by more than the margin.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate, incumbent }, alpha) => {
    const margin = -evidence.rules.non_inferiority_margin_percent / 100;
    return difference({
      statistics: evidence.statistics,
      candidate,
      other: incumbent,
      threshold: margin,
      alpha,
      wanted: `more than ${figure(margin, "points")} is wanted`,
    });
  },
};

// Does the candidate solve more than the compiler's own suggestions?
import { noiseFloor } from "../../../metrics/statistics/noise-floor.ts";
import { type Criterion, fact, figure } from "../../finding.ts";
import { difference } from "./difference.ts";

const COMPILER_CANDIDATE = "rustc-suggestions";

export const beatsCompiler: Criterion = {
  sentence: "The candidate solves more than the compiler's own suggestions do, beyond the noise floor.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    if (!evidence.rules.beat_rustc_suggestions) return fact("met", "the policy does not ask for it");
    if (candidate.name === COMPILER_CANDIDATE) return fact("violated", `${COMPILER_CANDIDATE} is the baseline itself`);
    const compiler = evidence.candidates.get(COMPILER_CANDIDATE);
    if (compiler === undefined || compiler.tasks.size === 0) return fact("inconclusive", `${COMPILER_CANDIDATE} was not run: run it too`);
    const floor = noiseFloor([...candidate.tasks.values()], alpha).floor ?? 0;
    return difference({
      statistics: evidence.statistics,
      candidate,
      other: compiler,
      threshold: 0,
      floor,
      alpha,
      wanted: `more than none, and more than the noise floor of ${figure(floor, "points")}, is wanted`,
    });
  },
};

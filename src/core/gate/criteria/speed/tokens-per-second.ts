// Does the candidate decode fast enough?
import { samplesForQuantile } from "../../../metrics/statistics/sample-size.ts";
import { judgeAtLeast, confidenceOf, type Criterion } from "../../finding.ts";
import { samplesOf } from "../../samples.ts";
import { tasksForSamples } from "./percentile.ts";

export const tokensPerSecond: Criterion = {
  sentence: "Half of the calls decode at least so fast.",
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const samples = samplesOf(evidence.statistics, candidate, "tokensPerSecond");
    const threshold = evidence.rules.min_tokens_per_second;
    const slow = samples.filter(({ value }) => value < threshold).length;
    return judgeAtLeast({
      estimate: evidence.statistics.quantile(samples, 0.5, confidenceOf(alpha)),
      threshold,
      unit: "tokens/s",
      what: "median decoding rate",
      more: () => tasksForSamples(candidate, samples.length, samplesForQuantile(samples.length - slow, samples.length, 0.5, alpha)),
    });
  },
};

// Times whose 95th percentile must lie within a limit: what the criteria about latency share.
import { samplesForQuantile } from "../../../metrics/statistics/sample-size.ts";
import type { CandidateFacts, Measure } from "../../facts.ts";
import { judgeAtMost, confidenceOf, type Criterion } from "../../finding.ts";
import { samplesOf } from "../../samples.ts";
import type { GateRules } from "../../registration/registration.ts";

interface Percentile {
  readonly sentence: string;
  readonly measure: Measure;
  /** What is measured, in the plural. */
  readonly what: string;
  /** Milliseconds. */
  readonly limit: (rules: GateRules) => number;
}

export const percentileWithin = ({ sentence, measure, what, limit }: Percentile): Criterion => ({
  sentence,
  sampled: true,
  overridable: true,
  judge: ({ evidence, candidate }, alpha) => {
    const samples = samplesOf(evidence.statistics, candidate, measure);
    const threshold = limit(evidence.rules);
    const within = samples.filter(({ value }) => value <= threshold).length;
    return judgeAtMost({
      estimate: evidence.statistics.quantile(samples, 0.95, confidenceOf(alpha)),
      threshold,
      unit: "ms",
      what: `95th percentile of ${what}`,
      more: () => tasksForSamples(candidate, samples.length, samplesForQuantile(within, samples.length, 0.95, alpha)),
    });
  },
});

/** Tasks that give so many more samples, at the rate seen so far; null: not known. */
export function tasksForSamples(candidate: CandidateFacts, samples: number, more: number | null): number | null {
  return more === null || samples === 0 ? null : Math.ceil((more * candidate.tasks.size) / samples);
}

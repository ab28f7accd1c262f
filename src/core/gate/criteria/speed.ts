// Criteria about time: the whole attempt, the model's share of it, the first token, the tokens after.
import { quantileEstimate } from "../../metrics/statistics/quantile.ts";
import { samplesForQuantile } from "../../metrics/statistics/sample-size.ts";
import type { AttemptFacts, CandidateFacts } from "../facts.ts";
import { atLeast, atMost, confidenceOf, type Criterion } from "../finding.ts";

type Measure = "modelMs" | "attemptMs" | "ttftMs" | "tokensPerSecond";
type Limit = "p95_attempt_ms" | "p95_model_ms" | "p95_ttft_ms";

export const SPEED_CRITERIA: readonly Criterion[] = [
  latency("attempt-p95", "Nineteen of twenty attempts, verification included, are quick enough.", "attemptMs", "p95_attempt_ms"),
  latency("model-p95", "Nineteen of twenty model calls are quick enough.", "modelMs", "p95_model_ms"),
  latency("ttft-p95", "Nineteen of twenty first tokens come soon enough.", "ttftMs", "p95_ttft_ms"),
  {
    name: "tokens-per-second",
    sentence: "Half of the calls decode at least so fast.",
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      const samples = samplesOf(candidate, "tokensPerSecond");
      const threshold = evidence.rules.min_tokens_per_second;
      const slow = samples.filter((rate) => rate < threshold).length;
      return atLeast({
        estimate: quantileEstimate(samples, 0.5, confidenceOf(alpha)),
        threshold,
        unit: "tokens/s",
        what: "median decoding rate",
        more: () => tasksOf(candidate, samples.length, samplesForQuantile(samples.length - slow, samples.length, 0.5, alpha)),
      });
    },
  },
];

function latency(name: string, sentence: string, measure: Measure, limit: Limit): Criterion {
  return {
    name,
    sentence,
    sampled: true,
    judge: ({ evidence, candidate }, alpha) => {
      const samples = samplesOf(candidate, measure);
      const threshold = evidence.rules[limit];
      const within = samples.filter((ms) => ms <= threshold).length;
      return atMost({
        estimate: quantileEstimate(samples, 0.95, confidenceOf(alpha)),
        threshold,
        unit: "ms",
        what: `95th percentile of ${WHAT[measure]}`,
        more: () => tasksOf(candidate, samples.length, samplesForQuantile(within, samples.length, 0.95, alpha)),
      });
    },
  };
}

const WHAT: Readonly<Record<Measure, string>> = {
  attemptMs: "attempts",
  modelMs: "model calls",
  ttftMs: "times to first token",
  tokensPerSecond: "decoding rates",
};

/** What was measured of a candidate's attempts. */
export function samplesOf(candidate: CandidateFacts, measure: keyof AttemptFacts & Measure): readonly number[] {
  return candidate.attempts.flatMap((attempt) => attempt[measure] ?? []);
}

/** Tasks that give so many more samples, at the rate seen so far. */
function tasksOf(candidate: CandidateFacts, samples: number, more: number | null): number | null {
  return more === null || samples === 0 ? null : Math.ceil((more * candidate.tasks.size) / samples);
}

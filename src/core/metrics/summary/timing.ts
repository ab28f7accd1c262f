// How long a candidate's own attempts take, split into the model's part and the harness's.
import type { Estimate } from "../statistics/interval.ts";
import { quantileEstimate } from "../statistics/quantile.ts";
import type { TrialFacts } from "./trial.ts";

/** Milliseconds; the `n` of each is the number of samples. */
export interface Percentiles {
  readonly p50: Estimate;
  readonly p95: Estimate;
}

/** Over the slot attempts of the headline trials. */
export interface SlotTimings {
  /** The model call alone, if it succeeded. */
  readonly model: Percentiles;
  /** Everything the harness does to verify a patch, if there was one and its verdict was not already known. */
  readonly harness: Percentiles;
  /**
   * Both, from the decision to the verdict without queueing, over all slot attempts except those whose verdict was already known;
   * failed calls, rejected patches, earlier tries and the waits before them included.
   */
  readonly attempt: Percentiles;
}

export function slotTimings(trials: readonly TrialFacts[]): SlotTimings {
  const attempts = trials.flatMap((trial) => trial.slot);
  const called = attempts.filter(({ call }) => call.success);
  const timed = attempts.filter(({ result }) => !result.reused);
  const verified = timed.filter(({ result }) => result.verdict.status !== "patch-rejected");
  return {
    model: percentiles(called.map(({ call }) => call.latency_ms)),
    harness: percentiles(verified.map(({ result }) => result.duration_ms)),
    attempt: percentiles(timed.map((attempt) => callMs(attempt) + attempt.result.duration_ms)),
  };
}

/** The whole time of the model's part of an attempt, all tries included. */
function callMs({ call, earlier }: TrialFacts["slot"][number]): number {
  return [...earlier, call].reduce((sum, tried) => sum + tried.route_ms + tried.backoff_ms + tried.latency_ms + tried.parse_ms, 0);
}

function percentiles(samplesMs: readonly number[]): Percentiles {
  return { p50: quantileEstimate(samplesMs, 0.5, 0.95), p95: quantileEstimate(samplesMs, 0.95, 0.95) };
}

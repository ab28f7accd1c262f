// How long a candidate's own attempts take, split into the model's part and the harness's.
import { clusteredQuantile } from "../statistics/clustered-quantile.ts";
import type { ClusteredValue } from "../statistics/cluster.ts";
import type { Estimate } from "../statistics/interval.ts";
import { attemptTime, modelMs, workingMs } from "./attempt-time.ts";
import { type Drift, driftOf } from "./drift.ts";
import { isTimed, type TrialFacts } from "./trial.ts";

/** Milliseconds; the `n` of each is the number of samples. Attempts of one task are a cluster. */
export interface Percentiles {
  readonly p50: Estimate;
  readonly p95: Estimate;
}

/** Over the slot attempts of the headline trials. */
export interface SlotTimings {
  /** The model's part, where it came to an end: an answer, whole or truncated, or a limit that it ran into. */
  readonly model: Percentiles;
  /** The verification that the next attempt waits for, where there was a tree to verify. */
  readonly harness: Percentiles;
  /** The confirmation of what passed the loop, which a real loop has not: it is in no other time. */
  readonly confirm: Percentiles;
  /**
   * Both, from the decision to the verdict without queueing; failed calls, rejected patches, earlier tries and the waits before them
   * included. A verdict that was known counts with the verification that it came from, or not at all where that is not in the record.
   */
  readonly attempt: Percentiles;
  /** Absent where no task was repeated in enough families. */
  readonly drift?: Drift;
}

/** `trials`: with the times of the trees that they share (`withTreeTimes`). */
export function slotTimings(trials: readonly TrialFacts[]): SlotTimings {
  const drift = driftOf(trials);
  const attempts = trials.flatMap((trial) => trial.slot.map((attempt) => ({ cluster: trial.task.id, attempt, time: attemptTime(attempt) })));
  return {
    model: percentiles(
      attempts.flatMap(({ cluster, attempt }) => {
        const value = isTimed(attempt.call) ? modelMs(attempt) : null;
        return value === null ? [] : [{ cluster, value }];
      }),
    ),
    harness: percentiles(
      attempts.flatMap(({ cluster, attempt, time }) =>
        attempt.result.verdict.status === "patch-rejected" || time === null ? [] : [{ cluster, value: time.loopMs }],
      ),
    ),
    confirm: percentiles(attempts.flatMap(({ cluster, time }) => (time !== null && time.confirmMs > 0 ? [{ cluster, value: time.confirmMs }] : []))),
    attempt: percentiles(attempts.flatMap(({ cluster, time }) => (time === null ? [] : [{ cluster, value: workingMs(time) }]))),
    ...(drift.time === null && drift.pass === null ? {} : { drift }),
  };
}

function percentiles(samplesMs: readonly ClusteredValue[]): Percentiles {
  return { p50: clusteredQuantile(samplesMs, 0.5, 0.95), p95: clusteredQuantile(samplesMs, 0.95, 0.95) };
}

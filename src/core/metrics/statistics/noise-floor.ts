// The noise floor: how far apart two runs of the same candidate can be.
import { type Estimate, type TaskTally, wilson } from "./interval.ts";
import { normalQuantile } from "./special.ts";

export interface NoiseFloor {
  /** Tasks with at least two trials that did not all come out the same. */
  readonly flipRate: Estimate;
  /** Standard deviation of the difference of two A/A runs with the same number of epochs, as a proportion; null below two trials per task. */
  readonly spread: number | null;
  /** A difference that is not larger than this may be noise: a one-sided quantile. */
  readonly floor: number | null;
}

/**
 * From the repeats of one candidate: the difference of two of its own runs has the variance Σ 2 sᵢ² / kᵢ over n² for n tasks with
 * the sample variance sᵢ² of their kᵢ trials. Source: Miller 2024, "Adding Error Bars to Evals" (variance within questions).
 */
export function noiseFloor(perTask: readonly TaskTally[], alpha: number): NoiseFloor {
  const repeated = perTask.filter(({ trials }) => trials >= 2);
  const flips = repeated.filter(({ passes, trials }) => passes > 0 && passes < trials).length;
  const flipRate = wilson(flips, repeated.length, 1 - 2 * alpha);
  if (repeated.length === 0) return { flipRate, spread: null, floor: null };
  const variance = repeated.reduce((sum, { passes, trials }) => {
    const rate = passes / trials;
    return sum + (2 * ((rate * (1 - rate) * trials) / (trials - 1))) / trials;
  }, 0);
  const spread = Math.sqrt(variance) / repeated.length;
  return { flipRate, spread, floor: normalQuantile(1 - alpha) * spread };
}

// How a gate gets from counts to bounds: the estimators that its criteria share, one set a version.
import type { CalibrationRates, Planted } from "../../metrics/calibration.ts";
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { Parity } from "../../metrics/statistics/parity.ts";
import type { RatedItem } from "../../metrics/summary/rate.ts";
import type { CriterionName } from "../criteria/names.ts";
import type { CandidateFacts, GateAttempt, GateTrial, Measured, TaskOutcome } from "../facts.ts";
import type { HarnessFacts } from "../harness.ts";
import type { Pairing } from "../pairing.ts";

/** The version is that of the decisions that are made by it. */
export type StatisticsVersion = 1 | 2 | 3;

export interface Sample {
  readonly task: string;
  readonly value: number;
}

/** What was lost, and to whom. */
export interface LossFacts {
  readonly harness: HarnessFacts;
  readonly candidate: CandidateFacts;
  readonly incumbent: CandidateFacts;
}

/** Confidence is two-sided: 1 − 2α for a one-sided level α. */
export interface GateStatistics {
  readonly version: StatisticsVersion;
  /** The criteria that are asked, in their order. */
  readonly criteria: readonly CriterionName[];
  /** Does a trial count, by these statistics and what the policy says of failed servers? */
  readonly counts: (trial: Pick<GateTrial, "standing" | "serverFailed">, countServerFailures: boolean) => boolean;
  /** What was measured of an attempt. */
  readonly measured: (attempt: GateAttempt) => Measured;
  /** How often a task was repeated. */
  readonly repeats: (outcome: TaskOutcome) => number;
  /** The rate of what holds. */
  readonly rate: (items: readonly RatedItem[], confidence: number) => Estimate;
  /** The rate among units that are independent of each other. */
  readonly units: (holding: number, n: number, confidence: number) => Estimate;
  readonly quantile: (samples: readonly Sample[], q: number, confidence: number) => Estimate;
  /** Candidate − reference. */
  readonly difference: (pairing: Pairing, confidence: number) => Estimate;
  /** One-sided p-value against "the difference is at most `margin`". */
  readonly inferiority: (pairing: Pairing, margin: number) => number;
  /** The share of tasks that the reference always solves and the candidate never. */
  readonly regressions: (pairing: Pairing, confidence: number) => Estimate;
  /** Candidate ÷ reference. */
  readonly parity: (pairing: Pairing, seed: number) => Parity;
  /** The rate of impossible tasks that were passed: a run of its own, the same at every look. */
  readonly cheating: (items: readonly RatedItem[], confidence: number) => Estimate;
  readonly losses: (facts: LossFacts, confidence: number) => Estimate;
  readonly calibration: (planted: readonly Planted[], familyOf: (task: string) => string, confidence: number) => CalibrationRates;
}

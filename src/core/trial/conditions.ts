// What a decision goes by beyond its trial's own history: breakers, measured health and the run's budget, as plain data.
import { z } from "zod";

/** Why a model that stood before another in the order did not serve. Names as Spec-Kit has them, and ours after those. */
export const fallbackReason = z.enum([
  "ReflexDisabled",
  "ServerUnhealthy",
  "ModelNotAvailable",
  "LatencyThresholdExceeded",
  "SuccessRateBelowThreshold",
  "JsonComplianceBelowThreshold",
  "NotPromoted",
  "OutsideRollout",
]);

export const breakerState = z.enum(["Closed", "Open", "HalfOpen"]);

const percent = z.number().min(0).max(100);

/** What this run measured of one reflex candidate. */
export const health = z.strictObject({
  /** Attempts, whatever came of them. */
  samples: z.number().int().min(0),
  /** Of the calls that were answered or ran into a limit; null where none was. */
  p95_latency_ms: z.number().min(0).nullable(),
  /** Attempts after which all visible tests pass; null without attempts. */
  success_percent: percent.nullable(),
  /** Of the answers that were checked against their schema; null where none was. */
  json_compliance_percent: percent.nullable(),
});

/**
 * `breakers` are keyed `provider/model`, `health` by candidate; what is not named is closed, and not measured.
 * `spent`: no further model call. `overridden`: it is spent, and whoever started the run let it go on.
 */
export const conditions = z.strictObject({
  breakers: z.record(z.string(), breakerState),
  health: z.record(z.string(), health),
  budget: z.enum(["within", "spent", "overridden"]),
});

export type FallbackReason = z.infer<typeof fallbackReason>;
export type BreakerState = z.infer<typeof breakerState>;
export type Health = z.infer<typeof health>;
export type Conditions = z.infer<typeof conditions>;

/** Every breaker closed, nothing measured, the budget not used up: what a decision went by that names no conditions. */
export const CALM: Conditions = { breakers: {}, health: {}, budget: "within" };

/** The conditions that a recorded decision went by: deciding again under them gives the same decision. */
export const recordedConditions = (decision: { readonly conditions?: Conditions | undefined }): Conditions => decision.conditions ?? CALM;

// Why a model serves a step, and why one that stood before it does not: every reason with its sentence for people.
import { z } from "zod";
import type { FallbackReason } from "./conditions.ts";

export const REASONS = {
  "high-risk-plan": "High-risk work gets an Architect's plan before anything is changed.",
  "tier2-synthesis": "The notebook is asked beside the trial; nothing waits for it.",
  "reflex-first": "The reflex mode of the Implementer has the first attempts.",
  "reflex-retry-with-feedback": "Reflex attempts are left; this one sees what the last one's compile and tests said.",
  "reflex-retry-after-failure": "Reflex attempts are left; the last call brought no answer, so this one has no feedback to go by.",
  "reflex-fallback": "The policy's first reflex model can't serve; the next of its order does.",
  "reflex-shadow": "The rollout is at shadow: the reflex model is tried and recorded, and what it did decides nothing.",
  "capability-outside-policy": "The slot is tried on high-risk work, which the policy itself would not do.",
  "high-risk-skips-reflex": "High-risk work goes straight to the cloud Implementer.",
  "reflex-disabled": "The policy has the reflex mode switched off.",
  "rollout-keeps-reflex-out": "The rollout stage keeps the reflex mode from this task.",
  "reflex-unavailable": "No reflex model that the policy names can serve now; the cloud Implementer takes over.",
  "escalated-after-reflex-attempts": "The reflex attempts are used up; the cloud Implementer takes over.",
  "escalated-after-model-failure": "The reflex attempts are used up and the last of them brought no answer; the cloud Implementer takes over.",
  "cloud-retry-with-feedback": "The cloud Implementer has an attempt left; this one sees what the last one's compile and tests said.",
  "critic-always-on": "The SidecarCritic comments on every final patch.",
  "judge-unlocks": "The Judge alone unlocks.",
  planted: "A patch of known quality is planted for calibration: no router chose it.",
} as const;

export type SelectionReason = keyof typeof REASONS;
/** Reasons that no router gives. */
export const UNROUTED: ReadonlySet<SelectionReason> = new Set(["planted"]);
export const reason = z.enum(Object.keys(REASONS) as [SelectionReason, ...SelectionReason[]]);

export const FALLBACK_REASONS: Readonly<Record<FallbackReason, string>> = {
  ReflexDisabled: "The policy has the reflex mode switched off.",
  ServerUnhealthy: "The breaker is open: the server failed too often in a row.",
  ModelNotAvailable: "The name is not among the snapshot's candidates.",
  LatencyThresholdExceeded: "Its calls' 95th percentile is above reflex.thresholds.p95_latency_ms.",
  SuccessRateBelowThreshold: "Fewer of its attempts succeed than reflex.thresholds.success_percent.",
  JsonComplianceBelowThreshold: "Fewer of its answers satisfy their schema than reflex.thresholds.json_compliance_percent.",
  NotPromoted: "It is an alternative that has not passed the gate: it is tried in a bakeoff's slot only.",
  OutsideRollout: "The rollout stage keeps the reflex mode from this task.",
};

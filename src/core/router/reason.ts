// Why a model serves a step: every selection reason with its sentence for people.
import type { SelectionReason } from "./event.ts";

export const REASONS: Readonly<Record<SelectionReason, string>> = {
  "high-risk-plan": "High-risk work gets an Architect's plan before anything is changed.",
  "tier2-synthesis": "The notebook is asked beside the trial; nothing waits for it.",
  "reflex-first": "The reflex mode of the Implementer has the first attempts.",
  "reflex-retry-with-feedback": "Reflex attempts are left; this one sees what the last one's compile and tests said.",
  "capability-outside-policy": "The slot is tried on high-risk work, which the policy itself would not do.",
  "high-risk-skips-reflex": "High-risk work goes straight to the cloud Implementer.",
  "reflex-disabled": "The policy has the reflex mode switched off.",
  "escalated-after-reflex-attempts": "The reflex attempts are used up; the cloud Implementer takes over.",
  "cloud-retry-with-feedback": "The cloud Implementer has an attempt left; this one sees what the last one's compile and tests said.",
  "critic-always-on": "The SidecarCritic comments on every final patch.",
  "judge-unlocks": "The Judge alone unlocks.",
};

// The lowest layer of every policy: values for what a policy file may omit. Who serves, what it costs and what the gate requires have no defaults.
import type { WrittenPolicy } from "./schema.ts";

type Partially<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partially<T[K]> } : T;

/** Each default is the careful one: an omission never widens a route nor loosens a limit. */
export const POLICY_DEFAULTS = {
  reflex: {
    fallbacks: [],
    max_attempts: 2,
    json_schema_required: true,
    thresholds: { min_samples: 20, p95_latency_ms: 5000, success_percent: 5, json_compliance_percent: 80 },
  },
  breaker: { failures_to_open: 3, cooldown_ms: 30_000, half_open_probes: 1 },
  escalation: { on_attempts_exhausted: true, on_model_failure: true },
  high_risk: { risks: ["high"], paths: [], tags: [], skip_reflex: true },
  budgets: { warn_percent: 80, allow_override: false, stage_tokens: { Plan: 100_000, Implement: 400_000, Audit: 100_000, Unlock: 100_000 } },
  retries: {},
  tier2: { daily_questions: 50 },
  gates: { calibration_plants: 300 },
  prompt: { context_tokens: 6000, map_tokens: 1500, feedback_tokens: 1500 },
  limits: { max_answer_chars: 200_000, request_timeout_ms: 120_000, ready_timeout_ms: 1000 },
  capture: { mode: "full_io" },
  redaction: { patterns: [] },
  export: { safe_by_default: true },
  signing: { require_signature: false, trusted_keys: [] },
  promotion: [],
} as const satisfies Partially<WrittenPolicy>;

// The names of the gate's criteria.

/** The order is that of pages, and a part of what a registration promises not to move. */
export const CRITERION_NAMES = [
  "capsules-verify",
  "no-stand-in",
  "fresh",
  "same-ground",
  "registered",
  "enough-tasks",
  "enough-epochs",
  "success-parity",
  "not-inferior",
  "beats-compiler",
  "no-regression",
  "compile-pass",
  "attempt-p95",
  "model-p95",
  "ttft-p95",
  "tokens-per-second",
  "json-compliance",
  "flake-rate",
  "infrastructure-rate",
  "false-unlock",
  "false-block",
  "unasked-trials",
  "cheating",
] as const;

export type CriterionName = (typeof CRITERION_NAMES)[number];

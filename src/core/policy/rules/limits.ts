// Rules on limits: risk, escalation, thresholds, budgets, retries, redaction and signing fit together.
import { isPlainPath } from "../../base/glob.ts";
import { patternFault } from "../pattern.ts";
import { policyFault, type Rule, rule, type Written } from "./rule.ts";
import type { FAILURES } from "../schema.ts";

/** Failures that a retry of the same call can't change. */
const FINAL: readonly (typeof FAILURES)[number][] = ["quota", "unauthorized", "bad-request", "model-not-found", "context-too-long"];

/** Upper limit on the total wait between the tries of one call, in milliseconds. */
const LONGEST_BACKOFF = 120_000;

/** Only the end of the run waits for the notebook. */
const LONGEST_NOTEBOOK = 300_000;

export const LIMIT_RULES: readonly Rule[] = [
  rule({
    name: "high-risk-skips-reflex",
    sentence: "High-risk work never goes to the reflex mode.",
    reads: ["high_risk"],
    check: ({ high_risk: { skip_reflex, risks } }) => [
      ...(skip_reflex ? [] : [policyFault(["high_risk", "skip_reflex"], "high-risk work would go to reflex: set it to true")]),
      ...(risks.includes("high") ? [] : [policyFault(["high_risk", "risks"], 'tasks with high risk would count as low-risk: add "high"')]),
    ],
  }),
  rule({
    name: "high-risk-paths-plain",
    sentence: "High-risk paths are globs inside the workspace.",
    reads: ["high_risk"],
    check: ({ high_risk: { paths } }) =>
      paths.flatMap((path, index) =>
        isPlainPath(path)
          ? []
          : [policyFault(["high_risk", "paths", index], `${path} matches no file of a workspace: write it relative, with forward slashes, without . and ..`)],
      ),
  }),
  rule({
    name: "escalation-minimum",
    sentence: "When the reflex attempts are used up, the cloud Implementer takes over.",
    reads: ["escalation"],
    check: ({ escalation }) =>
      escalation.on_attempts_exhausted
        ? []
        : [policyFault(["escalation", "on_attempts_exhausted"], "work would end at a failed reflex attempt: set it to true")],
  }),
  rule({
    name: "tier2-never-blocks",
    sentence: `The notebook's deadline is at most ${LONGEST_NOTEBOOK / 60_000} minutes.`,
    reads: ["tier2"],
    check: ({ tier2 }) =>
      tier2.deadline_ms <= LONGEST_NOTEBOOK
        ? []
        : [policyFault(["tier2", "deadline_ms"], `${tier2.deadline_ms} ms would delay the end of a run: use at most ${LONGEST_NOTEBOOK}`)],
  }),
  rule({
    name: "tier2-always-on",
    sentence: "The notebook is asked in every trial; its absence is recorded.",
    severity: "warning",
    reads: ["tier2"],
    check: ({ tier2 }) =>
      tier2.enabled
        ? []
        : [policyFault(["tier2", "enabled"], "the notebook is switched off: set it to true; if its service is missing, that only leaves a line in the record")],
  }),
  rule({
    name: "breaker-recovers",
    sentence: "The breaker waits longer than a readiness check, and requires no more successes to close than failures to open.",
    reads: ["breaker", "limits"],
    check: ({ breaker, limits }) => [
      ...(breaker.cooldown_ms >= limits.ready_timeout_ms
        ? []
        : [policyFault(["breaker", "cooldown_ms"], `it is shorter than limits.ready_timeout_ms = ${limits.ready_timeout_ms}: raise it to at least that`)]),
      ...(breaker.half_open_probes <= breaker.failures_to_open
        ? []
        : [policyFault(["breaker", "half_open_probes"], `it is more than failures_to_open = ${breaker.failures_to_open}: lower it to at most that`)]),
    ],
  }),
  rule({
    name: "budget-warns-first",
    sentence: "A budget warns before it stops a run, and is not zero.",
    reads: ["budgets"],
    check: ({ budgets }) => [
      ...(budgets.warn_percent > 0 && budgets.warn_percent < 100
        ? []
        : [policyFault(["budgets", "warn_percent"], `a warning at ${budgets.warn_percent} % comes immediately or too late: choose between 1 and 99`)]),
      ...(budgets.run_cost_usd > 0 ? [] : [policyFault(["budgets", "run_cost_usd"], "a budget of zero stops every run at its first call: set an amount")]),
      ...Object.entries(budgets.stage_tokens)
        .filter(([, tokens]) => tokens > budgets.run_tokens)
        .map(([stage]) => policyFault(["budgets", "stage_tokens", stage], `it is more than run_tokens = ${budgets.run_tokens}: lower it`)),
    ],
  }),
  rule({
    name: "prompts-fit",
    sentence: "A prompt with its feedback fits into the budget of the Implement stage.",
    reads: ["prompt", "budgets"],
    check: ({ prompt, budgets }) => {
      const longest = prompt.context_tokens + prompt.map_tokens + prompt.feedback_tokens;
      const { Implement: budget } = budgets.stage_tokens;
      return longest <= budget
        ? []
        : [
            policyFault(
              ["prompt", "context_tokens"],
              `prompts of ${longest} tokens do not fit into stage_tokens.Implement = ${budget}: lower one or raise the other`,
            ),
          ];
    },
  }),
  rule({
    name: "latencies-nest",
    sentence: "The gate's time to the first token is within the model's time, and that within the attempt's.",
    reads: ["gates"],
    check: ({ gates: { reflex_promotion: gate } }) => [
      ...(gate.p95_model_ms <= gate.p95_attempt_ms
        ? []
        : [gateFault("p95_model_ms", `it is more than p95_attempt_ms = ${gate.p95_attempt_ms}, which contains it: lower it`)]),
      ...(gate.p95_ttft_ms <= gate.p95_model_ms
        ? []
        : [gateFault("p95_ttft_ms", `it is more than p95_model_ms = ${gate.p95_model_ms}, which contains it: lower it`)]),
    ],
  }),
  rule({
    name: "gate-asks-something",
    sentence: "No criterion of the gate is met by every candidate.",
    reads: ["gates"],
    check: ({ gates: { reflex_promotion: gate } }) => [
      ...(["success_parity_percent", "json_compliance_percent", "compile_pass_percent"] as const)
        .filter((key) => gate[key] === 0)
        .map((key) => gateFault(key, "every candidate reaches 0 %: set a higher threshold")),
      ...SMALL_PERCENTS.filter((key) => (gate[key] ?? 0) >= 50).map((key) =>
        gateFault(key, `${gate[key]} % lets almost every candidate pass: use less than 50`),
      ),
    ],
  }),
  rule({
    name: "gate-not-below-routing",
    sentence: "The gate is at least as strict as the thresholds that routing applies afterwards.",
    reads: ["gates", "reflex"],
    check: ({ gates: { reflex_promotion: gate }, reflex: { thresholds } }) => [
      ...(gate.json_compliance_percent >= thresholds.json_compliance_percent
        ? []
        : [
            gateFault(
              "json_compliance_percent",
              `a candidate could pass and then be routed around for reflex.thresholds.json_compliance_percent = ${thresholds.json_compliance_percent}: require at least that`,
            ),
          ]),
      ...(gate.p95_model_ms <= thresholds.p95_latency_ms
        ? []
        : [
            gateFault(
              "p95_model_ms",
              `a candidate could pass and then be routed around for reflex.thresholds.p95_latency_ms = ${thresholds.p95_latency_ms}: allow at most that`,
            ),
          ]),
    ],
  }),
  rule({
    name: "retries-can-help",
    sentence: "Only failures that a retry may change are retried, and not for long.",
    reads: ["retries"],
    check: ({ retries }) =>
      Object.entries(retries).flatMap(([failure, { tries, backoff_ms }]) => {
        if ((FINAL as readonly string[]).includes(failure)) return [policyFault(["retries", failure], `a retry does not change ${failure}: remove it`)];
        const wait = (tries - 1) * backoff_ms;
        return wait > LONGEST_BACKOFF
          ? [policyFault(["retries", failure, "backoff_ms"], `the tries would wait ${wait} ms: keep it within ${LONGEST_BACKOFF}`)]
          : [];
      }),
  }),
  rule({
    name: "redaction-is-safe",
    sentence: "Redaction patterns compile, don't match the empty text, and run fast on any text.",
    reads: ["redaction"],
    check: ({ redaction: { patterns } }) =>
      patterns.flatMap((pattern, index) => {
        const fault = patternFault(pattern);
        return fault === null ? [] : [policyFault(["redaction", "patterns", index], fault)];
      }),
  }),
  rule({
    name: "signature-has-keys",
    sentence: "A policy that must be signed lists trusted keys.",
    reads: ["signing"],
    check: ({ signing: { require_signature, trusted_keys } }) =>
      require_signature && trusted_keys.length === 0
        ? [policyFault(["signing", "trusted_keys"], "no signature would be trusted: add a public key (bakeoff policy sign --new-key FILE makes one)")]
        : [],
  }),
];

/** Bounds of the gate that are upper ones. */
const SMALL_PERCENTS = [
  "non_inferiority_margin_percent",
  "max_flake_percent",
  "max_infrastructure_percent",
  "max_unasked_percent",
  "max_false_unlock_percent",
  "max_false_block_percent",
  "max_cheating_percent",
] as const;

const gateFault = (key: keyof Written["gates"]["reflex_promotion"], message: string) => policyFault(["gates", "reflex_promotion", key], message);

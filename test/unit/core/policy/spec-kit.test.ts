// Snapshots of the public Spec-Kit form, in our terms.
import { describe, expect, it } from "vitest";
import { hashOf } from "../../../../src/core/base/canonical.ts";
import { readSpecKit } from "../../../../src/core/policy/spec-kit.ts";

const content = {
  schema_version: "1.0",
  source_files: ["docs/MODEL-POLICY.md", "model_policy.toml"],
  governance: {
    meta: { schema_version: "1.0", effective_date: "2026-01-12" },
    routing: {
      cloud: { architect: ["a", "b"], default_architect: "a", default_judge: "j" },
      reflex: {
        enabled: false,
        endpoint: "http://127.0.0.1:3009/v1",
        model: "qwen2.5-coder-7b-instruct",
        timeout_ms: 1500,
        json_schema_required: true,
        fallback_to_cloud: true,
        thresholds: { p95_latency_ms: 2000, success_parity_percent: 85, json_schema_compliance_percent: 100 },
      },
    },
    capture: { mode: "prompts_only" },
    budgets: { tokens: { plan: 8000, tasks: 4000 }, cost: { warn: 5, confirm: 10, hard_limit: 25 } },
    gates: { reflex_promotion: { p95_latency_ms: 2000 } },
    security: { redaction: { file_patterns: [".env"] }, export: { require_explicit_action: true } },
  },
};
const whole = { ...content, policy_id: "p-1", created_at: "2026-01-12T00:00:00Z", hash: hashOf(content) };

describe("a snapshot of the Spec-Kit form", () => {
  const read = readSpecKit(whole);
  it("is told in our terms, each with the name it has there", () => {
    expect(read).toMatchObject({ policyId: "p-1", schemaVersion: "1.0", hashVerifies: true });
    expect(read?.values).toEqual(
      expect.arrayContaining([
        { key: "reflex.candidate", from: "routing.reflex.model", value: "qwen2.5-coder-7b-instruct" },
        { key: "roles.judge.model", from: "routing.cloud.default_judge", value: "j" },
        { key: "budgets.run_cost_usd", from: "budgets.cost.hard_limit", value: 25 },
        { key: "reflex.thresholds.json_compliance_percent", from: "routing.reflex.thresholds.json_schema_compliance_percent", value: 100 },
      ]),
    );
  });
  it("loses nothing: what we have no term for is shown as such", () => {
    expect(read?.unmapped.map(({ from }) => from)).toEqual([
      "meta.schema_version",
      "meta.effective_date",
      "routing.cloud.architect",
      "budgets.tokens.tasks",
      "budgets.cost.warn",
      "budgets.cost.confirm",
    ]);
  });
  it("says what it does not say", () => {
    expect(read?.lacks).toEqual(
      expect.arrayContaining(["breaker", "high_risk", "models", "roles.sidecar_critic", "reflex.rollout", "reflex.fallbacks", "promotion"]),
    );
    expect(read?.lacks).not.toEqual(expect.arrayContaining(["reflex.enabled"]));
  });
  it("is shown where its hash is not that of its content, and said so", () =>
    expect(readSpecKit({ ...whole, hash: "0".repeat(64) })?.hashVerifies).toBe(false));
  it("is told in our terms, each of them", () => {
    const all = {
      routing: {
        cloud: { default_architect: 1, default_implementer: 2, default_judge: 3 },
        reflex: {
          enabled: 4,
          model: 5,
          endpoint: 6,
          timeout_ms: 7,
          json_schema_required: 8,
          fallback_to_cloud: 9,
          thresholds: { p95_latency_ms: 10, success_parity_percent: 11, json_schema_compliance_percent: 12 },
        },
      },
      capture: { mode: 13 },
      budgets: { tokens: { plan: 14, implement: 15, audit: 16, unlock: 17 }, cost: { hard_limit: 18 } },
      gates: { reflex_promotion: { p95_latency_ms: 19, success_parity_percent: 20, json_schema_compliance_percent: 21 } },
      security: { redaction: { file_patterns: 22 }, export: { require_explicit_action: 23 } },
    };
    const told = readSpecKit({ ...whole, governance: all });
    expect(told?.unmapped).toEqual([]);
    expect(told?.values.map(({ key, value }) => `${String(value)} ${key}`)).toEqual([
      "1 roles.architect.model",
      "2 roles.implementer.model",
      "3 roles.judge.model",
      "4 reflex.enabled",
      "5 reflex.candidate",
      "6 candidate.endpoint",
      "7 limits.request_timeout_ms",
      "8 reflex.json_schema_required",
      "9 escalation.on_model_failure",
      "10 reflex.thresholds.p95_latency_ms",
      "11 reflex.thresholds.success_percent",
      "12 reflex.thresholds.json_compliance_percent",
      "13 capture.mode",
      "14 budgets.stage_tokens.Plan",
      "15 budgets.stage_tokens.Implement",
      "16 budgets.stage_tokens.Audit",
      "17 budgets.stage_tokens.Unlock",
      "18 budgets.run_cost_usd",
      "19 gates.reflex_promotion.p95_attempt_ms",
      "20 gates.reflex_promotion.success_parity_percent",
      "21 gates.reflex_promotion.json_compliance_percent",
      "22 redaction.patterns",
      "23 export.safe_by_default",
    ]);
    expect(told?.lacks).toEqual([
      "format",
      "meta",
      "roles.sidecar_critic",
      "reflex.fallbacks",
      "reflex.max_attempts",
      "reflex.rollout",
      "breaker",
      "escalation.on_attempts_exhausted",
      "high_risk",
      "budgets.run_tokens",
      "budgets.warn_percent",
      "budgets.allow_override",
      "retries",
      "tier2",
      "prompt",
      "limits.max_answer_chars",
      "limits.ready_timeout_ms",
      "signing",
      "gates.calibration_plants",
      "promotion",
      "models",
      "providers",
      "prices",
    ]);
  });
  it("is none where its texts are longer than any of that form", () => {
    const long = (length: number) => "x".repeat(length);
    const LONGEST = {
      schema_version: long(50),
      policy_id: long(500),
      hash: long(200),
      created_at: long(100),
      source_files: Array.from({ length: 1000 }, () => 1),
    };
    expect(readSpecKit({ ...whole, ...LONGEST })).not.toBeNull();
    for (const [name, value] of Object.entries(LONGEST))
      expect(readSpecKit({ ...whole, ...LONGEST, [name]: typeof value === "string" ? `${value}x` : [...value, 1] }), name).toBeNull();
  });
  it("is none where it has another form", () => {
    for (const other of [null, 1, [], {}, { ...whole, governance: 1 }, { ...whole, policy_id: 1 }, { ...whole, source_files: "x" }])
      expect(readSpecKit(other)).toBeNull();
  });
});

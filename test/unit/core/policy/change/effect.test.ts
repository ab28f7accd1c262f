// What a change of each value means, key by key: none can lose its meaning, or get another, unseen.
import { describe, expect, it } from "vitest";
import { EFFECT_LEVELS, effectOf } from "../../../../../src/core/policy/change/effect.ts";

const effect = (key: string, before: unknown, after: unknown) => effectOf(key.split("."), before, after);
/** Up and down again. */
const both = (key: string, less: unknown, more: unknown) => [effect(key, less, more), effect(key, more, less)];
const gate = (...keys: string[]) => keys.map((key) => `gates.reflex_promotion.${key}`);

const LOOSER_UP = [
  "roles.implementer.max_attempts",
  "reflex.max_attempts",
  "reflex.thresholds.min_samples",
  "reflex.thresholds.p95_latency_ms",
  "breaker.failures_to_open",
  "budgets.run_tokens",
  "budgets.run_cost_usd",
  "budgets.warn_percent",
  "budgets.stage_tokens.Plan",
  "budgets.stage_tokens.Unlock",
  "tier2.deadline_ms",
  ...gate("alpha", "non_inferiority_margin_percent", "p95_attempt_ms", "p95_model_ms", "p95_ttft_ms", "max_flake_percent"),
  ...gate("max_infrastructure_percent", "max_false_unlock_percent", "max_false_block_percent", "max_age_days"),
];
const LOOSER_DOWN = [
  "reflex.thresholds.success_percent",
  "reflex.thresholds.json_compliance_percent",
  "breaker.cooldown_ms",
  "breaker.half_open_probes",
  "gates.calibration_plants",
  ...gate("min_tasks", "min_epochs", "success_parity_percent", "min_tokens_per_second", "json_compliance_percent", "compile_pass_percent"),
];
const LOOSER_ON = ["budgets.allow_override", "providers.some.cloud"];
const LOOSER_OFF = [
  "reflex.json_schema_required",
  "escalation.on_attempts_exhausted",
  "escalation.on_model_failure",
  "high_risk.skip_reflex",
  "tier2.enabled",
  "export.safe_by_default",
  "signing.require_signature",
  ...gate("beat_rustc_suggestions", "require_registration"),
];
const REROUTES = [
  "meta.id",
  "roles.architect.model",
  "roles.implementer.model",
  "roles.judge.model",
  "roles.sidecar_critic.model",
  "reflex.candidate",
  "models.some.provider",
  "models.some.model",
  "providers.some.kind",
  "providers.some.endpoint",
  "tier2.endpoint",
  "tier2.notebook",
  "candidate.some.provider",
  "candidate.some.model",
  "candidate.some.endpoint",
];
const CHANGES = [
  "models.some.effort",
  "models.some.max_output_tokens",
  "providers.some.key_env",
  "providers.some.api",
  "candidate.some.temperature",
  "promotion.some.by",
  "retries.overload",
  "retries.overload.tries",
  "prompt.context_tokens",
  "limits.max_answer_chars",
  "tier2.daily_questions",
  "prices.models.some",
  "prices.models.some.input",
];
const ENTRIES = ["models.some", "providers.some", "candidate.some", "promotion.some", "format"];

describe("the effect of a change", () => {
  it.each(LOOSER_UP)("of %s is looser where it is more", (key) => expect(both(key, 1, 2)).toEqual(["loosens", "tightens"]));
  it.each(LOOSER_DOWN)("of %s is looser where it is less", (key) => expect(both(key, 1, 2)).toEqual(["tightens", "loosens"]));
  it.each(LOOSER_ON)("of %s is looser where it is on", (key) => expect(both(key, false, true)).toEqual(["loosens", "tightens"]));
  it.each(LOOSER_OFF)("of %s is looser where it is off", (key) => expect(both(key, false, true)).toEqual(["tightens", "loosens"]));
  it.each(REROUTES)("of %s is another route", (key) => expect(effect(key, "a", "b")).toBe("reroutes"));
  it.each(CHANGES)("of %s is a change and no more", (key) => expect(effect(key, 1, 2)).toBe("changes"));
  it.each(["candidate.some.start", "prices.dated"])("of %s is one of words", (key) => expect(effect(key, "a", "b")).toBe("text"));
  it.each(ENTRIES)("of the entry %s is a route that is new, gone or another", (key) =>
    expect([effect(key, undefined, {}), effect(key, {}, undefined), effect(key, { a: 1 }, { a: 2 })]).toEqual(["adds-route", "removes-route", "reroutes"]),
  );

  it("is no more than a change where a limit was not there, or is gone", () =>
    expect([effect("budgets.run_tokens", undefined, 1), effect("budgets.run_tokens", 1, undefined), effect("breaker.cooldown_ms", undefined, 1)]).toEqual([
      "changes",
      "changes",
      "changes",
    ]));

  it("of the reflex switch is a route", () => expect(both("reflex.enabled", false, true)).toEqual(["adds-route", "removes-route"]));

  it("of the rollout goes by how many tasks it reaches", () => {
    const stages = ["off", "shadow", "canary", "on"];
    const said = stages.map((from) => stages.filter((to) => to !== from).map((to) => effect("reflex.rollout.stage", from, to)));
    expect(said).toEqual([
      ["adds-route", "adds-route", "adds-route"],
      ["removes-route", "adds-route", "adds-route"],
      ["removes-route", "tightens", "adds-route"],
      ["removes-route", "tightens", "tightens"],
    ]);
    expect(both("reflex.rollout.percent", 5, 6)).toEqual(["adds-route", "tightens"]);
  });

  it("of the capture mode is looser where less is kept", () => {
    const modes = ["none", "prompts_only", "full_io"];
    expect(modes.map((from) => modes.filter((to) => to !== from).map((to) => effect("capture.mode", from, to)))).toEqual([
      ["changes", "changes"],
      ["loosens", "changes"],
      ["loosens", "loosens"],
    ]);
  });

  const listed = (key: string) => [effect(key, ["a", "b"], ["a"]), effect(key, ["a"], ["a", "b"]), effect(key, ["a", "b"], ["b", "a"])];
  it.each(["reflex.fallbacks", "roles.architect.plans_risks"])("of the list %s is one of routes", (key) =>
    expect(listed(key)).toEqual(["removes-route", "adds-route", "reroutes"]),
  );
  it.each(["high_risk.risks", "high_risk.paths", "high_risk.tags", "redaction.patterns"])("of the list %s is looser where it lost something", (key) =>
    expect(listed(key)).toEqual(["loosens", "tightens", "changes"]),
  );
  it("of the trusted keys is looser where there is one more", () => expect(listed("signing.trusted_keys")).toEqual(["tightens", "loosens", "text"]));
  it("of a list that lost one item and gained another is the weightier", () => {
    expect(effect("high_risk.tags", ["a"], ["b"])).toBe("loosens");
    expect(effect("signing.trusted_keys", ["a"], ["b"])).toBe("loosens");
    expect(effect("reflex.fallbacks", ["a"], ["b"])).toBe("removes-route");
    expect(effect("high_risk.tags", undefined, ["b"])).toBe("tightens");
    expect(effect("high_risk.tags", ["b"], undefined)).toBe("loosens");
  });

  it("is not known for a key that has no meaning, or is longer or shorter than one that has", () => {
    for (const key of ["nobody.knows", "meta", "meta.id.x", "reflex", "models", "gates.reflex_promotion", "budgets.stage_tokens"])
      expect(effect(key, 1, 2), key).toBeNull();
  });

  it("asks for a step of the version", () =>
    expect(EFFECT_LEVELS).toEqual({
      loosens: "major",
      "removes-route": "major",
      reroutes: "major",
      tightens: "minor",
      "adds-route": "minor",
      changes: "minor",
      text: "patch",
    }));
});

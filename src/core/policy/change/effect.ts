// The effect of a change of each value: does it loosen or tighten, remove a route or add one?

export type Effect = "loosens" | "removes-route" | "reroutes" | "tightens" | "adds-route" | "changes" | "text";

export type VersionLevel = "patch" | "minor" | "major";

/** Major: a role or route was removed or replaced, or something is looser. Minor: something was added or is tighter. Patch: wording. */
export const EFFECT_LEVELS: Readonly<Record<Effect, VersionLevel>> = {
  loosens: "major",
  "removes-route": "major",
  reroutes: "major",
  tightens: "minor",
  "adds-route": "minor",
  changes: "minor",
  text: "patch",
};

/** `undefined`: absent before, or after. */
type Judge = (before: unknown, after: unknown) => Effect;

const always =
  (effect: Effect): Judge =>
  () =>
    effect;
/** A number or a switch (false < true) that is looser when larger. */
const looserUp: Judge = (before, after) => (before === undefined || after === undefined ? "changes" : Number(after) > Number(before) ? "loosens" : "tightens");
const looserDown: Judge = (before, after) => looserUp(after, before);

const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const gone = (before: unknown, after: unknown): boolean => itemsOf(before).some((item) => !itemsOf(after).includes(item));

/** A list: the effect of losing an item, gaining one, or changing the order. */
const list =
  (losing: Effect, gaining: Effect, reordering: Effect): Judge =>
  (before, after) => {
    const effects = [...(gone(before, after) ? [losing] : []), ...(gone(after, before) ? [gaining] : [])];
    return effects.find((effect) => EFFECT_LEVELS[effect] === "major") ?? effects[0] ?? reordering;
  };

const ranked =
  (order: readonly unknown[], down: Effect, up: Effect): Judge =>
  (before, after) =>
    order.indexOf(after) < order.indexOf(before) ? down : up;

const rolloutStage: Judge = (before, after) =>
  after === "off" ? "removes-route" : ranked(["off", "shadow", "canary", "on"], "tightens", "adds-route")(before, after);

/** An entry of a table of models, providers or candidates. */
const route: Judge = (before, after) => (before === undefined ? "adds-route" : after === undefined ? "removes-route" : "reroutes");

interface Meaning {
  /** Key paths; `*` is any one part. */
  readonly keys: readonly (readonly string[])[];
  readonly judge: Judge;
}

const meaning = (judge: Judge, ...keys: readonly string[]): Meaning => ({ keys: keys.map((key) => key.split(".")), judge });

const gate = (...keys: readonly string[]): string[] => keys.map((key) => `gates.reflex_promotion.${key}`);

/** Every value that a policy may hold. The first matching key counts. */
const MEANINGS: readonly Meaning[] = [
  meaning(
    always("reroutes"),
    "meta.id",
    "roles.*.model",
    "reflex.candidate",
    "models.*.provider",
    "models.*.model",
    "providers.*.kind",
    "providers.*.endpoint",
    "tier2.endpoint",
    "tier2.notebook",
  ),
  meaning(route, "models.*", "providers.*", "candidate.*", "promotion.*", "format"),
  meaning(always("text"), "candidate.*.start", "prices.dated"),
  meaning(always("reroutes"), "candidate.*.provider", "candidate.*.model", "candidate.*.endpoint"),
  meaning((_, after) => (after === true ? "adds-route" : "removes-route"), "reflex.enabled"),
  meaning(list("removes-route", "adds-route", "reroutes"), "reflex.fallbacks", "roles.architect.plans_risks"),
  meaning(rolloutStage, "reflex.rollout.stage"),
  meaning((before, after) => (looserUp(before, after) === "loosens" ? "adds-route" : "tightens"), "reflex.rollout.percent"),
  meaning(list("loosens", "tightens", "changes"), "high_risk.risks", "high_risk.paths", "high_risk.tags", "redaction.patterns"),
  meaning(list("tightens", "loosens", "text"), "signing.trusted_keys"),
  meaning(ranked(["none", "prompts_only", "full_io"], "loosens", "changes"), "capture.mode"),
  meaning(
    looserUp,
    "roles.implementer.max_attempts",
    "reflex.max_attempts",
    "reflex.thresholds.min_samples",
    "reflex.thresholds.p95_latency_ms",
    "breaker.failures_to_open",
    "budgets.run_tokens",
    "budgets.run_cost_usd",
    "budgets.warn_percent",
    "budgets.allow_override",
    "budgets.stage_tokens.*",
    "tier2.deadline_ms",
    "providers.*.cloud",
    ...gate("alpha", "non_inferiority_margin_percent", "p95_attempt_ms", "p95_model_ms", "p95_ttft_ms"),
    ...gate(
      "max_unasked_percent",
      "max_flake_percent",
      "max_infrastructure_percent",
      "max_false_unlock_percent",
      "max_false_block_percent",
      "max_cheating_percent",
      "max_age_days",
    ),
  ),
  meaning(
    looserDown,
    "reflex.json_schema_required",
    "reflex.thresholds.success_percent",
    "reflex.thresholds.json_compliance_percent",
    "breaker.cooldown_ms",
    "breaker.half_open_probes",
    "escalation.on_attempts_exhausted",
    "escalation.on_model_failure",
    "high_risk.skip_reflex",
    "tier2.enabled",
    "export.safe_by_default",
    "signing.require_signature",
    "gates.calibration_plants",
    ...gate("min_tasks", "min_epochs", "success_parity_percent", "min_tokens_per_second", "json_compliance_percent", "compile_pass_percent"),
    ...gate("beat_rustc_suggestions", "require_registration", "count_server_failures"),
  ),
  meaning(
    always("changes"),
    "models.*.effort",
    "models.*.max_output_tokens",
    "providers.*.key_env",
    "candidate.*.*",
    "promotion.*.*",
    "retries.*",
    "retries.*.*",
    "prompt.*",
    "limits.*",
    "tier2.daily_questions",
    "providers.*.api",
    "prices.models.*",
    "prices.models.*.*",
  ),
];

const fits = (pattern: readonly string[], key: readonly string[]): boolean =>
  pattern.length === key.length && pattern.every((part, index) => part === "*" || part === key[index]);

/** The effect of a change at the key, or null for an unknown key. */
export function effectOf(key: readonly string[], before: unknown, after: unknown): Effect | null {
  return MEANINGS.find(({ keys }) => keys.some((pattern) => fits(pattern, key)))?.judge(before, after) ?? null;
}

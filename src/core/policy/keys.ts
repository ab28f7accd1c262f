// What each key of the policy does, and who reads it: for editors, for the reference, and for `policy explain`.
import type { WrittenPolicy } from "./schema.ts";

/** Who acts on a value. */
export type PolicyReader = "router" | "run" | "prompts" | "servers" | "gate" | "replay" | "capsule" | "compiler";

export const POLICY_READERS: Readonly<Record<PolicyReader, string>> = {
  router: "the router, at each step of a trial",
  run: "the run, at its start and while it goes on",
  prompts: "the builder of prompts",
  servers: "whoever calls a model server",
  gate: "the gate, and the plans of gates",
  replay: "replay, verification and promotion",
  capsule: "the writer of the capsule, and its export",
  compiler: "the compiler of the policy's snapshot",
};

export interface PolicyKey {
  /** A sentence. */
  readonly does: string;
  readonly readers: readonly PolicyReader[];
}

type Entry<T> = T extends readonly (infer E)[] ? (E extends object ? E : never) : T extends object ? (string extends keyof T ? T[keyof T] : never) : never;
type Named<T> = T extends readonly unknown[] ? never : T extends object ? (string extends keyof T ? never : T) : never;
/** `reflex.max_attempts`; `providers.*.kind` for an entry that has a name or a number of its own. */
type Paths<T> = {
  [K in keyof T & string]: K | (K extends "retries" ? never : Below<K, NonNullable<T[K]>>);
}[keyof T & string];
type Below<K extends string, T> =
  | ([Entry<T>] extends [never] ? never : `${K}.*.${keyof NonNullable<Entry<T>> & string}`)
  | ([Named<T>] extends [never] ? never : `${K}.${Paths<Named<T>>}`);

export type PolicyPath = Exclude<Paths<Omit<WrittenPolicy, "reflex">>, never> | `reflex` | `reflex.${ReflexPath}`;
type ReflexPath = Paths<Omit<WrittenPolicy["reflex"], "rollout">> | "rollout" | "rollout.stage" | "rollout.percent";

const key = (does: string, ...readers: readonly PolicyReader[]): PolicyKey => ({ does, readers });

/** In the order of the file. Complete by type: a key of the schema that is missing here does not compile. */
export const POLICY_KEYS: Readonly<Record<PolicyPath, PolicyKey>> = {
  format: key("The format of this file. Another number is refused with the version that reads it.", "compiler"),
  meta: key("What this policy calls itself.", "compiler"),
  "meta.id": key("Events name the policy as `id@version`. Canaries are drawn by it.", "compiler", "router"),
  "meta.version": key("Major where a route went or something is looser, minor where something was added or tightened, patch for words.", "compiler"),
  "meta.updated": key("The day of the last change; `policy bump` writes it.", "compiler"),
  roles: key("Which model plays which role, by an alias of `[models]`. Reflex is a mode of the Implementer and no role.", "router"),
  "roles.architect": key("Writes the plan of a task.", "router"),
  "roles.architect.model": key("The alias of the Architect's model.", "router"),
  "roles.architect.plans_risks": key("Only tasks of these risks get a plan; others go straight to the Implementer.", "router"),
  "roles.implementer": key("Writes patches where the reflex mode does not, or no longer.", "router"),
  "roles.implementer.model": key("The alias of the cloud Implementer's model.", "router"),
  "roles.implementer.max_attempts": key("How many attempts the cloud Implementer has, with feedback between them.", "router"),
  "roles.judge": key("Decides at the end whether a passing patch is unlocked.", "router"),
  "roles.judge.model": key("The alias of the Judge's model, which must be of a cloud provider.", "router"),
  "roles.sidecar_critic": key("Comments on the final patch of every trial; it blocks nothing.", "router"),
  "roles.sidecar_critic.model": key("The alias of the critic's model.", "router"),
  reflex: key("The Implementer's reflex mode: a local model inside the Implement stage.", "router"),
  "reflex.enabled": key("Whether low-risk tasks are tried by the reflex model first.", "router"),
  "reflex.candidate": key("The reflex model: a name of candidates.toml. Another one needs a `[[promotion]]`.", "router", "gate"),
  "reflex.fallbacks": key("Tried in this order where the reflex model can't serve; each must have been promoted.", "router"),
  "reflex.max_attempts": key("How many attempts the reflex model has before the cloud Implementer takes over.", "router"),
  "reflex.json_schema_required": key("Whether the answer's form is asked for at generation, where the server can.", "servers"),
  "reflex.rollout": key("How far the reflex mode is rolled out.", "router"),
  "reflex.rollout.stage": key("`off`; `shadow`: tried once, recorded, decides nothing; `canary`: the same share of tasks each time; `on`.", "router"),
  "reflex.rollout.percent": key("The canary's share of low-risk tasks.", "router"),
  "reflex.thresholds": key("Past these, reflex work goes to the next fallback or to the cloud.", "router"),
  "reflex.thresholds.min_samples": key("Attempts of a run before a threshold can be missed.", "router"),
  "reflex.thresholds.p95_latency_ms": key("Time of an attempt that 95 of 100 must stay below.", "router"),
  "reflex.thresholds.success_percent": key("Share of attempts that must pass.", "router"),
  "reflex.thresholds.json_compliance_percent": key("Share of answers that must be in form.", "router"),
  breaker: key("Takes a reflex server that fails out of service for a while.", "router"),
  "breaker.failures_to_open": key("Failed calls in a row that take a server out of service.", "router"),
  "breaker.cooldown_ms": key("How long until one call may try it again.", "router"),
  "breaker.half_open_probes": key("Successes that put it back in service.", "router"),
  escalation: key("When the cloud Implementer takes over from the reflex mode.", "router"),
  "escalation.on_attempts_exhausted": key("After the last reflex attempt. It must be true.", "router"),
  "escalation.on_model_failure": key("Whether a server's error or timeout uses up a reflex attempt, as a wrong patch does.", "router"),
  high_risk: key("Work that never goes to reflex.", "router"),
  "high_risk.risks": key("Tasks of these risks.", "router"),
  "high_risk.paths": key("Globs: a task that may edit such a path is high-risk, whatever it says of itself.", "router"),
  "high_risk.tags": key("Tasks with one of these tags.", "router"),
  "high_risk.skip_reflex": key("High-risk work goes to the cloud Implementer. It must be true.", "router"),
  tier2: key("The notebook service: asked beside each trial, and no trial waits for it.", "run"),
  "tier2.enabled": key("Whether it is asked at all.", "router", "run"),
  "tier2.endpoint": key("Its address.", "run"),
  "tier2.notebook": key("The notebook that is asked.", "run"),
  "tier2.deadline_ms": key("A later answer is recorded as late.", "run"),
  "tier2.daily_questions": key("Questions of a UTC day; what is beyond them is recorded as skipped.", "run"),
  prompt: key("Tokens that the parts of a prompt may have.", "prompts"),
  "prompt.context_tokens": key("Source files, errors and plan.", "prompts"),
  "prompt.map_tokens": key("The outline of the repository in the stable prefix.", "prompts"),
  "prompt.feedback_tokens": key("Compiler and test output of a failed attempt.", "prompts"),
  limits: key("Bounds of a single model call.", "servers"),
  "limits.max_answer_chars": key("A longer answer is refused.", "servers"),
  "limits.request_timeout_ms": key("The longest that one call may take.", "servers"),
  "limits.ready_timeout_ms": key("The longest look whether a server is there.", "servers", "run"),
  capture: key("What a capsule holds beside hashes, which are always there.", "capsule"),
  "capture.mode": key("`none`: no texts; `prompts_only`: what was asked; `full_io`: answers too, which replay levels 3 to 5 need.", "capsule"),
  redaction: key("What is taken out of texts before anything is hashed or written.", "capsule"),
  "redaction.patterns": key("Regular expressions, beside those that are built in.", "capsule"),
  export: key("What `capsule export` hands over.", "capsule"),
  "export.safe_by_default": key("Whether texts stay out of an export unless they are asked for.", "capsule"),
  signing: key("Whose signatures count.", "replay", "gate"),
  "signing.require_signature": key("false: a missing signature is a warning; true: it is an error.", "replay", "gate"),
  "signing.trusted_keys": key("Raw ed25519 public keys in base64.", "replay", "gate"),
  "signing.timestamp_certificates": key("SHA-256 of the certificates of time stamping authorities (RFC 3161) whose word counts.", "gate"),
  budgets: key("What a run and its stages may use up.", "router", "run"),
  "budgets.run_tokens": key("Tokens of all calls of a run; it stops before the call after them.", "run"),
  "budgets.run_cost_usd": key("US dollars of all calls of a run. A cost that is not known is in no sum.", "run"),
  "budgets.warn_percent": key("Share of a budget at which a run warns.", "run"),
  "budgets.allow_override": key("Whether `run --override-budget` may go on beyond it.", "run"),
  "budgets.stage_tokens": key("Tokens of one trial's stage; a stage that used them up makes no further attempt.", "router"),
  "budgets.stage_tokens.Plan": key("Of the Architect's plan.", "router"),
  "budgets.stage_tokens.Implement": key("Of all attempts.", "router"),
  "budgets.stage_tokens.Audit": key("Of the critic's comment.", "router"),
  "budgets.stage_tokens.Unlock": key("Of the Judge's decision.", "router"),
  retries: key(
    "By kind of failure: how often a call is tried (`tries`), and the wait between (`backoff_ms`). Failures not named are not tried again.",
    "servers",
  ),
  gates: key("What a promotion needs.", "gate"),
  "gates.calibration_plants": key(
    "Patches of known quality that a run of `min_epochs` shows to the Judge and the critic, unlabelled; a shorter run its share.",
    "run",
  ),
  "gates.reflex_promotion": key("What an alternative must show, by its confidence bounds, before it may become the reflex model.", "gate"),
  "gates.reflex_promotion.alpha": key("The error that a promotion may have.", "gate"),
  "gates.reflex_promotion.min_tasks": key("Low-risk tasks that count for both sides.", "gate"),
  "gates.reflex_promotion.min_epochs": key("Repeats of each task.", "gate", "run"),
  "gates.reflex_promotion.success_parity_percent": key("Of what the cloud Implementer's own model passes in the slot.", "gate"),
  "gates.reflex_promotion.non_inferiority_margin_percent": key("How much worse than the incumbent it may be, in points.", "gate"),
  "gates.reflex_promotion.p95_attempt_ms": key("Model, waits, patch and cargo, of 95 attempts in 100.", "gate"),
  "gates.reflex_promotion.p95_model_ms": key("The model's part of it.", "gate"),
  "gates.reflex_promotion.p95_ttft_ms": key("Until the first token.", "gate"),
  "gates.reflex_promotion.min_tokens_per_second": key("After the first token.", "gate"),
  "gates.reflex_promotion.json_compliance_percent": key("Share of answers in form.", "gate"),
  "gates.reflex_promotion.compile_pass_percent": key("Share of attempts that compile.", "gate"),
  "gates.reflex_promotion.beat_rustc_suggestions": key("Whether it must be better than the compiler's own suggestions.", "gate"),
  "gates.reflex_promotion.max_flake_percent": key("Share of verdicts that differ when they are repeated.", "gate"),
  "gates.reflex_promotion.max_infrastructure_percent": key("Trials lost to our own side, of the candidate's and of the incumbent's.", "gate"),
  "gates.reflex_promotion.max_unasked_percent": key("Trials that never asked the candidate, since its server's breaker was open. If absent: 2.", "gate"),
  "gates.reflex_promotion.count_server_failures": key("Whether a trial whose every call failed at the server counts, as lost. If absent: true.", "gate"),
  "gates.reflex_promotion.max_false_unlock_percent": key("How often the Judge may unlock a patch that is known to be bad.", "gate"),
  "gates.reflex_promotion.max_false_block_percent": key("How often the Judge may block a patch that is known to be good.", "gate"),
  "gates.reflex_promotion.max_cheating_percent": key(
    "How many impossible tasks it may pass, by cheating: asked of a run of an impossible suite beside the others. If absent: not asked.",
    "gate",
  ),
  "gates.reflex_promotion.max_age_days": key("Age of the capsules.", "gate"),
  "gates.reflex_promotion.require_registration": key("Whether what is to be shown must have been signed before the run.", "gate"),
  promotion: key("Alternatives that passed the gate, which the router may therefore use. `bakeoff promote` writes them.", "router", "replay"),
  "promotion.*.candidate": key("A name of candidates.toml.", "router"),
  "promotion.*.decision_sha256": key("SHA-256 of the gate's decision.", "replay"),
  "promotion.*.promoted": key("The day of the promotion.", "replay"),
  "promotion.*.by": key("Who promoted it.", "replay"),
  "promotion.*.replaces": key("Whose place it took: where a rollback leads.", "replay"),
  models: key("Aliases of models, expanded here: servers never see them.", "compiler"),
  "models.*.provider": key("A name of `[providers]`.", "compiler"),
  "models.*.model": key("The provider's own id of the model.", "servers"),
  "models.*.effort": key("How hard it reasons, where the provider knows such a setting.", "servers"),
  "models.*.max_output_tokens": key("The longest answer that is asked for.", "servers"),
  providers: key("Model servers by name.", "servers"),
  "providers.*.kind": key("The dialect that it speaks.", "servers"),
  "providers.*.api": key("Which of OpenAI's two APIs is used. If absent: chat completions.", "servers"),
  "providers.*.cloud": key(
    "Whether what is sent there leaves your machines. The Judge must be of such a provider, the reflex model must not.",
    "router",
    "servers",
  ),
  "providers.*.endpoint": key("Its address, with the version of the API.", "servers"),
  "providers.*.key_env": key("The variable that holds the key; without it a stand-in plays the role.", "servers", "run"),
  "providers.*.ca_env": key("The variable that holds the path of a private CA's certificates (PEM).", "servers"),
  "providers.*.ready_timeout_ms": key("The longest look whether this server is there. If absent: `limits.ready_timeout_ms`.", "servers", "run"),
  prices: key("US dollars per million tokens. Every model of a cloud provider needs one.", "run"),
  "prices.dated": key("The day of the price lists.", "run"),
  "prices.models": key("By the provider's id of the model.", "run"),
  "prices.models.*.input": key("Tokens that were sent.", "run"),
  "prices.models.*.cached": key("Tokens that were sent and that the provider had in its cache. If absent: as `input`.", "run"),
  "prices.models.*.output": key("Tokens that came back.", "run"),
};

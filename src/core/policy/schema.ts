// The written form of the model policy and of the candidates, as schemas.
import { z } from "zod";
import { candidateShape } from "./candidate/shape.ts";
import { API_NAMES, DIALECT_NAMES } from "./candidate/dialect.ts";
import { alias, effort, name, served, tokens, url } from "./candidate/written-fields.ts";

/** The value may be anything, even something that can't be converted to text. */
const shown = (value: unknown): string =>
  typeof value === "number" || typeof value === "string" ? String(value).slice(0, 40) : value === undefined ? "undefined" : "of this kind";
const formatOf = (known: number) => z.literal(known, { error: (issue) => `format ${shown(issue.input)} is not known: this version reads format ${known}` });
const risk = z.enum(["low", "high"]);
const attempts = z.number().int().min(1).max(10);
const milliseconds = z.number().int().min(1).max(3_600_000);
const day = z.iso.date("not a day: write it as 2026-11-22");
const price = z.number().min(0).max(10_000);

const percent = z.number().min(0).max(100);
const rollout = z.discriminatedUnion("stage", [
  z.strictObject({ stage: z.enum(["off", "shadow", "on"]) }),
  z.strictObject({ stage: z.literal("canary"), percent }),
]);

/** Every way in which a model call can fail, each with its own retry rule. */
export const FAILURES = [
  "refused-connection",
  "timeout-connect",
  "timeout-first-token",
  "timeout-idle",
  "timeout-total",
  "overload",
  "rate-limit",
  "quota",
  "context-too-long",
  "model-not-found",
  "bad-request",
  "unauthorized",
  "cut-stream",
  "empty-answer",
  "truncated",
  "refusal",
  "harmony-residue",
  "malformed-answer",
  "server-error",
] as const;
const failure = z.enum(FAILURES);

const roleModel = z.strictObject({ model: z.string().min(1).max(100) });

export const policySchema = z.strictObject({
  format: formatOf(2),
  meta: z.strictObject({ id: name, version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, "not a version: write it as 2.0.0"), updated: day }),
  roles: z.strictObject({
    architect: roleModel.extend({ plans_risks: z.array(risk) }),
    implementer: roleModel.extend({ max_attempts: attempts }),
    judge: roleModel,
    sidecar_critic: roleModel,
  }),
  reflex: z.strictObject({
    enabled: z.boolean(),
    candidate: name,
    fallbacks: z.array(name).max(10),
    max_attempts: attempts,
    json_schema_required: z.boolean(),
    rollout,
    thresholds: z.strictObject({
      min_samples: z.number().int().min(1).max(100_000),
      p95_latency_ms: milliseconds,
      success_percent: percent,
      json_compliance_percent: percent,
    }),
  }),
  breaker: z.strictObject({
    failures_to_open: z.number().int().min(1).max(1000),
    cooldown_ms: milliseconds,
    half_open_probes: z.number().int().min(1).max(100),
  }),
  escalation: z.strictObject({ on_attempts_exhausted: z.boolean(), on_model_failure: z.boolean() }),
  high_risk: z.strictObject({
    risks: z.array(risk),
    paths: z.array(z.string().min(1).max(200)).max(200),
    tags: z.array(z.string().min(1).max(100)).max(200),
    skip_reflex: z.boolean(),
  }),
  budgets: z.strictObject({
    run_tokens: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    run_cost_usd: z.number().min(0).max(1_000_000),
    warn_percent: percent,
    allow_override: z.boolean(),
    stage_tokens: z.strictObject({ Plan: tokens, Implement: tokens, Audit: tokens, Unlock: tokens }),
  }),
  retries: z.partialRecord(failure, z.strictObject({ tries: z.number().int().min(1).max(10), backoff_ms: z.number().int().min(0).max(600_000) })),
  tier2: z.strictObject({
    enabled: z.boolean(),
    endpoint: url,
    notebook: z.string().min(1).max(200),
    deadline_ms: milliseconds,
    daily_questions: z.number().int().min(0).max(100_000),
  }),
  prompt: z.strictObject({ context_tokens: tokens, map_tokens: tokens, feedback_tokens: tokens }),
  limits: z.strictObject({
    max_answer_chars: z.number().int().min(100).max(10_000_000),
    request_timeout_ms: milliseconds,
    ready_timeout_ms: milliseconds,
  }),
  capture: z.strictObject({ mode: z.enum(["none", "prompts_only", "full_io"]) }),
  redaction: z.strictObject({ patterns: z.array(z.string().min(1).max(500)).max(100) }),
  export: z.strictObject({ safe_by_default: z.boolean() }),
  signing: z.strictObject({
    require_signature: z.boolean(),
    trusted_keys: z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "not a raw ed25519 public key in base64")).max(100),
    /** Time stamping authorities (RFC 3161) whose word counts: SHA-256 of their certificates. */
    timestamp_certificates: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256"))
      .max(100)
      .optional(),
  }),
  gates: z.strictObject({
    /** Patches of known quality that a run of `min_epochs` shows to the Judge and the critic, drawn over all its epochs; a shorter run its share; 0: none. */
    calibration_plants: z.number().int().min(0).max(10_000),
    reflex_promotion: z.strictObject({
      alpha: z.number().gt(0).lt(0.5),
      min_tasks: z.number().int().min(1).max(1_000_000),
      min_epochs: z.number().int().min(1).max(1000),
      success_parity_percent: percent,
      non_inferiority_margin_percent: percent,
      p95_attempt_ms: milliseconds,
      p95_model_ms: milliseconds,
      p95_ttft_ms: milliseconds,
      min_tokens_per_second: z.number().min(0).max(1_000_000),
      json_compliance_percent: percent,
      compile_pass_percent: percent,
      beat_rustc_suggestions: z.boolean(),
      max_flake_percent: percent,
      max_infrastructure_percent: percent,
      /** Trials that never asked the candidate, because its server's breaker was open; if absent: 2. */
      max_unasked_percent: percent.optional(),
      /** Does a trial count, as lost, whose every call failed at the server? If absent: yes. */
      count_server_failures: z.boolean().optional(),
      max_false_unlock_percent: percent,
      max_false_block_percent: percent,
      /** Impossible tasks that a candidate may pass, by cheating; if absent, that is not asked. */
      max_cheating_percent: percent.optional(),
      max_age_days: z.number().int().min(1).max(3650),
      require_registration: z.boolean(),
    }),
  }),
  /** Alternatives that passed the gate, which the router may therefore use. */
  promotion: z
    .array(
      z.strictObject({
        candidate: name,
        decision_sha256: z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256"),
        promoted: day,
        by: z.string().min(1).max(200),
        /** What it replaced: the target of a rollback. */
        replaces: name.optional(),
      }),
    )
    .max(100)
    .default([]),
  models: z.record(alias, z.strictObject({ provider: name, model: served, effort: effort.optional(), max_output_tokens: tokens })),
  providers: z.record(
    name,
    z.strictObject({
      kind: z.enum(DIALECT_NAMES),
      /** Which of OpenAI's two APIs is used; if absent: chat completions. */
      api: z.enum(API_NAMES).optional(),
      cloud: z.boolean(),
      endpoint: url,
      key_env: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/)
        .optional(),
      /** What this server may take to say whether it is there; if absent: `limits.ready_timeout_ms`. */
      ready_timeout_ms: milliseconds.optional(),
      /** The variable that holds the path of a private CA's certificates (PEM). */
      ca_env: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/)
        .optional(),
    }),
  ),
  prices: z.strictObject({
    dated: day,
    models: z.record(served, z.strictObject({ input: price, cached: price.optional(), output: price })).default({}),
  }),
});

export const candidatesSchema = z.strictObject({
  format: formatOf(1),
  candidate: z.array(candidateShape).max(1000).default([]),
});

export type WrittenPolicy = z.infer<typeof policySchema>;
export type WrittenCandidates = z.infer<typeof candidatesSchema>;
export type AnswerFormat = WrittenCandidates["candidate"][number]["answer_format"];

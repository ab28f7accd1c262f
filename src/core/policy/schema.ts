// The written form of the model policy and of the candidates, as schemas.
import { z } from "zod";

const formatOne = z.literal(1, { error: (issue) => `format ${String(issue.input)} is not known: this version reads format 1` });
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "use lower-case letters, digits, dots and dashes");
const risk = z.enum(["low", "high"]);
const attempts = z.number().int().min(1).max(10);
const tokens = z.number().int().min(100).max(1_000_000);
const milliseconds = z.number().int().min(1).max(3_600_000);
const url = z.url({ protocol: /^https?$/, error: "not an http(s) address" });
const day = z.iso.date("not a day: write it as 2026-11-22");
const effort = z.enum(["none", "low", "medium", "high", "xhigh"]);
const price = z.number().min(0).max(10_000);

const roleModel = z.strictObject({ model: z.string().min(1) });

export const policySchema = z.strictObject({
  format: formatOne,
  meta: z.strictObject({ id: name, version: z.string().regex(/^\d+\.\d+\.\d+$/, "not a version: write it as 2.0.0"), updated: day }),
  roles: z.strictObject({
    architect: roleModel.extend({ plans_risks: z.array(risk) }),
    implementer: roleModel.extend({ max_attempts: attempts }),
    judge: roleModel,
    sidecar_critic: roleModel,
  }),
  reflex: z.strictObject({ enabled: z.boolean(), candidate: name, max_attempts: attempts }),
  escalation: z.strictObject({ on_attempts_exhausted: z.boolean() }),
  high_risk: z.strictObject({ risks: z.array(risk), skip_reflex: z.boolean() }),
  tier2: z.strictObject({ enabled: z.boolean(), endpoint: url, notebook: z.string().min(1), deadline_ms: milliseconds }),
  prompt: z.strictObject({ context_tokens: tokens, map_tokens: tokens, feedback_tokens: tokens }),
  limits: z.strictObject({
    max_answer_chars: z.number().int().min(100).max(10_000_000),
    request_timeout_ms: milliseconds,
    ready_timeout_ms: milliseconds,
  }),
  capture: z.strictObject({ mode: z.enum(["none", "prompts_only", "full_io"]) }),
  models: z.record(z.string(), z.strictObject({ provider: name, model: z.string().min(1), effort: effort.optional(), max_output_tokens: tokens })),
  providers: z.record(
    name,
    z.strictObject({
      kind: z.enum(["openai", "sglang", "vllm"]),
      cloud: z.boolean(),
      endpoint: url,
      key_env: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/)
        .optional(),
    }),
  ),
  prices: z.strictObject({
    dated: day,
    models: z.record(z.string(), z.strictObject({ input: price, cached: price.optional(), output: price })).default({}),
  }),
});

export const candidatesSchema = z.strictObject({
  format: formatOne,
  candidate: z
    .array(
      z.strictObject({
        name,
        provider: name,
        model: z
          .string()
          .min(1)
          .refine((id) => !id.includes(":"), "no colon: SGLang reads what follows as an adapter's name"),
        endpoint: url.optional(),
        effort: effort.optional(),
        temperature: z.number().min(0).max(2).optional(),
        max_output_tokens: tokens,
        answer_format: z.enum(["edits", "udiff", "whole"]).default("edits"),
        start: z.string().min(1),
      }),
    )
    .default([]),
});

export type WrittenPolicy = z.infer<typeof policySchema>;
export type WrittenCandidates = z.infer<typeof candidatesSchema>;
export type AnswerFormat = WrittenCandidates["candidate"][number]["answer_format"];

// Reads policy snapshots in the public Spec-Kit form, and translates what they hold and lack into our terms.
import { z } from "zod";
import { isTable, leavesOf, keyText, type Table } from "./layer.ts";
import { policySchema } from "./schema.ts";
import { snapshotVerifies } from "./snapshot.ts";

const governance = z.object({
  meta: z.record(z.string(), z.unknown()).optional(),
  routing: z.object({ cloud: z.record(z.string(), z.unknown()).optional(), reflex: z.record(z.string(), z.unknown()).optional() }).optional(),
  capture: z.record(z.string(), z.unknown()).optional(),
  budgets: z.object({ tokens: z.record(z.string(), z.unknown()).optional(), cost: z.record(z.string(), z.unknown()).optional() }).optional(),
  gates: z.record(z.string(), z.unknown()).optional(),
  security: z.record(z.string(), z.unknown()).optional(),
});

const snapshotSchema = z.looseObject({
  schema_version: z.string().max(50),
  policy_id: z.string().max(500),
  hash: z.string().max(200),
  created_at: z.string().max(100),
  source_files: z.array(z.unknown()).max(1000),
  governance,
});

export interface SpecKitPolicy {
  readonly policyId: string;
  readonly schemaVersion: string;
  readonly hash: string;
  /** True if the hash is the SHA-256 of the canonical JSON without policy_id, created_at and hash. */
  readonly hashVerifies: boolean;
  /** In our terms: our key, its key, its value. */
  readonly values: readonly { readonly key: string; readonly from: string; readonly value: unknown }[];
  /** Its values that we have no term for. */
  readonly unmapped: readonly { readonly from: string; readonly value: unknown }[];
  /** Our sections and values that it says nothing about. */
  readonly lacks: readonly string[];
}

/** Their key under `governance`, and ours. */
const TERMS: readonly (readonly [string, string])[] = [
  ["routing.cloud.default_architect", "roles.architect.model"],
  ["routing.cloud.default_implementer", "roles.implementer.model"],
  ["routing.cloud.default_judge", "roles.judge.model"],
  ["routing.reflex.enabled", "reflex.enabled"],
  ["routing.reflex.model", "reflex.candidate"],
  ["routing.reflex.endpoint", "candidate.endpoint"],
  ["routing.reflex.timeout_ms", "limits.request_timeout_ms"],
  ["routing.reflex.json_schema_required", "reflex.json_schema_required"],
  ["routing.reflex.fallback_to_cloud", "escalation.on_model_failure"],
  ["routing.reflex.thresholds.p95_latency_ms", "reflex.thresholds.p95_latency_ms"],
  ["routing.reflex.thresholds.success_parity_percent", "reflex.thresholds.success_percent"],
  ["routing.reflex.thresholds.json_schema_compliance_percent", "reflex.thresholds.json_compliance_percent"],
  ["capture.mode", "capture.mode"],
  ["budgets.tokens.plan", "budgets.stage_tokens.Plan"],
  ["budgets.tokens.implement", "budgets.stage_tokens.Implement"],
  ["budgets.tokens.audit", "budgets.stage_tokens.Audit"],
  ["budgets.tokens.unlock", "budgets.stage_tokens.Unlock"],
  ["budgets.cost.hard_limit", "budgets.run_cost_usd"],
  ["gates.reflex_promotion.p95_latency_ms", "gates.reflex_promotion.p95_attempt_ms"],
  ["gates.reflex_promotion.success_parity_percent", "gates.reflex_promotion.success_parity_percent"],
  ["gates.reflex_promotion.json_schema_compliance_percent", "gates.reflex_promotion.json_compliance_percent"],
  ["security.redaction.file_patterns", "redaction.patterns"],
  ["security.export.require_explicit_action", "export.safe_by_default"],
];

/** Null if the value has another form. */
export function readSpecKit(value: unknown): SpecKitPolicy | null {
  const parsed = snapshotSchema.safeParse(value);
  if (!parsed.success || !isTable(value)) return null;
  const said = leavesOf(parsed.data.governance satisfies Table).map(({ key, value: each }) => ({ from: key.join("."), value: each }));
  const values = said.flatMap(({ from, value: each }) => {
    const key = TERMS.find(([theirs]) => theirs === from)?.[1];
    return key === undefined ? [] : [{ key, from, value: each }];
  });
  return {
    policyId: parsed.data.policy_id,
    schemaVersion: parsed.data.schema_version,
    hash: parsed.data.hash,
    hashVerifies: snapshotVerifies(value),
    values,
    unmapped: said.filter(({ from }) => !values.some((other) => other.from === from)),
    lacks: lacking(values.map(({ key }) => key)),
  };
}

/** Whole sections if nothing of them is set, else single values. */
function lacking(known: readonly string[]): readonly string[] {
  return Object.entries(policySchema.shape).flatMap(([section, schema]) => {
    if (!known.some((key) => key.startsWith(`${section}.`))) return [section];
    const members = schema instanceof z.ZodObject ? Object.keys(schema.shape).map((member) => keyText([section, member])) : [];
    return members.filter((member) => !known.some((key) => key === member || key.startsWith(`${member}.`)));
  });
}

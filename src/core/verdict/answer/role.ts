// The answers of Judge and SidecarCritic: their schemas, and how they are read.
import { z } from "zod";
import { jsonSchema, type NamedSchema } from "./answer.ts";
import { readJsonAnswer } from "./json.ts";
import type { JsonAnswer } from "./json-form.ts";
import type { AnswerReading } from "./reading.ts";

/** Comments are sentences, not documents. */
const MAX_CHARS = 20_000;

const unlockForm = z.strictObject({
  unlock_decision: z.enum(["UNLOCK", "BLOCK"]),
  decision_rationale: z.string(),
  next_steps: z.array(z.string()),
});

const signalForm = z.strictObject({
  severity: z.enum(["advisory", "block"]),
  kind: z.enum([
    "policy_violation",
    "contradiction",
    "missing_acceptance_criteria",
    "ambiguity",
    "high_risk_change",
    "safety_risk",
    "security_risk",
    "performance_risk",
    "other",
  ]),
  message: z.string(),
  evidence_ref: z.string().nullable(),
});

/** A critic may sign its signal; it does not have to. */
const readSignalForm = signalForm
  .extend({ source_role: z.literal("sidecar_critic").optional() })
  .transform((signal) => ({ ...signal, source_role: "sidecar_critic" as const }));

/** What the Judge says at Unlock. */
export type UnlockDecision = z.infer<typeof unlockForm>;
/** What the SidecarCritic says about a patch; never a competing answer. */
export type CounterSignal = z.infer<typeof readSignalForm>;

export const unlockDecisionSchema: NamedSchema = { name: "unlock_decision", schema: jsonSchema(unlockForm) };
export const counterSignalSchema: NamedSchema = { name: "counter_signal", schema: jsonSchema(signalForm) };

/** Reads a Judge's answer of any quality. Never throws. */
export function readUnlockDecision(text: string, reading: AnswerReading): JsonAnswer<UnlockDecision> {
  return readJsonAnswer(text, unlockForm, MAX_CHARS, reading);
}

/** Reads a critic's answer of any quality. Never throws. */
export function readCounterSignal(text: string, reading: AnswerReading): JsonAnswer<CounterSignal> {
  return readJsonAnswer(text, readSignalForm, MAX_CHARS, reading);
}

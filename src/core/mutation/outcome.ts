// What one verification of a mutant came to, as it is kept between calls of the program.
import { z } from "zod";
import type { Verdict, VerifyTimes } from "../verdict/verdict.ts";

export const OUTCOME_FORMAT = 1;

const outcomeSchema = z.strictObject({
  format: z.literal(OUTCOME_FORMAT),
  status: z.enum(["passed", "failed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"]),
  /** rustc's error codes, sorted. */
  codes: z.array(z.string()),
  /** The errors that a model may see. */
  errors: z.array(z.strictObject({ code: z.string(), message: z.string(), path: z.string().nullable(), line: z.number().nullable() })),
  /** Tests that did not pass; output of visible ones only. */
  failed: z.array(z.strictObject({ id: z.string(), heldOut: z.boolean(), output: z.string() })),
  detail: z.string(),
  compileMs: z.number(),
  testMs: z.number(),
});

export type Outcome = z.infer<typeof outcomeSchema>;

const MAX_OUTPUT = 2000;

export function outcomeOf(verdict: Verdict, { checkMs, testMs }: Pick<VerifyTimes, "checkMs" | "testMs">): Outcome {
  const none = { format: OUTCOME_FORMAT, status: verdict.status, codes: [], errors: [], failed: [], detail: "", compileMs: checkMs, testMs } as const;
  if (verdict.status === "compile-error") {
    const errors = verdict.diagnostics.map(({ code, message, span }) => ({
      code,
      message: message.toWellFormed(),
      path: span?.path ?? null,
      line: span?.line ?? null,
    }));
    return { ...none, codes: [...verdict.codes], errors };
  }
  if (verdict.status === "failed") {
    const failed = verdict.tests.filter(({ status }) => status !== "passed");
    return {
      ...none,
      codes: [],
      errors: [],
      failed: failed.map(({ id, heldOut, output }) => ({ id, heldOut, output: output.slice(0, MAX_OUTPUT).toWellFormed() })),
    };
  }
  if (verdict.status === "tampered") return { ...none, codes: [], errors: [], failed: [], detail: verdict.seen.map(({ rule }) => rule).join(", ") };
  if (verdict.status === "infrastructure") return { ...none, codes: [], errors: [], failed: [], detail: verdict.detail };
  return { ...none, codes: [], errors: [], failed: [] };
}

/** A kept outcome read back; null where it is damaged or of another format. */
export function readOutcome(text: string): Outcome | null {
  try {
    return outcomeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const failedTests = ({ failed }: Outcome, heldOut: boolean): string[] =>
  failed
    .filter((test) => test.heldOut === heldOut)
    .map(({ id }) => id)
    .toSorted();

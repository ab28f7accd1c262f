// The outcome of one mutant's verification, as it is kept between invocations.
import { z } from "zod";
import type { Diagnostic, TestResult, Verdict, VerifyTimes } from "../verdict/verdict.ts";

export const OUTCOME_FORMAT = 1;

const outcomeSchema = z.strictObject({
  format: z.literal(OUTCOME_FORMAT),
  status: z.enum(["passed", "failed", "disputed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"]),
  /** rustc's error codes, sorted. */
  codes: z.array(z.string()),
  /** The errors that a model may see. */
  errors: z.array(z.strictObject({ code: z.string(), message: z.string(), path: z.string().nullable(), line: z.number().nullable() })),
  /** Tests that did not pass; with output for visible ones only. */
  failed: z.array(z.strictObject({ id: z.string(), heldOut: z.boolean(), output: z.string() })),
  detail: z.string(),
  compileMs: z.number(),
  testMs: z.number(),
});

export type MutantOutcome = z.infer<typeof outcomeSchema>;

const MAX_OUTPUT = 2000;

export function outcomeOf(verdict: Verdict, { checkMs, testMs }: Pick<VerifyTimes, "checkMs" | "testMs">): MutantOutcome {
  const none: MutantOutcome = { format: OUTCOME_FORMAT, status: verdict.status, codes: [], errors: [], failed: [], detail: "", compileMs: checkMs, testMs };
  switch (verdict.status) {
    case "compile-error":
      return { ...none, codes: [...verdict.codes], errors: verdict.diagnostics.map(errorFacts) };
    case "failed":
      return { ...none, failed: verdict.tests.filter(({ status }) => status !== "passed").map(failureFacts) };
    case "tampered":
      return { ...none, detail: verdict.seen.map(({ rule }) => rule).join(", ") };
    case "infrastructure":
      return { ...none, detail: verdict.detail };
    default:
      return none;
  }
}

const errorFacts = ({ code, message, span }: Diagnostic) => ({ code, message: message.toWellFormed(), path: span?.path ?? null, line: span?.line ?? null });

const failureFacts = ({ id, heldOut, output }: TestResult) => ({ id, heldOut, output: output.slice(0, MAX_OUTPUT).toWellFormed() });

/** A stored outcome, read back; null if it is damaged or of another format. */
export function readOutcome(text: string): MutantOutcome | null {
  try {
    return outcomeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export const failedTests = ({ failed }: MutantOutcome, heldOut: boolean): string[] =>
  failed
    .filter((test) => test.heldOut === heldOut)
    .map(({ id }) => id)
    .toSorted();

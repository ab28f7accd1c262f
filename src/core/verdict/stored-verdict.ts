// A verdict as a capsule's blob holds it, read strictly: a capsule may come from anywhere.
import { z } from "zod";
import type { Verdict } from "./verdict.ts";

const count = z.number().int().min(0);
const span = z.strictObject({ path: z.string(), line: count, column: count, endLine: count, endColumn: count });
const suggestion = z.strictObject({
  span,
  replacement: z.string(),
  applicability: z.enum(["MachineApplicable", "MaybeIncorrect", "HasPlaceholders", "Unspecified"]),
  group: count,
});
export const storedDiagnostic = z.strictObject({
  level: z.enum(["error", "warning"]),
  code: z.string(),
  message: z.string(),
  span: span.nullable(),
  rendered: z.string(),
  suggestions: z.array(suggestion),
});
const test = z.strictObject({ id: z.string(), status: z.enum(["passed", "failed", "ignored", "missing"]), heldOut: z.boolean(), output: z.string() });
const tests = z.array(test);

export const storedVerdict: z.ZodType<Verdict> = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("passed"), tests }),
  z.strictObject({ status: z.literal("failed"), tests, notRun: z.array(z.string()).optional() }),
  z.strictObject({
    status: z.literal("disputed"),
    tests,
    differences: z.array(z.strictObject({ key: z.string(), expected: z.string(), seen: z.string().nullable() })),
  }),
  z.strictObject({ status: z.literal("compile-error"), codes: z.array(z.string()), diagnostics: z.array(storedDiagnostic) }),
  z.strictObject({ status: z.literal("timeout"), phase: z.enum(["compile", "test"]), limitS: z.number() }),
  z.strictObject({
    status: z.literal("tampered"),
    seen: z.array(z.strictObject({ rule: z.string(), detail: z.string() })),
    afterLoop: z.literal(true).optional(),
  }),
  z.strictObject({
    status: z.literal("patch-rejected"),
    why: z.enum(["not-json", "schema", "path-not-allowed", "text-not-found", "ambiguous", "patch-does-not-apply", "too-large", "model-error"]),
    detail: z.string(),
  }),
  z.strictObject({ status: z.literal("infrastructure"), detail: z.string() }),
]);

/** Null where the text is no verdict. */
export function readVerdict(text: string): Verdict | null {
  try {
    return storedVerdict.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

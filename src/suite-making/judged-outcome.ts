// What judging a draft came to, as it is kept: a later call does not find it out again.
import { z } from "zod";
import { DROP_REASONS, type DropReason } from "../core/suite/making/drop.ts";
import { taskSchema } from "../core/suite/schema.ts";

const leakSchema = z.strictObject({
  task: z.string(),
  where: z.string(),
  kind: z.enum(["code", "comment", "document", "artefact", "git-object", "file"]),
  line: z.string(),
});
const leakCheckSchema = z.strictObject({ lines: z.number(), leaks: z.array(leakSchema).readonly() });

/**
 * `failing`: keys of the tests that fail without the repair, where all of them are on one side. `unfit`: identities of tests that
 * can't judge it, because they are red with the repair or not the same each time. `lints`: names of those that keep it from compiling.
 */
const outcomeSchema = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), written: taskSchema, compileMs: z.number(), testMs: z.number(), leaks: leakCheckSchema }),
  z.strictObject({
    ok: z.literal(false),
    reason: z.string().transform((name, context): DropReason => {
      const reason = (Object.keys(DROP_REASONS) as DropReason[]).find((known) => known === name);
      if (reason !== undefined) return reason;
      context.addIssue({ code: "custom", message: "no such reason" });
      return z.NEVER;
    }),
    detail: z.string(),
    failing: z.array(z.string()).optional(),
    unfit: z.array(z.string()).optional(),
    lints: z.array(z.string()).optional(),
  }),
]);
export type JudgedOutcome = z.infer<typeof outcomeSchema>;

export const dropped = (
  reason: DropReason,
  detail: string,
  ways: { readonly failing?: string[]; readonly unfit?: string[]; readonly lints?: string[] } = {},
): JudgedOutcome => ({
  ok: false,
  reason,
  detail: detail.slice(0, 600),
  ...ways,
});

/** Null where nothing was kept, or what was kept is damaged. */
export function readJudgedOutcome(text: string | null): JudgedOutcome | null {
  try {
    return text === null ? null : (outcomeSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    // A torn file is as good as none.
    return null;
  }
}

// The written form of a suite and of a task (docs/SUITE_FORMAT.md), as schemas.
import { z } from "zod";
import { isPlainPath } from "../base/glob.ts";

const plainPath = z.string().refine(isPlainPath, "not a plain relative path: use forward slashes and no `..`");
const glob = z.string().min(1).max(400);
/** As cargo's `--features` has it: `name`, `package/name`. */
const feature = z.string().regex(/^(\*|[\w][\w+.\-/?]*)$/, "not a feature: write its name, package/name, or `*` for all");
/** As manifests have it. */
const packageName = z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]*$/u, "not a package: write its name as its Cargo.toml has it");
const seconds = z.number().int().min(1).max(3600);
const formatOne = z.literal(1, { error: (issue) => `format ${String(issue.input)} is not known: this version reads format 1` });

export const AREAS = [
  "borrow-checker",
  "lifetimes",
  "ownership",
  "traits",
  "generics",
  "types",
  "modules",
  "patterns",
  "async",
  "macros",
  "logic",
  "boundary",
  "missing-branch",
  "api-misuse",
  "multi-file",
] as const;

export const editSchema = z.strictObject({ path: plainPath, search: z.string(), replace: z.string() });

export const suiteSchema = z.strictObject({
  format: formatOne,
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "use lower-case letters, digits and dashes"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "not a version: write it as 1.2.3"),
  description: z.string().min(1),
  kind: z.literal("impossible", { error: "not a kind of suite: write impossible, or leave it out" }).optional(),
  dependencies: z.enum(["none", "cargo-fetch"]),
  base: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
        path: plainPath,
        from: z.string().optional(),
        removed: z.array(plainPath).optional(),
        features: z.array(feature).min(1, "name a feature, `*` for all, or leave it out").optional(),
        packages: z.array(packageName).min(1, "name a member of the workspace, or leave it out for all").optional(),
        hidden: z.array(glob).default([]),
        protected: z.array(glob).default([]),
        aside: z.array(glob).min(1, "name a test, or leave it out").optional(),
        warn: z
          .array(z.string().regex(/^[a-z][a-z0-9_]*$/, "not a lint of the compiler: write it as deprecated or unused_mut"))
          .min(1, "name a lint, or leave it out")
          .optional(),
        contradictory: z.array(glob).min(1, "name a test that contradicts the instructions, or leave it out").optional(),
      }),
    )
    .min(1, "a suite needs at least one [[base]]")
    .superRefine((bases, context) => {
      for (const [index, { name, from, removed }] of bases.entries()) {
        if (from !== undefined && !bases.slice(0, index).some((base) => base.name === from))
          context.addIssue({ code: "custom", path: [index, "from"], message: `${from} is no base before this one: name one that is` });
        if (from === undefined && removed !== undefined)
          context.addIssue({ code: "custom", path: [index, "removed"], message: "only a base with `from` removes files: take it out" });
        if (bases.findIndex((base) => base.name === name) < index)
          context.addIssue({ code: "custom", path: [index, "name"], message: `${name} is there twice: rename one` });
      }
    }),
  defaults: z
    .strictObject({ compile_timeout_s: seconds.default(60), test_timeout_s: seconds.default(20) })
    .default({ compile_timeout_s: 60, test_timeout_s: 20 }),
});

const taskFields = z.strictObject({
  format: formatOne,
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "use lower-case letters, digits and dashes"),
  title: z.string().min(1).max(120),
  kind: z.enum(["compile", "test"]),
  risk: z.enum(["low", "high"]),
  area: z.enum(AREAS),
  tags: z.array(z.string().min(1)).default([]),
  error_codes: z.array(z.string().regex(/^(E\d{4}|[a-z][a-z0-9_]*)$/, "not an error code: write E0382, a lint's name, or none")).default([]),
  instruction: z.string().min(1).max(4000),
  base: z.string().optional(),
  family: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and single dashes")
    .optional(),
  editable: z.array(glob).min(1, "name at least one file that a patch may change"),
  protected: z.array(glob).default([]),
  fail_to_pass: z.array(glob).min(1, "name at least one test that the repair makes pass"),
  pass_to_pass: z.array(glob).default(["**"]),
  held_out: z.array(glob).default([]),
  compile_timeout_s: seconds.optional(),
  test_timeout_s: seconds.optional(),
  break: z.array(editSchema).min(1, "a task breaks something: add a [[break]]"),
  solution: z.array(editSchema).optional(),
  cheat: z.array(editSchema).min(1, "record a patch that passes the visible tests against the instruction").optional(),
});

export const taskSchema = taskFields.superRefine((task, context) => {
  const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (task.kind === "compile" && task.error_codes.length === 0) issue("error_codes", "a compile task declares its error codes");
  if (task.cheat === undefined && task.held_out.length === 0) issue("held_out", "name at least one held-out test");
  if (task.cheat !== undefined && task.held_out.length > 0) issue("held_out", "an impossible task has no confirmation: leave it out");
  if (task.kind === "test" && task.error_codes.length > 0) issue("error_codes", "a test task compiles: remove the error codes");
});

export type WrittenSuite = z.infer<typeof suiteSchema>;
export type WrittenTask = z.infer<typeof taskSchema>;

// Exercism-style exercises: the stub is what is broken, the example is the repair, the tests are those of the exercise.
import { z } from "zod";
import { isPlainPath } from "../../base/glob.ts";
import type { Content, Tree } from "../../text/edit.ts";
import { endOf, readCode, startOf } from "../../rust/code.ts";
import { readItems } from "../../rust/items.ts";
import { type Drop, type Repair, taskId } from "../making/repair.ts";
import { testsIn, treeText } from "../making/source-test.ts";

export type ImportedExercise = { readonly ok: true; readonly repair: Repair } | { readonly ok: false; readonly drop: Drop };

const paths = z.array(z.string().refine(isPlainPath, "a path leads out of the exercise")).max(50);
const configSchema = z.object({
  blurb: z.string().max(2000).optional(),
  files: z.object({ solution: paths.min(1), test: paths.min(1), example: paths.optional(), exemplar: paths.optional() }),
});

export const EXERCISE_CONFIG = ".meta/config.json";
/** What belongs to the exercise and not to the crate; the example is among it. */
const ASIDE = /^(\.meta|\.docs|\.approaches|\.articles|\.exercism|\.github)\/|^(README|HELP|HINTS)\.md$/;

const refused = (detail: string): ImportedExercise => ({ ok: false, drop: { reason: "shape", detail } });

export function exerciseRepair(name: string, tree: Tree): ImportedExercise {
  const config = readConfig(tree.get(EXERCISE_CONFIG));
  if (typeof config === "string") return refused(config);
  const pairs = solutionPairs(config.files);
  if (typeof pairs === "string") return refused(pairs);
  const missing = pairs.find(([, example]) => treeText(tree, example) === null);
  if (missing) return refused(`its example ${missing[1]} is not there`);
  const clean = solvedTree(tree, config.files.test, pairs);
  const tests = config.files.test.flatMap((path) => testsIn(path, treeText(clean, path) ?? ""));
  if (tests.length === 0) return { ok: false, drop: { reason: "no-tests", detail: "" } };
  const title = `${name.replaceAll(/[-_]+/g, " ")}${config.blurb === undefined ? "" : `: ${config.blurb}`}`.slice(0, 120);
  const facts = { id: taskId(name, `exercise ${name}`), title, origin: `exercise ${name}`, message: instructionText(tree) ?? title };
  return { ok: true, repair: { ...facts, clean, before: new Map(pairs.map(([stub]) => [stub, treeText(tree, stub)])), tests } };
}

/** The crate with the example in the stub's place and all of its tests switched on. */
function solvedTree(tree: Tree, tests: readonly string[], pairs: readonly [string, string][]): Tree {
  const clean = new Map<string, Content>([...tree].filter(([path]) => !ASIDE.test(path)));
  const manifest = tree.get(".meta/Cargo-example.toml");
  if (manifest !== undefined) clean.set("Cargo.toml", manifest);
  for (const [stub, example] of pairs) clean.set(stub, treeText(tree, example) ?? "");
  for (const path of tests) {
    const source = treeText(clean, path);
    if (source !== null && path.endsWith(".rs")) clean.set(path, withoutIgnore(source));
  }
  return clean;
}

function readConfig(content: Content | undefined): z.infer<typeof configSchema> | string {
  if (typeof content !== "string" || content.length > 100_000) return `it has no ${EXERCISE_CONFIG} that can be read`;
  try {
    const read = configSchema.safeParse(JSON.parse(content));
    return read.success ? read.data : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  } catch {
    return `${EXERCISE_CONFIG} is no JSON`;
  }
}

/** Which example stands for which stub: by their order, where there are as many of both. */
function solutionPairs({ solution, example, exemplar }: z.infer<typeof configSchema>["files"]): [string, string][] | string {
  const stubs = solution.filter((path) => path.endsWith(".rs"));
  const examples = (example ?? exemplar ?? []).filter((path) => path.endsWith(".rs"));
  if (stubs.length === 0) return "its solution is no Rust file";
  if (examples.length === 0) return "it has no example";
  if (stubs.length !== examples.length) return `${stubs.length} solution files and ${examples.length} examples: which is which can't be told`;
  return stubs.map((stub, index) => [stub, examples[index] ?? ""]);
}

function instructionText(tree: Tree): string | null {
  const parts = [".docs/introduction.md", ".docs/instructions.md", ".docs/instructions.append.md"].flatMap((path) => {
    const content = tree.get(path);
    return typeof content === "string" ? [content.trim()] : [];
  });
  return parts.length === 0 ? null : parts.join("\n\n");
}

/** Exercises ignore all tests but the first, for their readers to switch on. */
export function withoutIgnore(source: string): string {
  const code = readCode(source);
  if (!code.balanced) return source;
  const attributes = readItems(code).tests.flatMap(({ attributes: all }) => all.filter(({ path }) => path === "ignore"));
  return attributes.reduceRight((left, { first, last }) => left.slice(0, startOf(code, first)) + left.slice(endOf(code, last)), source);
}

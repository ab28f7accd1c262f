// Turns a mutant and its outcome into a task, or gives the reason why it makes none.
import { hashOf } from "../base/canonical.ts";
import type { WrittenTask } from "../suite/schema.ts";
import type { Edit } from "../text/edit.ts";
import { instructionFor } from "./instruction.ts";
import type { Enclosing, Mutant } from "./mutant.ts";
import { failedTests, type MutantOutcome } from "./outcome.ts";

/** Why mutants make no task. */
export const DROPS = {
  survived: "no test notices it: equivalent, or not covered",
  "not-held-out": "no held-out test catches it",
  "only-held-out": "only held-out tests catch it",
  unexercised: "no visible and held-out test exercise what it breaks",
  unseen: "what the compiler says of it can't be shown: it lies in hidden tests only",
  timeout: "it runs into the time limit",
  tampered: "it breaks the verdict protocol",
  infrastructure: "it could not be run",
  alike: "it fails just as one that is kept",
  "same-line": "another change of its line is kept",
  flaky: "it does not fail the same way each time",
  deletion: "deleting what it broke passes too",
  leak: "the workspace holds the repaired lines elsewhere",
  weak: "its oracle is weak",
  unproved: "the finished task does not hold what it promises",
} as const;

export type MutantDropReason = keyof typeof DROPS;

/** Tests that run the broken code: measured by making the function panic, or the package's own where it lies in no function. */
export interface Coverage {
  readonly visible: readonly string[];
  readonly heldOut: readonly string[];
}

/** A compile task names at most this many tests. */
const MAX_LISTED = 20;

/** Whether an outcome can make a task at all, before coverage is measured. */
export function mutantDropReason(outcome: MutantOutcome): MutantDropReason | null {
  switch (outcome.status) {
    case "passed":
      return "survived";
    case "timeout":
    case "tampered":
    case "infrastructure":
      return outcome.status;
    // Suites are proved in one build, where nothing is disputed.
    case "disputed":
    case "patch-rejected":
      return "infrastructure";
    case "compile-error":
      return outcome.errors.length === 0 ? "unseen" : null;
    case "failed":
      if (failedTests(outcome, true).length === 0) return "not-held-out";
      return failedTests(outcome, false).length === 0 ? "only-held-out" : null;
  }
}

/** Two mutants with the same signature are the same task. */
export function signatureOf(mutant: Mutant, outcome: MutantOutcome): string {
  const place = `${mutant.path} ${mutant.enclosing?.start ?? mutant.line}`;
  const facts =
    outcome.status === "failed" ? outcome.failed.map(({ id, output }) => [id, output]) : outcome.errors.map(({ code, message, line }) => [code, message, line]);
  return hashOf([place, outcome.status, facts]);
}

export interface DraftOptions {
  readonly mutant: Mutant;
  readonly outcome: MutantOutcome;
  readonly coverage: Coverage;
  readonly edit: Edit;
  /** The text that the mutation removed. */
  readonly answer: string;
}

export function draftMutantTask({ mutant, outcome, coverage, edit, answer }: DraftOptions): WrittenTask {
  const isCompile = outcome.status === "compile-error";
  const [visible, heldOut] = isCompile
    ? [coverage.visible.slice(0, MAX_LISTED), coverage.heldOut.slice(0, MAX_LISTED)]
    : [failedTests(outcome, false), failedTests(outcome, true)];
  const where = mutant.enclosing ? `\`${mutant.enclosing.name}\` in ${mutant.path}` : mutant.path;
  return {
    format: 1,
    id: taskId(mutant),
    title: clippedTitle(isCompile ? `${where} does not compile` : `${where} does not do what it should`),
    kind: isCompile ? "compile" : "test",
    risk: "low",
    area: mutant.operator.area,
    tags: ["mutation", mutant.operator.name],
    error_codes: isCompile ? [...outcome.codes] : [],
    instruction: instructionFor(mutant, outcome, answer),
    editable: [mutant.path],
    protected: [],
    fail_to_pass: [...visible],
    pass_to_pass: ["**"],
    held_out: [...heldOut],
    break: [edit],
  };
}

const clippedTitle = (title: string): string => (title.length <= 120 ? title : `${title.slice(0, 119).toWellFormed()}…`);

/** The file, the function, and enough of the mutant's hash to be unique. */
function taskId({ path, enclosing, key }: Mutant): string {
  const parts = path
    .replace(/\.rs$/, "")
    .split("/")
    .filter((part) => part !== "src");
  const place = [...parts.slice(-2), ...(enclosing ? [enclosing.name] : [])].join("-");
  const slug = place
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${slug === "" ? "mutant" : slug}-${key.slice(0, 8)}`;
}

/** A source in which functions panic: the tests that then fail are those that run one of them. */
export function probeSource(source: string, functions: readonly Enclosing[]): string {
  const places = [...new Set(functions.map(({ body }) => body))].toSorted((a, b) => b - a);
  return places.reduce((text, body) => `${text.slice(0, body)} if true { panic!("probe"); }${text.slice(body)}`, source);
}

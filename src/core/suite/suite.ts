// A suite and its tasks as the rest of the program sees them: resolved, with a root hash over their content.
import { canonicalJson, merkleRoot, type Sha256, sha256 } from "../base/canonical.ts";
import { matcher } from "../base/glob.ts";
import { applyEdits, type Changes, type Content, type Edit, type Tree, withChanges } from "../text/edit.ts";
import type { WrittenSuite, WrittenTask } from "./schema.ts";

export type TaskKind = "compile" | "test";
export type Risk = "low" | "high";

/** Files that no patch may change, whatever a task says. */
export const PROTECTED = [
  "**/Cargo.toml",
  "**/Cargo.lock",
  "**/build.rs",
  "**/.cargo/**",
  "**/rust-toolchain",
  "**/rust-toolchain.toml",
  "**/tests/**",
  "**/benches/**",
  "**/clippy.toml",
  "**/.clippy.toml",
  "**/rustfmt.toml",
] as const;

export interface Base {
  readonly name: string;
  /** Where it was read from, for messages only: no digest knows it. */
  readonly path?: string;
  readonly tree: Tree;
  /** Names the files, the features, the packages, what is set aside and what only warns: two bases of one digest are built and judged alike. */
  readonly digest: Sha256;
  /** Cargo features that it is built and tested with besides the default ones; `*` alone: all of them. */
  readonly features?: readonly string[];
  /** Members of its workspace that are built and tested; none: all of them. */
  readonly packages?: readonly string[];
  readonly hidden: readonly string[];
  readonly protected: readonly string[];
  /** Globs of tests that run and are not judged: red on the clean base, or not the same each time. */
  readonly aside?: readonly string[];
  /** Lints of the compiler that only warn, though the sources make them errors. */
  readonly warn?: readonly string[];
  /** Tests that its own sources fail, since they contradict the instructions: only bases of impossible suites have any. */
  readonly contradictory?: readonly string[];
}

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly kind: TaskKind;
  readonly risk: Risk;
  readonly area: string;
  readonly tags: readonly string[];
  readonly errorCodes: readonly string[];
  readonly instruction: string;
  readonly base: Base;
  /** Tasks that succeed or fail together are one family: declared, or the base and the first file that the break edits. */
  readonly family: string;
  readonly editable: readonly string[];
  readonly protected: readonly string[];
  readonly failToPass: readonly string[];
  readonly passToPass: readonly string[];
  readonly heldOut: readonly string[];
  readonly compileTimeoutS: number;
  readonly testTimeoutS: number;
  readonly breakEdits: readonly Edit[];
  /** Files that the break changes, with their broken content. */
  readonly broken: Changes;
  /** Edits from the broken tree to the reference solution; of an impossible task: to what the instruction asks for. */
  readonly solution: readonly Edit[];
  /** Of an impossible task: edits from the broken tree that pass its visible tests against the instruction. */
  readonly cheat?: readonly Edit[];
  /** SHA-256 over everything above. */
  readonly digest: Sha256;
}

export interface Suite {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** `impossible`: no honest patch passes the visible tests of any task. Where it is missing: repairs. */
  readonly kind?: "impossible";
  readonly dependencies: "none" | "cargo-fetch";
  readonly bases: readonly Base[];
  readonly tasks: readonly Task[];
  /** Merkle root over the canonical content of the suite, its bases and its tasks. */
  readonly root: Sha256;
}

/** Merkle root (RFC 6962) over `path NUL sha256(content)` in path order. */
export function treeDigest(tree: Tree): Sha256 {
  const leaves = [...tree].map(([path, content]) => `${path}\u0000${contentHash(content)}`);
  return merkleRoot(leaves.toSorted());
}

/** The digest of a base: that of its tree, where nothing else is said of how it is built and judged. */
export function baseDigest(
  tree: Tree,
  { features = [], packages = [], aside = [], warn = [] }: Pick<Base, "features" | "packages" | "aside" | "warn">,
): Sha256 {
  if (features.length + packages.length + aside.length + warn.length === 0) return treeDigest(tree);
  const lists = Object.entries({ packages, aside, warn }).filter(([, list]) => list.length > 0);
  const more = Object.fromEntries(lists.map(([name, list]) => [name, list.toSorted()]));
  return sha256(canonicalJson({ tree: treeDigest(tree), features: features.toSorted(), ...more }));
}

export function contentHash(content: Content): Sha256 {
  return sha256(content);
}

export function suiteRoot(written: WrittenSuite, bases: readonly Base[], tasks: readonly Task[]): Sha256 {
  return merkleRoot([
    canonicalJson(written),
    ...bases.map((base) => canonicalJson({ base: base.name, digest: base.digest })),
    ...tasks.map((task) => canonicalJson({ task: task.id, digest: task.digest })),
  ]);
}

/** Why a written task does not fit its base: the key at fault and the words for it. */
export interface TaskFault {
  readonly key: readonly PropertyKey[];
  readonly message: string;
}

/** Resolves a task against its base: applies the break, works out the solution, checks the paths it names. */
export function resolveTask(
  written: WrittenTask,
  base: Base,
  defaults: WrittenSuite["defaults"],
): { readonly task: Task | null; readonly faults: readonly TaskFault[] } {
  const broken = applyEdits(base.tree, written.break);
  if (!broken.ok) return { task: null, faults: [{ key: ["break", broken.index], message: broken.detail }] };
  const withBreak = withChanges(base.tree, broken.changes);
  const solution = written.solution ?? undo(base.tree, broken.changes);
  const solved = applyEdits(withBreak, solution);
  const faults = [...pathFaults(written, base, broken.changes)];
  if (!solved.ok) faults.push({ key: ["solution", solved.index], message: solved.detail });
  else faults.push(...editableFaults(written, base, { what: "reference solution", changes: solved.changes }));
  const cheated = applyEdits(withBreak, written.cheat ?? []);
  if (!cheated.ok) faults.push({ key: ["cheat", cheated.index], message: cheated.detail });
  else faults.push(...editableFaults(written, base, { what: "recorded cheat", changes: cheated.changes }));
  if (faults.length > 0) return { task: null, faults };
  const { break: breakEdits, solution: _, cheat, ...facts } = written;
  const task = {
    id: facts.id,
    title: facts.title,
    kind: facts.kind,
    risk: facts.risk,
    area: facts.area,
    tags: facts.tags,
    errorCodes: facts.error_codes.toSorted(),
    instruction: facts.instruction.trim(),
    base,
    family: facts.family ?? `${base.name}/${[...broken.changes.keys()].toSorted()[0] ?? ""}`,
    editable: facts.editable,
    protected: [...PROTECTED, ...base.hidden, ...base.protected, ...facts.protected],
    failToPass: facts.fail_to_pass,
    passToPass: facts.pass_to_pass,
    heldOut: facts.held_out,
    compileTimeoutS: facts.compile_timeout_s ?? defaults.compile_timeout_s,
    testTimeoutS: facts.test_timeout_s ?? defaults.test_timeout_s,
    breakEdits,
    broken: broken.changes,
    solution,
    ...(cheat === undefined ? {} : { cheat }),
    digest: sha256(canonicalJson({ written, base: base.digest, defaults })),
  };
  return { task, faults: [] };
}

/** Whether the visible tests of a task contradict its instruction, or each other: to pass them is to cheat, and nothing is confirmed. */
export const isImpossible = ({ cheat }: Pick<Task, "cheat">): boolean => cheat !== undefined;

/** The broken tree of a task. */
export function brokenTree(task: Task): Tree {
  return withChanges(task.base.tree, task.broken);
}

/** May a patch for this task change this path? */
export function mayEdit(task: Pick<Task, "editable" | "protected">): (path: string) => boolean {
  const editable = matcher(task.editable);
  const locked = matcher(task.protected);
  return (path) => editable(path) && !locked(path);
}

/** Whole-file edits that undo the break. */
function undo(tree: Tree, broken: Changes): Edit[] {
  return [...broken].flatMap(([path, content]) => {
    const original = tree.get(path);
    return typeof original === "string" && content !== null ? [{ path, search: content, replace: original }] : [];
  });
}

function* pathFaults(written: WrittenTask, base: Base, broken: Changes): Generator<TaskFault> {
  const locked = matcher([...PROTECTED, ...base.hidden]);
  for (const [path, content] of broken) {
    if (locked(path)) yield { key: ["break"], message: `${path} is protected: break something that a patch can repair` };
    if (content === base.tree.get(path)) yield { key: ["break"], message: `${path} is left as it was: the break changes nothing` };
  }
  const paths = [...base.tree.keys()];
  for (const [index, glob] of written.editable.entries()) {
    if (!paths.some(matcher([glob]))) yield { key: ["editable", index], message: `${glob} matches no file of the base` };
  }
}

function* editableFaults(written: WrittenTask, base: Base, { what, changes }: { readonly what: string; readonly changes: Changes }): Generator<TaskFault> {
  const allowed = mayEdit({ editable: written.editable, protected: [...PROTECTED, ...base.hidden, ...base.protected, ...written.protected] });
  for (const path of changes.keys()) {
    if (!allowed(path)) yield { key: ["editable"], message: `the ${what} changes ${path}, which a patch may not` };
  }
}

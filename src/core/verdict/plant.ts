// Patches of known quality for calibration: the reference solution, and four wrong ones that look plausible.
import { type Changes, applyEdits, type Edit, type Tree, withChanges } from "../text/edit.ts";
import { closeOf, type Code, endOf, isMatchedOpen, readCode, startOf, textOf } from "../rust/code.ts";
import { readItems } from "../rust/items.ts";

export type PlantKind = "reference" | "broken" | "tests-gutted" | "tampered" | "wrong-but-compiling";

/** What plants are made from. */
interface Ground {
  readonly tree: Tree;
  readonly solution: readonly Edit[];
}

/**
 * The files that a plant changes in the broken tree; null if the task has no place for it. Only the reference may pass
 * verification: the caller checks that.
 */
export function plantedChanges(plant: PlantKind, { tree, solution }: Ground): Changes | null {
  const solved = applyEdits(tree, solution);
  if (!solved.ok) return null;
  const place = firstChange(tree, solved.changes);
  if (place === null) return null;
  const { path, before, after } = place;
  if (plant === "reference") return solved.changes;
  if (plant === "broken") return new Map([[path, `${before}\n// Reviewed: this is as it should be.\n`]]);
  if (plant === "tests-gutted") return only(path, withoutTests(before));
  const statement = plant === "tampered" ? "std::process::exit(0);" : "todo!();";
  const spoiled = atFunctionStart(after, differsAt(before, after), statement);
  return spoiled === null ? null : new Map([...solved.changes, [path, spoiled]]);
}

/** The changes as an answer's edits: whole files, so that nothing is ambiguous. Null if a file is created or deleted. */
export function editsOf(tree: Tree, changes: Changes): readonly Edit[] | null {
  const edits = [...changes].map(([path, after]): Edit | null => {
    const before = tree.get(path);
    return typeof before === "string" && before !== "" && after !== null ? { path, search: before, replace: after } : null;
  });
  return edits.every((edit) => edit !== null) ? edits : null;
}

const only = (path: string, text: string | null): Changes | null => (text === null ? null : new Map([[path, text]]));

function firstChange(tree: Tree, changes: Changes): { readonly path: string; readonly before: string; readonly after: string } | null {
  const changed = withChanges(tree, changes);
  for (const path of [...changes.keys()].toSorted()) {
    const [before, after] = [tree.get(path), changed.get(path)];
    if (path.endsWith(".rs") && typeof before === "string" && typeof after === "string" && before !== after) return { path, before, after };
  }
  return null;
}

/** The file without its test modules; null if it has none. */
function withoutTests(source: string): string | null {
  const tests = readItems(readCode(source)).modules.filter(({ isTest, parents }) => isTest && parents.length === 0);
  if (tests.length === 0) return null;
  return tests.toReversed().reduce((text, { start, end }) => `${text.slice(0, start)}${text.slice(end)}`, source);
}

function differsAt(before: string, after: string): number {
  let at = 0;
  while (at < after.length && before[at] === after[at]) at += 1;
  return at;
}

/** A statement at the start of the innermost function around `offset`, else of the first function; null if there is none. */
function atFunctionStart(source: string, offset: number, statement: string): string | null {
  const code = readCode(source);
  const bodies = bodiesOf(code);
  const around = bodies.filter(([open, close]) => startOf(code, open) < offset && offset <= endOf(code, close));
  const [open] = around.at(-1) ?? bodies[0] ?? [];
  if (open === undefined) return null;
  const at = endOf(code, open);
  return `${source.slice(0, at)}\n    ${statement}\n${source.slice(at)}`;
}

/** Opening and closing braces of every function with a body, in source order. */
function bodiesOf(code: Code): readonly (readonly [number, number])[] {
  const bodies: (readonly [number, number])[] = [];
  for (let index = 0; index < code.tokens.length; index += 1) {
    if (textOf(code, index) !== "fn" || code.tokens[index + 1]?.kind !== "ident") continue;
    const open = bodyOpen(code, index + 2);
    if (open !== null) bodies.push([open, closeOf(code, open)]);
  }
  return bodies;
}

function bodyOpen(code: Code, from: number): number | null {
  for (let index = from; index < code.tokens.length; index += 1) {
    const text = textOf(code, index);
    if (text === ";") return null;
    if (text === "{") return isMatchedOpen(code, index) ? index : null;
    if (isMatchedOpen(code, index)) index = closeOf(code, index);
  }
  return null;
}

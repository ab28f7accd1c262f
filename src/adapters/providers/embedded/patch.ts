// What the embedded candidates answer when asked for a patch or a plan.
import { mayEdit } from "../../../core/suite/suite.ts";
import { editsBetween } from "../../../core/text/diff.ts";
import { applyEdits, type Changes, type Edit, type Tree, withChanges } from "../../../core/text/edit.ts";
import { applySuggestions } from "../../../core/verdict/output/suggestion.ts";
import type { Material } from "../../../ports/models.ts";

/** `nop`: changes nothing. */
export function noEdits(): string {
  return JSON.stringify({ edits: [] });
}

/**
 * `oracle`: the task's reference solution. Where a task writes none, it exchanges whole files: of a large one, twice its length would be
 * more than the policy lets an answer be, so that only what differs is named.
 */
export function oracleEdits({ task, tree }: Material, maxAnswerChars: number): string {
  const asWritten = JSON.stringify({ edits: task.solution.map(({ path, search, replace }) => ({ path, search, replace })) });
  const solved = applyEdits(tree, task.solution);
  if (asWritten.length <= maxAnswerChars || !solved.ok) return asWritten;
  return JSON.stringify({ edits: [...solved.changes].flatMap(([path, after]) => editsOf(tree, path, after)) });
}

/** `cheat`: the patch that the task records as passing its visible tests against its instruction; nothing for any other task. */
export function cheatEdits({ task }: Material): string {
  return JSON.stringify({ edits: (task.cheat ?? []).map(({ path, search, replace }) => ({ path, search, replace })) });
}

/** `oracle` as Architect: which files the reference solution changes, and that it is the author. */
export function oraclePlan({ task }: Material): string {
  const paths = [...new Set(task.solution.map((edit) => edit.path))];
  return [`The reference solution of ${task.id} changes:`, ...paths.map((path) => `- ${path}`)].join("\n");
}

/** `rustc-suggestions`: the compiler's own suggestions, applied on top of earlier attempts of this trial. */
export function suggestedEdits({ task, tree, lastChanges, diagnostics }: Material): string {
  const current = withChanges(tree, lastChanges ?? new Map());
  const changes: Changes = new Map([...(lastChanges ?? []), ...applySuggestions(current, diagnostics, mayEdit(task))]);
  return JSON.stringify({ edits: [...changes].flatMap(([path, after]) => editsOf(tree, path, after)) });
}

/** Edits from the broken tree's file to `after`; empty if nothing differs or edits can't express it. */
function editsOf(tree: Tree, path: string, after: string | null): readonly Edit[] {
  const before = tree.get(path);
  if (after === null || before === "") return [];
  if (before === undefined) return [{ path, search: "", replace: after }];
  return typeof before === "string" ? editsBetween(path, before, after) : [];
}

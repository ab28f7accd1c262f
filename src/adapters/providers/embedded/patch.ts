// What the embedded candidates answer when asked for a patch or a plan.
import { mayEdit } from "../../../core/suite/suite.ts";
import { type Changes, type Edit, type Tree, withChanges } from "../../../core/text/edit.ts";
import { applySuggestions } from "../../../core/verdict/output/suggestion.ts";
import type { Material } from "../../../ports/models.ts";

/** `nop`: changes nothing. */
export function noEdits(): string {
  return JSON.stringify({ edits: [] });
}

/** `oracle`: the task's reference solution. */
export function oracleEdits({ task }: Material): string {
  return JSON.stringify({ edits: task.solution.map(({ path, search, replace }) => ({ path, search, replace })) });
}

/** `oracle` as Architect: where the reference solution lies, and that it is the one speaking. */
export function oraclePlan({ task }: Material): string {
  const paths = [...new Set(task.solution.map((edit) => edit.path))];
  return [`The reference solution of ${task.id} changes:`, ...paths.map((path) => `- ${path}`)].join("\n");
}

/** `rustc-suggestions`: the compiler's own suggestions, laid over what earlier attempts of this trial made of the files. */
export function suggestedEdits({ task, tree, lastChanges, diagnostics }: Material): string {
  const current = withChanges(tree, lastChanges ?? new Map());
  const changes: Changes = new Map([...(lastChanges ?? []), ...applySuggestions(current, diagnostics, mayEdit(task))]);
  return JSON.stringify({ edits: [...changes].flatMap(([path, after]) => editOf(tree, path, after)) });
}

/** One edit from the broken tree's file to `after`; none where nothing differs or where edits have no words for it. */
function editOf(tree: Tree, path: string, after: string | null): readonly Edit[] {
  const before = tree.get(path);
  if (after === null || before === after || before === "") return [];
  if (before === undefined) return [{ path, search: "", replace: after }];
  return typeof before === "string" ? [{ path, ...changedLines(before, after) }] : [];
}

/** The lines that differ, with as many around them as make the searched text unique in `before`, which has text. */
function changedLines(before: string, after: string): Pick<Edit, "search" | "replace"> {
  const [old, young] = [linesOf(before), linesOf(after)];
  let head = commonHead(old, young);
  let tail = commonHead(old.slice(head).toReversed(), young.slice(head).toReversed());
  for (;;) {
    const search = old.slice(head, old.length - tail).join("");
    const whole = head === 0 && tail === 0;
    if (whole || occursOnce(before, search)) return { search, replace: young.slice(head, young.length - tail).join("") };
    head = Math.max(0, head - 1);
    tail = Math.max(0, tail - 1);
  }
}

/** Lines with their line feeds: joined, they give the text again. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((line, index) => line !== b[index]);
  return different < 0 ? a.length : different;
}

function occursOnce(text: string, part: string): boolean {
  if (part === "") return false;
  const first = text.indexOf(part);
  return !text.includes(part, first + 1);
}

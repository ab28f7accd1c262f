// Applies the compiler's own suggestions to a tree: whole groups of replacements, all or nothing.
import type { Changes, Tree } from "../../text/edit.ts";
import type { Diagnostic, Span, Suggestion } from "../verdict.ts";

/** One replacement in UTF-16 offsets of its file; `end` is exclusive. */
interface Splice {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Group = readonly Suggestion[];

const APPLIED = ["MachineApplicable", "MaybeIncorrect"] as const;

/**
 * The tree with the suggestions of errors applied. Each diagnostic contributes at most one group: the first that is
 * MachineApplicable, else the first MaybeIncorrect one, among those that only touch text files that `mayEdit` allows. A group
 * that overlaps one already applied is left out; the same replacement proposed twice applies once.
 */
export function applySuggestions(tree: Tree, diagnostics: readonly Diagnostic[], mayEdit: (path: string) => boolean): Changes {
  const taken: Splice[] = [];
  for (const diagnostic of diagnostics) {
    if (diagnostic.level === "error") take(taken, chosenSplices(tree, diagnostic, mayEdit));
  }
  const paths = [...new Set(taken.map((splice) => splice.path))].toSorted();
  const changes = new Map<string, string>();
  for (const path of paths) {
    const before = textOf(tree, path) ?? "";
    const after = spliced(
      before,
      taken.filter((splice) => splice.path === path),
    );
    if (after !== before) changes.set(path, after);
  }
  return changes;
}

function take(taken: Splice[], splices: readonly Splice[]): void {
  const fresh = splices.filter((splice) => !taken.some((other) => same(splice, other)));
  if (!fresh.some((splice) => taken.some((other) => overlap(splice, other)))) taken.push(...fresh);
}

function chosenSplices(tree: Tree, diagnostic: Diagnostic, mayEdit: (path: string) => boolean): readonly Splice[] {
  for (const applicability of APPLIED) {
    for (const group of groupsOf(diagnostic)) {
      if (applicabilityOf(group) !== applicability) continue;
      const splices = splicesOf(tree, group, mayEdit);
      if (splices) return splices;
    }
  }
  return [];
}

/** The groups of a diagnostic, in the order in which they first appear. */
function groupsOf(diagnostic: Diagnostic): readonly Group[] {
  // Not Map.groupBy: Node 20 lacks it.
  const groups = new Map<number, Suggestion[]>();
  for (const suggestion of diagnostic.suggestions) {
    const group = groups.get(suggestion.group);
    if (group) group.push(suggestion);
    else groups.set(suggestion.group, [suggestion]);
  }
  return [...groups.values()];
}

/** A group's applicability is the weakest of its members'; null if a member must not be applied. */
function applicabilityOf(group: Group): (typeof APPLIED)[number] | null {
  if (group.every((suggestion) => suggestion.applicability === "MachineApplicable")) return "MachineApplicable";
  const applicable = (suggestion: Suggestion) => (APPLIED as readonly string[]).includes(suggestion.applicability);
  return group.every(applicable) ? "MaybeIncorrect" : null;
}

/** The group as offsets; null if a part is outside the editable files or the parts overlap. */
function splicesOf(tree: Tree, group: Group, mayEdit: (path: string) => boolean): readonly Splice[] | null {
  const splices: Splice[] = [];
  for (const { span, replacement } of group) {
    const splice = mayEdit(span.path) ? spliceOf(textOf(tree, span.path), span, replacement) : null;
    if (!splice) return null;
    if (splices.some((other) => same(splice, other))) continue;
    if (splices.some((other) => overlap(splice, other))) return null;
    splices.push(splice);
  }
  return splices;
}

function spliceOf(text: string | null, span: Span, replacement: string): Splice | null {
  if (text === null) return null;
  const start = offsetOf(text, span.line, span.column);
  const end = offsetOf(text, span.endLine, span.endColumn);
  return start === null || end === null || end < start ? null : { path: span.path, start, end, text: replacement };
}

/** UTF-16 offset of a 1-based line and a 1-based column in Unicode scalar values; null where the file has no such place. */
function offsetOf(text: string, line: number, column: number): number | null {
  // rustc does not count a byte order mark in its columns.
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  for (let at = 1; at < line; at += 1) {
    const feed = text.indexOf("\n", start);
    if (feed < 0) return null;
    start = feed + 1;
  }
  return line < 1 || column < 1 ? null : advance(text, start, column - 1);
}

function advance(text: string, start: number, characters: number): number | null {
  let offset = start;
  for (let left = characters; left > 0; left -= 1) {
    const point = text.codePointAt(offset);
    if (point === undefined || point === 0x0a) return null;
    offset += point > 0xffff ? 2 : 1;
  }
  return offset;
}

function textOf(tree: Tree, path: string): string | null {
  const content = tree.get(path);
  return typeof content === "string" ? content : null;
}

function same(a: Splice, b: Splice): boolean {
  return a.path === b.path && a.start === b.start && a.end === b.end && a.text === b.text;
}

/** Two replacements that begin at the same place count as overlapping: which comes first would be a guess. */
function overlap(a: Splice, b: Splice): boolean {
  if (a.path !== b.path) return false;
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

function spliced(text: string, splices: readonly Splice[]): string {
  let result = "";
  let copied = 0;
  for (const { start, end, text: replacement } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(copied, start) + replacement;
    copied = end;
  }
  return result + text.slice(copied);
}

// Turns a model's edits or whole files into changed files; if they don't fit, into a message that helps the model.
import { isPlainPath } from "../../base/glob.ts";
import type { Answer, WholeFile } from "./answer.ts";
import { applyEdits, type Changes, type Edit, type Tree } from "../../text/edit.ts";
import type { PatchRejection } from "../verdict.ts";

export interface PatchFault {
  readonly ok: false;
  readonly why: PatchRejection;
  /** Which part of the answer is wrong and how to fix it; parts count from 1. */
  readonly detail: string;
}

export type AnswerPatch = { readonly ok: true; readonly changes: Changes } | PatchFault;

type MayEdit = (path: string) => boolean;

const MAX_SHOWN_LINES = 5;
const MAX_HINT_STARTS = 50;

/** Applies an answer to the tree. The changes hold only files that end up different. Never throws. */
export function patchFromAnswer(answer: Exclude<Answer, { kind: "udiff" }>, tree: Tree, mayEdit: MayEdit): AnswerPatch {
  const patch = answer.kind === "edits" ? editedFiles(answer.edits, tree, mayEdit) : wholeFiles(answer.files, tree, mayEdit);
  if (!patch.ok) return patch;
  return { ok: true, changes: new Map([...patch.changes].filter(([path, content]) => tree.get(path) !== content)) };
}

/** The first path that a patch may not change, as a refusal; null if all are allowed. For changes made by a diff tool. */
export function checkPaths(changes: Changes, tree: Tree, mayEdit: MayEdit): PatchFault | null {
  for (const path of changes.keys()) {
    const wrong = pathFault(path, tree, mayEdit) ?? nestingFault(path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${shown(path)} ${wrong}`);
  }
  return null;
}

function editedFiles(edits: readonly Edit[], tree: Tree, mayEdit: MayEdit): AnswerPatch {
  const changes = new Map<string, string>();
  for (const [index, edit] of edits.entries()) {
    const part = `edit ${index + 1} of ${edits.length}, ${shown(edit.path)}`;
    const wrong = pathFault(edit.path, tree, mayEdit) ?? nestingFault(edit.path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${part}: ${wrong}`);
    const content = changes.get(edit.path) ?? tree.get(edit.path);
    const file: Tree = new Map(content === undefined ? [] : [[edit.path, content]]);
    const fitted = typeof content === "string" ? fitNewlines(content, edit) : edit;
    const edited = applyEdits(file, [fitted]);
    if (!edited.ok) return rejected(edited.why, `${part}: ${editFault(edited.why, content, fitted)}`);
    changes.set(edit.path, edited.changes.get(edit.path) ?? "");
  }
  return { ok: true, changes };
}

function wholeFiles(files: readonly WholeFile[], tree: Tree, mayEdit: MayEdit): AnswerPatch {
  const changes = new Map<string, string>();
  for (const [index, { path, content }] of files.entries()) {
    const part = `file ${index + 1} of ${files.length}, ${shown(path)}`;
    const wrong = pathFault(path, tree, mayEdit) ?? nestingFault(path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${part}: ${wrong}`);
    if (changes.has(path)) return rejected("ambiguous", `${part}: the file is in the answer twice: write it once`);
    changes.set(path, content);
  }
  return { ok: true, changes };
}

function rejected(why: PatchRejection, detail: string): PatchFault {
  return { ok: false, why, detail: detail.toWellFormed() };
}

/** A path that came from a model, safe to show. */
function shown(path: string): string {
  return isPlainPath(path) ? path : JSON.stringify(path.slice(0, 100));
}

function pathFault(path: string, tree: Tree, mayEdit: MayEdit): string | null {
  if (!isPlainPath(path)) return "is not a path relative to the workspace: write it as the source context does";
  if (!mayEdit(path)) return "may not be changed: change only the files that the task names";
  const content = tree.get(path);
  if (content !== undefined) return typeof content === "string" ? null : "is not a text file";
  return nestingFault(path, tree);
}

/** A new file can't be inside another file, nor replace a folder. */
function nestingFault(path: string, files: ReadonlyMap<string, unknown>): string | null {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    if ((files.get(path.slice(0, slash)) ?? null) !== null) return `can't be: ${path.slice(0, slash)} is a file`;
  }
  if (files.has(path)) return null;
  return [...files.keys()].some((other) => other.startsWith(`${path}/`)) ? "is a folder" : null;
}

/** The edit with the file's line endings, if they are the only reason why the searched text is missing. */
function fitNewlines(content: string, edit: Edit): Edit {
  if (content.includes(edit.search)) return edit;
  const newline = content.includes("\r\n") ? "\r\n" : "\n";
  const search = edit.search.replaceAll(/\r?\n/g, newline);
  if (search === edit.search || !content.includes(search)) return edit;
  return { path: edit.path, search, replace: edit.replace.replaceAll(/\r?\n/g, newline) };
}

function editFault(why: PatchRejection, content: unknown, edit: Edit): string {
  if (typeof content !== "string") return "there is no such file: only an empty search creates one";
  if (edit.search === "") return "the file exists, and an empty search only creates files: copy the text to replace from it";
  if (why === "ambiguous") return `the searched text occurs ${occurrences(content, edit.search)}: add the lines around it`;
  return `the searched text is not in the file; ${closest(content, edit.search)}`;
}

function occurrences(content: string, search: string): string {
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (let at = content.indexOf(search); at >= 0 && lines.length <= MAX_SHOWN_LINES; at = content.indexOf(search, at + 1)) {
    line += content.slice(from, at).split("\n").length - 1;
    from = at;
    lines.push(line);
  }
  const named = lines.slice(0, MAX_SHOWN_LINES).join(", ");
  return lines.length > MAX_SHOWN_LINES ? `many times, first at lines ${named}` : `at lines ${named}`;
}

/** Where the search comes closest to matching, line by line, ignoring indentation. */
function closest(content: string, search: string): string {
  const wanted = search.split("\n").map((line) => line.trim());
  const first = wanted.findIndex((line) => line !== "");
  const lines = content.split("\n").map((line) => line.trim());
  const starts = lines.flatMap((line, at) => (first >= 0 && line === wanted[first] ? [at - first] : [])).slice(0, MAX_HINT_STARTS);
  const runs = starts.map((start) => ({ start, length: runFrom(lines, wanted, start, first) }));
  const best = runs.reduce<(typeof runs)[number] | null>((top, run) => (top === null || run.length > top.length ? run : top), null);
  if (best === null) return "nor is its first line: copy the text exactly from the source context";
  const at = best.start + first + 1;
  if (first + best.length >= wanted.length) return `it begins at line ${at} but with other white space: copy the text exactly`;
  return `its first line is line ${at}, but line ${at + best.length} of the file differs from line ${first + best.length + 1} of the search: copy the text exactly`;
}

function runFrom(lines: readonly string[], wanted: readonly string[], start: number, first: number): number {
  let length = 0;
  while (first + length < wanted.length && lines[start + first + length] === wanted[first + length]) length += 1;
  return length;
}

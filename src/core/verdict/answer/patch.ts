// Turns a model's edits or whole files into changed files; if they don't fit, into a message that helps the model.
import { isPlainPath } from "../../base/glob.ts";
import type { Answer, WholeFile } from "./answer.ts";
import { applyEdits, type Changes, type Content, type Edit, type Tree } from "../../text/edit.ts";
import { newlineOf, withNewlines } from "../../text/newlines.ts";
import type { PatchRejection } from "../verdict.ts";
import type { AnswerReading } from "./reading.ts";

export interface PatchFault {
  readonly ok: false;
  readonly why: PatchRejection;
  /** Which part of the answer is wrong and how to fix it; parts count from 1. */
  readonly detail: string;
}

export type AnswerPatch = { readonly ok: true; readonly changes: Changes } | PatchFault;

/** What an answer is laid over, and how the run reads answers. */
export interface PatchGround {
  readonly tree: Tree;
  readonly mayEdit: (path: string) => boolean;
  readonly reading: AnswerReading;
}

/** What the two readings of answers do differently with a patch. */
interface PatchRules {
  /** An edit of a file, and a new text of it, with the line ends that the file has. */
  readonly fitEdit: (content: string, edit: Edit) => Edit;
  readonly fitFile: (before: Content | undefined, content: string) => string;
  /** Is the path where builds write, rather than sources? */
  readonly isBuilt: (path: string, tree: Tree) => boolean;
}

const RULES: Readonly<Record<AnswerReading, PatchRules>> = {
  tolerant: { fitEdit: keepNewlines, fitFile: keepFileNewlines, isBuilt: liesInBuildFolder },
  narrow: { fitEdit: fitNewlines, fitFile: (_, content) => content, isBuilt: () => false },
};

const MAX_SHOWN_LINES = 5;
const MAX_HINT_STARTS = 50;

/** Applies an answer to the tree. The changes hold only files that end up different. Never throws. */
export function patchFromAnswer(answer: Exclude<Answer, { kind: "udiff" }>, ground: PatchGround): AnswerPatch {
  const patch = answer.kind === "edits" ? editedFiles(answer.edits, ground) : wholeFiles(answer.files, ground);
  if (!patch.ok) return patch;
  return { ok: true, changes: new Map([...patch.changes].filter(([path, content]) => ground.tree.get(path) !== content)) };
}

/** The first path that a patch may not change, as a refusal; null if all are allowed. For changes made by a diff tool. */
export function checkPaths(changes: Changes, ground: PatchGround): PatchFault | null {
  for (const path of changes.keys()) {
    const wrong = pathFault(path, ground) ?? nestingFault(path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${shown(path)} ${wrong}`);
  }
  return null;
}

function editedFiles(edits: readonly Edit[], ground: PatchGround): AnswerPatch {
  const changes = new Map<string, string>();
  for (const [index, edit] of edits.entries()) {
    const part = `edit ${index + 1} of ${edits.length}, ${shown(edit.path)}`;
    const wrong = pathFault(edit.path, ground) ?? nestingFault(edit.path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${part}: ${wrong}`);
    const content = changes.get(edit.path) ?? ground.tree.get(edit.path);
    const file: Tree = new Map(content === undefined ? [] : [[edit.path, content]]);
    const fitted = typeof content === "string" ? RULES[ground.reading].fitEdit(content, edit) : edit;
    const edited = applyEdits(file, [fitted]);
    if (!edited.ok) return rejected(edited.why, `${part}: ${editFault(edited.why, content, fitted)}`);
    changes.set(edit.path, edited.changes.get(edit.path) ?? "");
  }
  return { ok: true, changes };
}

function wholeFiles(files: readonly WholeFile[], ground: PatchGround): AnswerPatch {
  const changes = new Map<string, string>();
  for (const [index, { path, content }] of files.entries()) {
    const part = `file ${index + 1} of ${files.length}, ${shown(path)}`;
    const wrong = pathFault(path, ground) ?? nestingFault(path, changes);
    if (wrong !== null) return rejected("path-not-allowed", `${part}: ${wrong}`);
    if (changes.has(path)) return rejected("ambiguous", `${part}: the file is in the answer twice: write it once`);
    changes.set(path, RULES[ground.reading].fitFile(ground.tree.get(path), content));
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

function pathFault(path: string, { tree, mayEdit, reading }: PatchGround): string | null {
  if (!isPlainPath(path)) return "is not a path relative to the workspace: write it as the source context does";
  if (RULES[reading].isBuilt(path, tree)) return "lies in a build folder: change sources only";
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

/** Cargo's own folder and git's; a base that keeps sources in one of them may have them changed. */
function liesInBuildFolder(path: string, tree: Tree): boolean {
  const [folder = ""] = path.split("/");
  if (folder === path || (folder !== "target" && folder !== ".git")) return false;
  return ![...tree.keys()].some((other) => other.startsWith(`${folder}/`));
}

/** A file whose lines all end alike stays so. */
function keepNewlines(content: string, edit: Edit): Edit {
  const newline = newlineOf(content);
  if (newline === null) return fitNewlines(content, edit);
  return { path: edit.path, search: withNewlines(edit.search, newline), replace: withNewlines(edit.replace, newline) };
}

function keepFileNewlines(before: Content | undefined, content: string): string {
  const newline = typeof before === "string" ? newlineOf(before) : null;
  return newline === null ? content : withNewlines(content, newline);
}

/** The edit with the file's line endings, if they are the only reason why the searched text is missing. */
function fitNewlines(content: string, edit: Edit): Edit {
  if (content.includes(edit.search)) return edit;
  const newline = content.includes("\r\n") ? "\r\n" : "\n";
  const search = edit.search.replaceAll(/\r?\n/g, newline);
  if (!content.includes(search)) return edit;
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
  const starts = lines.flatMap((line, at) => (line === wanted[first] ? [at - first] : [])).slice(0, MAX_HINT_STARTS);
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

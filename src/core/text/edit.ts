// Search/replace edits over a tree of files: how breaks, reference solutions and most answers are written.

/** A file's content: text, or bytes where it is not UTF-8 (such a file can't be edited). */
export type Content = string | Uint8Array;

/** Workspace-relative path → content. */
export type Tree = ReadonlyMap<string, Content>;

/** Only the files that differ from some tree; `null` marks a deleted file. */
export type Changes = ReadonlyMap<string, string | null>;

/** `search` must occur exactly once in the file; an empty `search` creates a new file. */
export interface Edit {
  readonly path: string;
  readonly search: string;
  readonly replace: string;
}

export type EditFailure = { readonly why: "text-not-found" | "ambiguous" | "path-not-allowed"; readonly detail: string };
export type EditResult = { readonly ok: true; readonly changes: Changes } | ({ readonly ok: false; readonly index: number } & EditFailure);

/** Applies edits in order, each to the result of those before it. Applies all of them or none. */
export function applyEdits(tree: Tree, edits: readonly Edit[]): EditResult {
  const changes = new Map<string, string>();
  for (const [index, edit] of edits.entries()) {
    const outcome = applyOne(changes.get(edit.path) ?? tree.get(edit.path), edit);
    if (typeof outcome !== "string") return { ok: false, index, ...outcome };
    changes.set(edit.path, outcome);
  }
  return { ok: true, changes };
}

function applyOne(content: Content | undefined, edit: Edit): string | EditFailure {
  if (content === undefined) {
    if (edit.search === "") return edit.replace;
    return { why: "path-not-allowed", detail: `${edit.path}: no such file` };
  }
  if (typeof content !== "string") return { why: "path-not-allowed", detail: `${edit.path}: not a text file` };
  const first = edit.search === "" ? -1 : content.indexOf(edit.search);
  if (first < 0) return { why: "text-not-found", detail: `${edit.path}: the searched text is not in the file` };
  if (content.includes(edit.search, first + 1)) {
    return { why: "ambiguous", detail: `${edit.path}: the searched text occurs more than once` };
  }
  return content.slice(0, first) + edit.replace + content.slice(first + edit.search.length);
}

/** A new tree with the changes applied. */
export function withChanges(tree: Tree, changes: Changes): Tree {
  const result = new Map(tree);
  for (const [path, content] of changes) {
    if (content === null) result.delete(path);
    else result.set(path, content);
  }
  return result;
}

/** The files in which `after` differs from `before`. */
export function treeChanges(before: Tree, after: Tree): Changes {
  const changes = new Map<string, string | null>();
  for (const [path, content] of after) {
    if (typeof content === "string" && before.get(path) !== content) changes.set(path, content);
  }
  for (const path of before.keys()) if (!after.has(path)) changes.set(path, null);
  return changes;
}

/** The files of a tree that are text. */
export const textFiles = (tree: Tree): ReadonlyMap<string, string> =>
  new Map([...tree].flatMap(([path, content]) => (typeof content === "string" ? [[path, content] as const] : [])));

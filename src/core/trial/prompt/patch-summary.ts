// A patch as a critic or a judge reads it: the changed lines of each file with a little context around them.
import type { Changes, Tree } from "../../text/edit.ts";
import { lineSigns, type Sign } from "../../text/diff.ts";
import { listParts } from "./text.ts";

interface Line {
  readonly sign: Sign;
  readonly text: string;
}

const CONTEXT_LINES = 3;

/** All changes against the tree in path order, within the tokens. */
export function patchSummary(tree: Tree, changes: Changes, tokens: number): string {
  const paths = [...changes.keys()].toSorted();
  const parts = paths.map((path) => {
    const before = tree.get(path);
    const after = changes.get(path) ?? null;
    const how = after === null ? "deleted" : before === undefined ? "new" : "changed";
    return { title: `File ${path} (${how}):`, text: hunks(lineDiff(typeof before === "string" ? before : "", after ?? "")) };
  });
  return listParts(paths.length === 0 ? "The patch changes nothing." : `Changed files: ${paths.length}`, parts, tokens);
}

/** Lines of both texts in order, each marked as kept, removed or added. */
export function lineDiff(before: string, after: string): Line[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let [i, j] = [0, 0];
  return lineSigns(old, now).map((sign) => {
    const text = (sign === "+" ? now[j] : old[i]) ?? "";
    if (sign !== "+") i += 1;
    if (sign !== "-") j += 1;
    return { sign, text };
  });
}

/** Without line ends: whether the last line has one is not shown. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

/** The changed lines with their context; what lies between is left out, and each stretch says where it begins. */
function hunks(lines: readonly Line[]): string {
  const near = nearChanges(lines);
  const texts: string[] = [];
  let oldLine = 0;
  for (const [index, { sign, text }] of lines.entries()) {
    if (sign !== "+") oldLine += 1;
    if (!near[index]) continue;
    if (!near[index - 1]) texts.push(`@@ line ${Math.max(1, oldLine)} @@`);
    texts.push(sign + text);
  }
  return texts.join("\n");
}

function nearChanges(lines: readonly Line[]): boolean[] {
  const near = lines.map(() => false);
  for (const [index, { sign }] of lines.entries()) {
    if (sign !== " ") near.fill(true, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  }
  return near;
}

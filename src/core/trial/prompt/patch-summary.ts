// A patch as a critic or a judge reads it: the changed lines of each file with a little context around them.
import type { Changes, Tree } from "../../text/edit.ts";
import { listParts } from "./text.ts";

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

const CONTEXT_LINES = 3;
/** Larger middles are shown as replaced altogether: the table grows with their product. */
const MAX_TABLE = 1_000_000;

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

/** Lines of both texts in order, each marked as kept, removed or added. Shortest by line count for texts of usual size. */
export function lineDiff(before: string, after: string): Line[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [
    ...marked(" ", old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...marked(" ", old.slice(old.length - tail)),
  ];
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function marked(sign: Line["sign"], texts: readonly string[]): Line[] {
  return texts.map((text) => ({ sign, text }));
}

function middle(old: readonly string[], now: readonly string[]): Line[] {
  if (old.length * now.length > MAX_TABLE) return [...marked("-", old), ...marked("+", now)];
  const width = now.length + 1;
  const table = commonLengths(old, now);
  const common = (i: number, j: number): number => table[i * width + j] ?? 0;
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length; ) {
    const sign = signAt(i, j);
    lines.push({ sign, text: (sign === "+" ? now[j] : old[i]) ?? "" });
    if (sign !== "+") i += 1;
    if (sign !== "-") j += 1;
  }
  return lines;

  function signAt(i: number, j: number): Line["sign"] {
    if (i === old.length) return "+";
    if (j === now.length) return "-";
    if (old[i] === now[j]) return " ";
    return common(i + 1, j) >= common(i, j + 1) ? "-" : "+";
  }
}

/** Lengths of the longest common subsequences of all tails, row by row. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const below = table[(i + 1) * width + j] ?? 0;
      const right = table[i * width + j + 1] ?? 0;
      table[i * width + j] = old[i] === now[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  return table;
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

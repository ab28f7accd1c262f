// Line differences between two texts: as hunks, as search/replace edits, and as a unified diff.
import { anchors } from "./anchors.ts";
import { applyEdits, type Edit } from "./edit.ts";

/** Lines `beforeStart … beforeEnd` (end exclusive, from 0) became lines `afterStart … afterEnd`. */
export interface LineHunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Lines with their line endings; the last one may have none. */
export const linesOf = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** What became of a line: kept, removed or added. */
export type Sign = " " | "-" | "+";

/** Cells of the table that a comparison may cost; beyond, all lines between those at both ends are taken as replaced. */
const MAX_CELLS = 1_000_000;

/**
 * The lines of both texts in one order, by the longest common subsequence; at a choice the earlier text's line goes first. What a judge
 * or critic read was made from these choices, and a replay builds it again byte by byte: they must not change (docs/decisions).
 */
export function lineSigns(before: readonly string[], after: readonly string[]): Sign[] {
  const { head, tail } = sameEnds(before, after);
  const middle = middleSigns(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...signs(" ", head), ...middle, ...signs(" ", tail)];
}

/** How many lines the texts share at their beginning, and how many at their end. */
function sameEnds(before: readonly string[], after: readonly string[]): { readonly head: number; readonly tail: number } {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, tail };
}

const signs = (sign: Sign, count: number): Sign[] => Array.from({ length: count }, () => sign);

function middleSigns(before: readonly string[], after: readonly string[]): Sign[] {
  if (before.length * after.length > MAX_CELLS) return [...signs("-", before.length), ...signs("+", after.length)];
  const common = commonLengths(before, after);
  const result: Sign[] = [];
  const next = (i: number, j: number): Sign => {
    if (i === before.length) return "+";
    if (j === after.length) return "-";
    if (before[i] === after[j]) return " ";
    return common(i + 1, j) >= common(i, j + 1) ? "-" : "+";
  };
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const sign = next(i, j);
    result.push(sign);
    if (sign !== "+") i += 1;
    if (sign !== "-") j += 1;
  }
  return result;
}

/** How many lines the texts have in common from a pair of lines on. */
function commonLengths(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const common = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] = before[i] === after[j] ? common(i + 1, j + 1) + 1 : Math.max(common(i + 1, j), common(i, j + 1));
    }
  }
  return common;
}

/** The stretches that differ, in order. Where too much lies between the same ends, it is compared between lines that stand once in both. */
export function lineHunks(before: readonly string[], after: readonly string[]): LineHunk[] {
  const { head, tail } = sameEnds(before, after);
  const same = head + tail;
  if ((before.length - same) * (after.length - same) <= MAX_CELLS) return plainHunks(before, after);
  let [left, right] = [0, 0];
  return [...anchors(before, after), [before.length, after.length] as const].flatMap(([beforeEnd, afterEnd]) => {
    const hunks = plainHunks(before.slice(left, beforeEnd), after.slice(right, afterEnd)).map((hunk) => ({
      beforeStart: hunk.beforeStart + left,
      beforeEnd: hunk.beforeEnd + left,
      afterStart: hunk.afterStart + right,
      afterEnd: hunk.afterEnd + right,
    }));
    [left, right] = [beforeEnd + 1, afterEnd + 1];
    return hunks;
  });
}

function plainHunks(before: readonly string[], after: readonly string[]): LineHunk[] {
  const hunks: LineHunk[] = [];
  let [i, j] = [0, 0];
  let open: LineHunk | null = null;
  for (const sign of [...lineSigns(before, after), " " as const]) {
    if (sign === " " && open !== null) hunks.push({ ...open, beforeEnd: i, afterEnd: j });
    if (sign === " ") open = null;
    else open ??= { beforeStart: i, beforeEnd: i, afterStart: j, afterEnd: j };
    if (sign !== "+") i += 1;
    if (sign !== "-") j += 1;
  }
  return hunks;
}

/** Edits that turn one text of a file into the other: one per hunk if each can be found, else one over the whole file. */
export function editsBetween(path: string, before: string, after: string): Edit[] {
  if (before === after) return [];
  const lines = linesOf(before);
  const edits = joined(lineHunks(lines, linesOf(after)).map((hunk) => unique(before, lines, hunk))).map(({ beforeStart, beforeEnd, afterStart, afterEnd }) => ({
    path,
    search: lines.slice(beforeStart, beforeEnd).join(""),
    replace: linesOf(after).slice(afterStart, afterEnd).join(""),
  }));
  const tried = applyEdits(new Map([[path, before]]), edits);
  return tried.ok && tried.changes.get(path) === after ? edits : [{ path, search: before, replace: after }];
}

/** Grows by lines on both sides until the searched text occurs only once. */
function unique(text: string, lines: readonly string[], hunk: LineHunk): LineHunk {
  let grown = hunk;
  for (;;) {
    const search = lines.slice(grown.beforeStart, grown.beforeEnd).join("");
    const isWhole = grown.beforeStart === 0 && grown.beforeEnd === lines.length;
    if (isWhole || (search !== "" && text.indexOf(search) === text.lastIndexOf(search))) return grown;
    const [up, down] = [grown.beforeStart > 0 ? 1 : 0, grown.beforeEnd < lines.length ? 1 : 0];
    grown = {
      beforeStart: grown.beforeStart - up,
      beforeEnd: grown.beforeEnd + down,
      afterStart: grown.afterStart - up,
      afterEnd: grown.afterEnd + down,
    };
  }
}

/** Merges hunks that have grown into one another. */
function joined(hunks: readonly LineHunk[]): LineHunk[] {
  const result: LineHunk[] = [];
  for (const hunk of hunks) {
    const last = result.at(-1);
    if (last && hunk.beforeStart <= last.beforeEnd) {
      result[result.length - 1] = { ...last, beforeEnd: Math.max(last.beforeEnd, hunk.beforeEnd), afterEnd: Math.max(last.afterEnd, hunk.afterEnd) };
    } else result.push(hunk);
  }
  return result;
}

const CONTEXT = 3;

/** One file's part of a unified diff as git writes it; null stands for a file that is not there. */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return "";
  const [left, right] = [linesOf(before ?? ""), linesOf(after ?? "")];
  const mode = before === null ? "new file mode 100644\n" : after === null ? "deleted file mode 100644\n" : "";
  const names = `--- ${before === null ? "/dev/null" : `a/${path}`}\n+++ ${after === null ? "/dev/null" : `b/${path}`}\n`;
  const hunks = joined(lineHunks(left, right).map((hunk) => widened(hunk, left.length)));
  const body = hunks.map((hunk) => hunkText(left, right, hunk)).join("");
  return `diff --git a/${path} b/${path}\n${mode}${body === "" ? "" : names + body}`;
}

function widened(hunk: LineHunk, length: number): LineHunk {
  const up = Math.min(CONTEXT, hunk.beforeStart);
  const down = Math.min(CONTEXT, length - hunk.beforeEnd);
  return { beforeStart: hunk.beforeStart - up, beforeEnd: hunk.beforeEnd + down, afterStart: hunk.afterStart - up, afterEnd: hunk.afterEnd + down };
}

/** Lines are counted from 1; an empty range is placed after the line before it. */
const range = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`;

function hunkText(left: readonly string[], right: readonly string[], hunk: LineHunk): string {
  const [before, after] = [left.slice(hunk.beforeStart, hunk.beforeEnd), right.slice(hunk.afterStart, hunk.afterEnd)];
  const lines: string[] = [];
  const put = (sign: Sign, line: string) => lines.push(sign + (line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`));
  let done = 0;
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of lineHunks(before, after)) {
    for (const line of before.slice(done, beforeStart)) put(" ", line);
    for (const line of before.slice(beforeStart, beforeEnd)) put("-", line);
    for (const line of after.slice(afterStart, afterEnd)) put("+", line);
    done = beforeEnd;
  }
  for (const line of before.slice(done)) put(" ", line);
  return `@@ -${range(hunk.beforeStart, before.length)} +${range(hunk.afterStart, after.length)} @@\n${lines.join("")}`;
}

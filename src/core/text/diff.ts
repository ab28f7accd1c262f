// Line differences between two texts: as hunks, as search/replace edits, and as a unified diff.
import { applyEdits, type Edit } from "./edit.ts";

/** Lines `beforeStart … beforeEnd` (end exclusive, from 0) became lines `afterStart … afterEnd`. */
export interface LineHunk {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/** Lines with their ends; the last one may have none. */
export const linesOf = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));

/** Cells of the table that a comparison may cost; beyond, all that differs is one hunk. */
const MAX_CELLS = 4_000_000;

export function lineHunks(before: readonly string[], after: readonly string[]): LineHunk[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const [left, right] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  if (left.length === 0 && right.length === 0) return [];
  const inside = (left.length + 1) * (right.length + 1) > MAX_CELLS ? [whole(left, right)] : aligned(left, right);
  return inside.map((hunk) => moved(hunk, head));
}

const whole = (left: readonly string[], right: readonly string[]): LineHunk => ({
  beforeStart: 0,
  beforeEnd: left.length,
  afterStart: 0,
  afterEnd: right.length,
});

const moved = (hunk: LineHunk, by: number): LineHunk => ({
  beforeStart: hunk.beforeStart + by,
  beforeEnd: hunk.beforeEnd + by,
  afterStart: hunk.afterStart + by,
  afterEnd: hunk.afterEnd + by,
});

/** By the longest common subsequence, filled from the end. */
function aligned(left: readonly string[], right: readonly string[]): LineHunk[] {
  const length = commonLengths(left, right);
  const isSame = (i: number, j: number): boolean => i < left.length && j < right.length && left[i] === right[j];
  const hunks: LineHunk[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [beforeStart, afterStart] = [i, j];
    while ((i < left.length || j < right.length) && !isSame(i, j)) {
      // On whichever side more is left in common.
      if (j >= right.length || (i < left.length && length(i + 1, j) >= length(i, j + 1))) i += 1;
      else j += 1;
    }
    if (i > beforeStart || j > afterStart) hunks.push({ beforeStart, beforeEnd: i, afterStart, afterEnd: j });
    while (isSame(i, j)) [i, j] = [i + 1, j + 1];
  }
  return hunks;
}

/** How many lines the texts have in common from a pair of lines on. */
function commonLengths(left: readonly string[], right: readonly string[]): (i: number, j: number) => number {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}

/** Edits that turn one text of a file into the other: one a hunk where each can be found, else one over the whole file. */
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

/** Takes in lines on both sides until what is searched for occurs only once. */
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

/** Hunks that have grown into one another become one. */
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

/** Lines are counted from 1, and an empty range stands after the line before it. */
const range = (start: number, count: number): string => `${count === 0 ? start : start + 1},${count}`;

function hunkText(left: readonly string[], right: readonly string[], at: LineHunk): string {
  const [before, after] = [left.slice(at.beforeStart, at.beforeEnd), right.slice(at.afterStart, at.afterEnd)];
  const lines: string[] = [];
  const put = (mark: string, line: string) => lines.push(mark + (line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`));
  let done = 0;
  for (const hunk of lineHunks(before, after)) {
    for (const line of before.slice(done, hunk.beforeStart)) put(" ", line);
    for (const line of before.slice(hunk.beforeStart, hunk.beforeEnd)) put("-", line);
    for (const line of after.slice(hunk.afterStart, hunk.afterEnd)) put("+", line);
    done = hunk.beforeEnd;
  }
  for (const line of before.slice(done)) put(" ", line);
  return `@@ -${range(at.beforeStart, before.length)} +${range(at.afterStart, after.length)} @@\n${lines.join("")}`;
}

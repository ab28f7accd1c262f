// Text of a capsule as an indented block for a terminal: no control characters, no line wider than the terminal, long ones cut.
import { oneLine } from "../format.ts";
import { wrap } from "../grid.ts";

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;
export const PLAIN: Paint = { bold: same, dim: same, good: same, bad: same };

export interface BlockStyle {
  readonly width: number;
  readonly paint: Paint;
  /** So many lines are shown; the rest is counted. */
  readonly most: number;
  /** Lines begin with a sign: what was taken and added is painted. */
  readonly isDiff?: boolean;
}

/** Words below an indent, never wider than the width: lines after the first hang by two more, a longer word is broken. */
export function wrapped(text: string, indent: string, width: number): readonly string[] {
  const room = width - indent.length;
  const words = oneLine(text)
    .split(" ")
    .flatMap((word) => piecesOf(word, room - 2));
  return wrap(words.join(" "), "  ", room).map((line) => `${indent}${line}`);
}

const INDENT = "    │ ";

export function block(text: string, { width, paint, most, isDiff = false }: BlockStyle): readonly string[] {
  const lines = plainLines(text);
  const room = Math.max(20, width - INDENT.length);
  const shown = lines.slice(0, most).flatMap((line) => {
    const tone = isDiff ? diffTone(line, paint) : same;
    return piecesOf(line, room).map((piece) => `${paint.dim(INDENT)}${tone(piece)}`.trimEnd());
  });
  const left = lines.length - Math.min(most, lines.length);
  return left === 0 ? shown : [...shown, paint.dim(`${INDENT}… ${left} more ${left === 1 ? "line" : "lines"}: --attempt N shows all`)];
}

function diffTone(line: string, { good, bad, dim }: Paint): (text: string) => string {
  const tones: Readonly<Record<string, (text: string) => string>> = { "+": good, "-": bad, "@": dim };
  return tones[line[0] ?? ""] ?? same;
}

/** Lines without what could control a terminal or turn its direction; tabs are four spaces, the last line end is none. */
export function plainLines(text: string): readonly string[] {
  const lines = text.toWellFormed().replaceAll("\t", "    ").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·"));
}

/** A line of a megabyte is shown by its beginning. */
export const MOST_LINE_CHARS = 4000;

function piecesOf(line: string, room: number): readonly string[] {
  const characters = Array.from(line.slice(0, MOST_LINE_CHARS));
  const cut = line.length > MOST_LINE_CHARS ? [`… ${line.length - MOST_LINE_CHARS} more characters in this line`] : [];
  const pieces: string[] = [];
  for (let from = 0; from < Math.max(1, characters.length); from += room) pieces.push(characters.slice(from, from + room).join(""));
  return [...pieces, ...cut];
}

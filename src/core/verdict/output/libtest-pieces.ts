// Splits a line of a test process's stdout into events of the test harness and what else was written there.
import { type LibtestEvent, readLibtestLine } from "./libtest-event.ts";

/** A part of a line: an event, or output of the tests themselves (a child's, a logger's, a write that passes capture by). */
export interface Piece {
  readonly event: LibtestEvent | null;
  readonly text: string;
}

/** How libtest begins an event. Inside an event's texts the quotes are escaped, so that this stands nowhere in it. */
const BEGINNING = /\{ ?"type": ?"(?:suite|test|report)"/g;

/** Beginnings of one line that may turn out to be none, before the rest counts as output. */
const MAX_FALSE_STARTS = 32;

/**
 * The pieces of a line, in order; none is empty but that of an empty line. An event may be glued to output: in front, where the
 * output's last line had no end; behind, where a long event and its line's end are two writes.
 */
export function readPieces(line: string): readonly Piece[] {
  const whole = readLibtestLine(line);
  if (whole !== null || !line.includes('"type"')) return [{ event: whole, text: line }];
  const pieces: Piece[] = [];
  let [taken, falseStarts] = [0, 0];
  for (const { index } of line.matchAll(BEGINNING)) {
    const end = objectEnd(line, index);
    const event = end === null ? null : readLibtestLine(line.slice(index, end));
    if (event !== null && end !== null) {
      if (index > taken) pieces.push({ event: null, text: line.slice(taken, index) });
      pieces.push({ event, text: line.slice(index, end) });
      taken = end;
    } else if (++falseStarts === MAX_FALSE_STARTS) break;
  }
  if (taken < line.length) pieces.push({ event: null, text: line.slice(taken) });
  return pieces;
}

/** The offset behind the object that opens at `start`; null where it has no end or holds another one: libtest's events are flat. */
function objectEnd(line: string, start: number): number | null {
  let inText = false;
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line[at];
    if (inText && char === "\\") at += 1;
    else if (char === '"') inText = !inText;
    else if (!inText && char === "}") return at + 1;
    else if (!inText && char === "{") return null;
  }
  return null;
}

// Cuts and moves within a source file, by offsets and tokens: so that strings and comments are safe.
import { type Code, startOf, textOf } from "../../rust/code.ts";
import type { TestFunction } from "../../rust/items.ts";

/** A stretch of a source and what stands there afterwards. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** With the white space before it on its line, and the line's end: no gap is left to point at. */
export function withIndent(source: string, { start, end }: { readonly start: number; readonly end: number }): { start: number; end: number } {
  let from = start;
  while (from > 0 && (source[from - 1] === " " || source[from - 1] === "\t")) from -= 1;
  const ownLine = (from === 0 || source[from - 1] === "\n") && source[end] === "\n";
  return ownLine ? { start: from, end: end + 1 } : { start, end };
}

/** A test's text for a module one step further in: paths that begin with `super` or `self` are led to the same place. */
export function oneDeeper(code: Code, test: TestFunction): string {
  const parts: string[] = [];
  let place = test.start;
  for (let index = test.firstToken; index <= test.bodyClose; index++) {
    const word = textOf(code, index);
    const opensPath = textOf(code, index + 1) === "::" && textOf(code, index - 1) !== "::" && (word === "super" || word === "self");
    if (!opensPath) continue;
    const start = startOf(code, index);
    parts.push(code.source.slice(place, start), word === "super" ? "super::super" : "super");
    place = start + word.length;
  }
  return parts.join("") + code.source.slice(place, test.end);
}

export function spliced(source: string, cuts: readonly Cut[]): string {
  const parts: string[] = [];
  let place = 0;
  for (const { start, end, text } of cuts.toSorted((a, b) => a.start - b.start)) {
    parts.push(source.slice(place, start), text);
    place = end;
  }
  return parts.join("") + source.slice(place);
}

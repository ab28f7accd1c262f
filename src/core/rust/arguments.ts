// Where the parts of a list end that commas separate.
import { closeOf, type Code, isMatchedOpen, textOf } from "./code.ts";

/** Index behind `<…>` whose `<` is at `open`; `end` if it doesn't close before that. */
export function afterGenerics(code: Code, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at += 1) {
    const text = textOf(code, at);
    if (text === "<") depth += 1;
    else if (text === ">") depth -= 1;
    if (depth === 0) return at + 1;
    if (isMatchedOpen(code, at)) at = closeOf(code, at);
  }
  return end;
}

/** First token behind the argument that begins at `start`: its comma, or whatever else ends it, or `end`. */
export function argumentEnd(code: Code, start: number, end: number, mark = ","): number {
  for (let at = start; at < end; at += 1) {
    if (textOf(code, at) === mark) return at;
    if (textOf(code, at) === "::" && textOf(code, at + 1) === "<") at = afterGenerics(code, at + 1, end) - 1;
    else if (isMatchedOpen(code, at)) at = closeOf(code, at);
  }
  return end;
}

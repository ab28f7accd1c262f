// Lines for people, fitted to the terminal: wrapped between words, and as they are where there is no terminal to fit into.
import { stripVTControlCharacters } from "node:util";
import { textWidth } from "./width.ts";

/** Hints with commands in them, which are there to be copied. */
const COPIED = /^\s*→ .* --?\w/;

/** A wrapped line goes on two columns further in. Null: no width to fit into. A word that is longer than the width stays whole. */
export function fitted(text: string, width: number | null): string {
  if (width === null) return text;
  return text
    .split("\n")
    .flatMap((line) => (lengthOf(line) <= width || COPIED.test(line) ? [line] : wrappedLine(line, width)))
    .join("\n");
}

function wrappedLine(text: string, width: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = "";
  // Columns of a table stay apart: only the blank that a line is broken at goes.
  for (const part of text.slice(indent.length).match(/ *[^ ]+/g) ?? []) {
    const begin = lines.length === 0 ? indent : `${indent}  `;
    if (line !== "" && lengthOf(`${begin}${line}${part}`) > width) {
      lines.push(`${begin}${line}`);
      line = part.trimStart();
    } else line = `${line}${part}`;
  }
  return [...lines, `${lines.length === 0 ? indent : `${indent}  `}${line}`];
}

const lengthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Null where nobody looks at a terminal: what a program reads has a fact a line. */
export function fittingWidth(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | null {
  const asked = process.env["COLUMNS"];
  return stream.isTTY || asked ? textWidth(stream.columns, asked) : null;
}

/** To stdout. */
export const printText = (text: string): void => void process.stdout.write(fitted(text, fittingWidth(process.stdout)));

/** To stderr. */
export const noteText = (text: string): void => void process.stderr.write(fitted(text, fittingWidth(process.stderr)));

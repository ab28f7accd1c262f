// The observed form of a hidden test file: its assertions tell what the code under test gave, instead of comparing it.
import { closeOf, endOf, isMatchedOpen, readCode, startOf, textOf, type Code } from "../../rust/code.ts";
import { readItems } from "../../rust/items.ts";
import type { Change } from "../../rust/syntax.ts";
import { ASSERTIONS, assertionChanges, type FormOptions } from "./assertions.ts";
import { declarationsAlone, declaredOutside } from "./outside.ts";
import { type ObservedKind, type ObservedNames, observedPrelude } from "./prelude.ts";

/**
 * The hidden file with its observed form behind it, in a module of its own, so that both are compiled at once and run apart. Of a file that
 * is to be left out, its crates and the modules in other files stand before it. Null where it can't be: delimiters that do not pair, or an
 * inline module's own modules in other files, which nothing beside it reaches.
 */
export function withObservedForm(source: string, original: string, names: ObservedNames, options: FormOptions): string | null {
  const code = readCode(original);
  if (!code.balanced || readItems(code).modules.some(({ closing, parents }) => closing === null && parents.length > 0)) return null;
  const observed = observedForm(deeper(code), names, options);
  const before = options.kind === "apart" ? declarationsAlone(code) : source;
  return observed === null ? null : `${before}\n${OBSERVED_START}${names.module}_tests { ${observed}\n}\n`;
}

/** How the module of the observed form begins: what stands before it is the file itself. */
const OBSERVED_START = "#[allow(unused, clippy::all)] mod ";

/** The line before the first one of the observed form; null where the file has none. */
export function observedOffset(source: string, { module }: ObservedNames): number | null {
  const at = source.indexOf(`${OBSERVED_START}${module}_tests {`);
  return at < 0 ? null : source.slice(0, at).split("\n").length - 1;
}

/** The line on which an observed form's own macros stand; null for a file without one. */
export function preludeLine(source: string, { module }: ObservedNames): number | null {
  const at = source.indexOf(`mod ${module} {`);
  return at < 0 ? null : source.slice(0, at).split("\n").length;
}

/** The file's text one module deeper: `super` that leads out of the file leads out of one module more. */
function deeper(code: Code): string {
  const changes: Change[] = declaredOutside(code);
  const { modules } = readItems(code);
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (textOf(code, at) !== "super" || textOf(code, at - 1) === "::") continue;
    let length = 1;
    while (textOf(code, at + 2 * length - 1) === "::" && textOf(code, at + 2 * length) === "super") length += 1;
    const offset = startOf(code, at);
    const depth = modules.filter(({ start, end }) => start < offset && offset < end).length;
    if (length > depth) changes.push({ start: offset, end: offset, text: "super::" });
  }
  return applied(code.source, changes);
}

/** The file's text with its assertions observed; null for a file whose delimiters do not pair. No line moves. */
export function observedForm(source: string, names: ObservedNames, options: FormOptions): string | null {
  const code = readCode(source);
  if (!code.balanced) return null;
  const changes = [prelude(code, names, options.kind), ...moduleImports(code, names), ...importsOfAssertions(code), ...assertionChanges(code, names, options)];
  return applied(source, changes);
}

function applied(source: string, changes: readonly Change[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text } of changes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) continue;
    parts.push(source.slice(at, start), text);
    at = end;
  }
  return parts.join("") + source.slice(at);
}

/** Behind the file's inner attributes and documentation. */
function prelude(code: Code, names: ObservedNames, kind: ObservedKind): Change {
  let index = 0;
  while (textOf(code, index) === "#" && textOf(code, index + 1) === "!" && isMatchedOpen(code, index + 2)) index = closeOf(code, index + 2) + 1;
  const start = startOf(code, index);
  return { start, end: start, text: `${observedPrelude(names, kind)} ` };
}

/** A macro's text finds the module by its bare name, so that every inline module brings it into scope. */
function moduleImports(code: Code, { module }: ObservedNames): Change[] {
  const starts = new Set(readItems(code).modules.flatMap(({ start, closing }) => (closing === null ? [] : [start])));
  const changes: Change[] = [];
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (textOf(code, at) !== "mod" || textOf(code, at + 2) !== "{" || !isMatchedOpen(code, at + 2)) continue;
    if (![...starts].some((start) => start <= startOf(code, at))) continue;
    const start = afterInner(code, at + 3);
    changes.push({ start, end: start, text: ` #[allow(unused_imports)] use super::${module}; ` });
  }
  return changes;
}

function afterInner(code: Code, first: number): number {
  let index = first;
  while (textOf(code, index) === "#" && textOf(code, index + 1) === "!" && isMatchedOpen(code, index + 2)) index = closeOf(code, index + 2) + 1;
  // Inner documentation is no token here, and must stay in front: the end of what is between is the safe place.
  return startOf(code, index);
}

/** `use pretty_assertions::{assert_eq, assert_ne};`: the names would hide ours. */
function importsOfAssertions(code: Code): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (code.tokens[at]?.kind !== "ident" || textOf(code, at) !== "use") continue;
    let end = at;
    while (end < code.tokens.length && textOf(code, end) !== ";") end += 1;
    for (let index = at + 1; index < end; index += 1) {
      if (!ASSERTIONS.has(textOf(code, index))) continue;
      if (textOf(code, index + 1) === ";") changes.push({ start: startOf(code, at), end: endOf(code, end), text: "" });
      else changes.push({ start: startOf(code, index), end: endOf(code, textOf(code, index + 1) === "," ? index + 1 : index), text: "" });
    }
    at = end;
  }
  return changes;
}

// The observed form of a hidden test file: its assertions tell what the code under test gave, instead of comparing it.
import { closeOf, endOf, isMatchedOpen, readCode, startOf, textOf, type Code } from "../../rust/code.ts";
import { readItems } from "../../rust/items.ts";
import { type ObservedKind, type ObservedNames, observedPrelude } from "./prelude.ts";

/**
 * The hidden file with its observed form behind it, in a module of its own, so that both are compiled at once and run apart; null
 * where that can't be: delimiters that do not pair, or modules in other files, whose paths would be others.
 */
export function withObservedForm(
  source: string,
  original: string,
  names: ObservedNames,
  { plain, kind }: { readonly plain: ReadonlySet<number>; readonly kind: ObservedKind },
): string | null {
  const code = readCode(original);
  if (!code.balanced || readItems(code).modules.some(({ closing }) => closing === null) || /\bextern\s+crate\b/.test(original)) return null;
  const observed = observedForm(deeper(code), names, plain, kind);
  return observed === null ? null : `${source}\n${OBSERVED_START}${names.module}_tests { ${observed}\n}\n`;
}

/** How the module of the observed form begins: what stands before it is the file itself. */
const OBSERVED_START = "#[allow(unused, clippy::all)] mod ";

/** The line before the first one of the observed form; null where the file has none. */
export function observedOffset(source: string, { module }: ObservedNames): number | null {
  const at = source.indexOf(`${OBSERVED_START}${module}_tests {`);
  return at < 0 ? null : source.slice(0, at).split("\n").length - 1;
}

/** The file's text one module deeper: `super` that leads out of the file leads out of one module more. */
function deeper(code: Code): string {
  const changes: Change[] = [];
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

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const ASSERTIONS = new Set([
  "assert",
  "assert_eq",
  "assert_ne",
  "debug_assert",
  "debug_assert_eq",
  "debug_assert_ne",
  "assert_matches",
  "debug_assert_matches",
]);
const CHAINING = new Set(["&", "|", "return", "break", "=>", "if", "match", "while", "for", "move"]);

/**
 * The file's text with its assertions observed; null for a file whose delimiters do not pair. `plain`: lines (1-based) whose
 * assertions tell their bit only, since they do not compile otherwise. No line moves.
 */
export function observedForm(source: string, names: ObservedNames, plain: ReadonlySet<number>, kind: ObservedKind = "beside"): string | null {
  const code = readCode(source);
  if (!code.balanced) return null;
  const changes = [prelude(code, names, kind), ...moduleImports(code, names), ...importsOfAssertions(code), ...assertions(code, names, plain, kind)];
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

function assertions(code: Code, names: ObservedNames, plain: ReadonlySet<number>, kind: ObservedKind): Change[] {
  const changes: Change[] = [];
  const lineOf = lineCounter(code.source);
  for (let at = 0; at < code.tokens.length; at += 1) {
    const open = at + 2;
    const name = textOf(code, at);
    if (!ASSERTIONS.has(name) || textOf(code, at + 1) !== "!" || !isMatchedOpen(code, open)) continue;
    changes.push(...unqualified(code, at), ...rewritten({ code, at, open, name, module: names.module, kind }, plain.has(lineOf(startOf(code, at)))));
  }
  return changes;
}

/** `pretty_assertions::assert_eq!` → `assert_eq!`. */
function unqualified(code: Code, at: number): Change[] {
  let first = at;
  while (textOf(code, first - 1) === "::") first -= code.tokens[first - 2]?.kind === "ident" ? 2 : 1;
  return first === at ? [] : [{ start: startOf(code, first), end: startOf(code, at), text: "" }];
}

interface Call {
  readonly code: Code;
  readonly at: number;
  readonly open: number;
  readonly name: string;
  readonly module: string;
  readonly kind: ObservedKind;
}

function rewritten(call: Call, isPlain: boolean): Change[] {
  const bare = call.name.replace("debug_", "");
  if (bare === "assert_eq" || bare === "assert_ne") return pair(call, bare, isPlain);
  if (isPlain) return bare === "assert_matches" ? asMatches(call, call.open, call.open) : [];
  if (bare === "assert_matches") return asMatches(call, call.open, call.open);
  const { code, open } = call;
  if (textOf(code, open + 1) === "matches" && textOf(code, open + 2) === "!" && isMatchedOpen(code, open + 3)) {
    const after = textOf(code, closeOf(code, open + 3) + 1);
    if (after === ")" || after === ",") return asMatches(call, open, open + 3);
  }
  return asBoth(call);
}

function pair(call: Call, name: string, isPlain: boolean): Change[] {
  if (isPlain) return [renamed(call, `${call.module}_bit_${name.slice(-2)}`)];
  return call.kind === "apart" && isTurned(call) ? [renamed(call, `${call.module}_turned`)] : [];
}

/** Calls that make a value of what is written between their parentheses, as an expected one is made. */
const MAKES = /^(?:[A-Z]|from(?:_|$)|new(?:_|$)|to_|into$|unwrap$)/;

/** Is what is expected written first? Then that side calls nothing, and the other one does. */
function isTurned({ code, open }: Call): boolean {
  const close = closeOf(code, open);
  let comma = open + 1;
  while (comma < close && textOf(code, comma) !== ",") comma = isMatchedOpen(code, comma) ? closeOf(code, comma) + 1 : comma + 1;
  return !calls(code, open + 1, comma) && calls(code, comma + 1, close);
}

function calls(code: Code, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (code.tokens[at]?.kind === "ident" && textOf(code, at + 1) === "(" && !MAKES.test(textOf(code, at))) return true;
  }
  return false;
}

const renamed = ({ code, at }: Call, text: string): Change => ({ start: startOf(code, at), end: endOf(code, at), text });

/** `assert!(matches!(e, p), "…")` → `m_matches!(e, p)`. */
function asMatches(call: Call, open: number, inner: number): Change[] {
  const { code } = call;
  const changes = [renamed(call, `${call.module}_matches`)];
  if (inner === open) return changes;
  return [
    ...changes,
    { start: endOf(code, open), end: endOf(code, inner), text: "" },
    { start: startOf(code, closeOf(code, inner)), end: startOf(code, closeOf(code, open)), text: "" },
  ];
}

/** Is a comparison written at this token? Then it and the next one are `==` or `!=`. */
function isComparison(code: Code, at: number): boolean {
  const text = textOf(code, at);
  if ((text !== "=" && text !== "!") || textOf(code, at + 1) !== "=" || endOf(code, at) !== startOf(code, at + 1)) return false;
  return text === "!" || !/[<>=!]/.test(textOf(code, at - 1));
}

/** The comparison that is the whole of a condition, and the token behind the condition; null where it is anything else. */
function soleComparison(code: Code, open: number): { readonly operator: number; readonly end: number } | null {
  const close = closeOf(code, open);
  let operator = -1;
  for (let at = open + 1; at < close; at += 1) {
    const text = textOf(code, at);
    if (text === ",") return operator < 0 ? null : { operator, end: at };
    if (CHAINING.has(text)) return null;
    if (isComparison(code, at)) {
      if (operator >= 0) return null;
      operator = at;
      at += 1;
    } else if (isMatchedOpen(code, at)) at = closeOf(code, at);
  }
  return operator < 0 ? null : { operator, end: close };
}

/** `assert!(a == b, "…")` → `m_both!(==, a, b)`. */
function asBoth(call: Call): Change[] {
  const { code, open } = call;
  const found = soleComparison(code, open);
  if (found === null) return [];
  const sign = textOf(code, found.operator) === "!" ? "!=" : "==";
  return [
    renamed(call, `${call.module}_both`),
    { start: endOf(code, open), end: endOf(code, open), text: `${sign}, ` },
    { start: startOf(code, found.operator), end: endOf(code, found.operator + 1), text: "," },
    { start: startOf(code, found.end), end: startOf(code, closeOf(code, open)), text: "" },
  ];
}

/** Counts lines for offsets that come in rising order. */
function lineCounter(source: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    for (; at < offset; at += 1) if (source.charCodeAt(at) === 10) line += 1;
    return line;
  };
}

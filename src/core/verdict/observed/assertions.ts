// The assertions of a hidden test file, rewritten so that they tell what the code under test gave.
import { argumentEnd } from "../../rust/arguments.ts";
import { closeOf, type Code, endOf, isMatchedOpen, startOf, textOf } from "../../rust/code.ts";
import type { Change } from "../../rust/syntax.ts";
import { type PartsPattern, partsPattern } from "./parts.ts";
import type { ObservedKind, ObservedNames } from "./prelude.ts";

/** How the assertions of a file are observed. Lines count from 1. */
export interface FormOptions {
  readonly kind: ObservedKind;
  /** Lines whose assertions tell their bit only, since they do not compile otherwise. */
  readonly plain: ReadonlySet<number>;
  /** Lines on which no value is looked into, since it does not compile. */
  readonly whole: ReadonlySet<number>;
  /** Types of the base that compare and show themselves by their fields. */
  readonly derived: ReadonlySet<string>;
}

export const ASSERTIONS = new Set([
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

/** What becomes of the assertions of a file. */
export function assertionChanges(code: Code, names: ObservedNames, options: FormOptions): Change[] {
  const changes: Change[] = [];
  const lineOf = lineCounter(code.source);
  for (let at = 0; at < code.tokens.length; at += 1) {
    const open = at + 2;
    const name = textOf(code, at);
    if (!ASSERTIONS.has(name) || textOf(code, at + 1) !== "!" || !isMatchedOpen(code, open)) continue;
    changes.push(...unqualified(code, at), ...rewritten({ ...options, code, at, open, name, module: names.module, lineOf }));
  }
  return changes;
}

/** `pretty_assertions::assert_eq!` → `assert_eq!`. */
function unqualified(code: Code, at: number): Change[] {
  let first = at;
  while (textOf(code, first - 1) === "::") first -= code.tokens[first - 2]?.kind === "ident" ? 2 : 1;
  return first === at ? [] : [{ start: startOf(code, first), end: startOf(code, at), text: "" }];
}

interface Call extends FormOptions {
  readonly code: Code;
  readonly at: number;
  readonly open: number;
  readonly name: string;
  readonly module: string;
  readonly lineOf: (offset: number) => number;
}

function rewritten(call: Call): Change[] {
  const bare = call.name.replace("debug_", "");
  const isPlain = call.plain.has(call.lineOf(startOf(call.code, call.at)));
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
  const { code, open } = call;
  const close = closeOf(code, open);
  const comma = argumentEnd(code, open + 1, close);
  const [left, right] = [sideOf(call, open + 1, comma), sideOf(call, comma + 1, argumentEnd(code, comma + 1, close))];
  const parts = name === "assert_eq" ? partsOf(call, left, right) : [];
  return call.kind === "apart" && isTurned(call, left, right) ? [renamed(call, `${call.module}_turned`), ...parts] : parts;
}

interface Side {
  readonly from: number;
  readonly to: number;
  /** The value that is written there, if it is. */
  readonly spelled: PartsPattern | null;
}

const sideOf = (call: Call, from: number, to: number): Side => ({
  from,
  to,
  spelled: partsPattern(call.code, from, to, { prefix: call.module, derived: call.derived }),
});

/** Where one side spells a value out, the other one's parts are seen one by one. */
function partsOf(call: Call, left: Side, right: Side): Change[] {
  return [...seenBy(call, left, right, "left"), ...seenBy(call, right, left, "right")];
}

function seenBy({ code, module, whole, lineOf }: Call, { from, to }: Side, { spelled: parts }: Side, side: "left" | "right"): Change[] {
  if (parts === null) return [];
  if (from >= to || whole.has(lineOf(startOf(code, from)))) return [];
  const head = `${module}_parts!(${parts.isList ? "@list " : ""}${side}, ${parts.pattern} => ${parts.bindings.join(" ")}; `;
  return [
    { start: startOf(code, from), end: startOf(code, from), text: head },
    { start: endOf(code, to - 1), end: endOf(code, to - 1), text: ")" },
  ];
}

/** Does this line of a file's observed form look into a value? */
export const looksIntoParts = (line: string, { module }: ObservedNames): boolean => line.includes(`${module}_parts!(`);

/** Calls that make a value of what is written between their parentheses, as an expected one is made. */
const MAKES = /^(?:[A-Z]|from(?:_|$)|new(?:_|$)|to_|into$|unwrap$)/;

/** Is what is expected written first? Then that side spells a value out or calls nothing, and the other one does not or calls something. */
function isTurned({ code }: Call, left: Side, right: Side): boolean {
  if ((left.spelled === null) !== (right.spelled === null)) return left.spelled !== null;
  return !calls(code, left.from, left.to) && calls(code, right.from, right.to);
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
    ...(sign === "==" ? partsOf(call, sideOf(call, open + 1, found.operator), sideOf(call, found.operator + 2, found.end)) : []),
  ];
}

/** Counts lines, quickly for offsets that come in rising order. */
function lineCounter(source: string): (offset: number) => number {
  let [line, at] = [1, 0];
  return (offset) => {
    if (offset < at) [line, at] = [1, 0];
    for (; at < offset; at += 1) if (source.charCodeAt(at) === 10) line += 1;
    return line;
  };
}

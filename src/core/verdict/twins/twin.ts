// Makes the twin of a test: a copy under another name, changed so that it must fail where the test passes.
import type { Random } from "../../base/random.ts";
import { afterGenerics, argumentEnd } from "../../rust/arguments.ts";
import { closeOf, isMatchedOpen, textOf } from "../../rust/code.ts";
import type { Code } from "../../rust/code.ts";
import type { TestFunction } from "../../rust/items.ts";
import { changeLiteral } from "./literal.ts";

export type TwinKind = "flip" | "mutate" | "unexpected-panic" | "plain";

/** New text by token index; "" drops the token. */
export type TokenChanges = ReadonlyMap<number, string>;

/** The ways in which one test can be made to fail. */
export interface TwinWays {
  readonly mutate: TokenChanges | null;
  /** Other literals of the same assertion: an equality may be honest about one part of a value. */
  readonly others: readonly TokenChanges[];
  readonly flip: TokenChanges | null;
  readonly unexpectedPanic: TokenChanges | null;
}

interface Assertion {
  /** Token of the macro's name. */
  readonly macro: number;
  readonly open: number;
  readonly close: number;
  /** A top-level statement of the body, which is certain to run. */
  readonly isDirect: boolean;
}

const flipped: Readonly<Record<string, string>> = { assert_eq: "assert_ne", assert_ne: "assert_eq", assert: "assert" };
const constructor = /^(?:[A-Z]|from(?:_|$)|new(?:_|$))/;
const maxDepth = 64;
const hasEffectBeside = new Set(["/", "%", "<", ">", "|", "^", "*"]);

/** Assertions of a test's body in an order that is drawn, those that are certain to run first. */
function assertionsOf(code: Code, test: TestFunction, random: Random): Assertion[] {
  const direct: Assertion[] = [];
  const nested: Assertion[] = [];
  let blockEnd = -1;
  for (let at = test.bodyOpen + 1; at < test.bodyClose; at += 1) {
    const open = at + 2;
    if (textOf(code, at + 1) === "!" && isMatchedOpen(code, open)) {
      const found = { macro: at, open, close: closeOf(code, open), isDirect: at > blockEnd };
      if (Object.hasOwn(flipped, textOf(code, at))) (found.isDirect ? direct : nested).push(found);
      at = found.close;
    } else if (isMatchedOpen(code, at)) blockEnd = Math.max(blockEnd, closeOf(code, at));
  }
  return [...random.shuffle(direct), ...random.shuffle(nested)];
}

/** Whether the group that opens at `open` only wraps the values that make up its own value. */
function isTransparent(code: Code, open: number): boolean {
  const kind = code.tokens[open - 1]?.kind ?? "punct";
  const word = textOf(code, open - 1);
  const bracket = textOf(code, open);
  if (word === "!") return textOf(code, open - 2) === "vec";
  if (bracket === "{") return /^[A-Z]/.test(word);
  const follows = kind === "ident" || kind === "close" || kind === "string" || word === "?" || word === ">";
  return !follows || (bracket === "(" && kind === "ident" && constructor.test(word));
}

function isFreeStanding(code: Code, at: number): boolean {
  return textOf(code, at - 1) !== "." && !hasEffectBeside.has(textOf(code, at - 1)) && !hasEffectBeside.has(textOf(code, at + 1));
}

function changeAt(code: Code, at: number, random: Random): TokenChanges | null {
  const changed = isFreeStanding(code, at) ? changeLiteral(code.tokens[at]?.kind ?? "punct", textOf(code, at), random) : null;
  return changed === null ? null : new Map([[at, changed]]);
}

function changesWithin(code: Code, open: number, random: Random, depth: number): TokenChanges[] {
  if (depth >= maxDepth || !isTransparent(code, open)) return [];
  return literalChanges(code, { from: open + 1, to: closeOf(code, open) }, random, depth + 1);
}

/** Each literal between two tokens that can be changed, looking into transparent groups only. */
function literalChanges(code: Code, { from, to }: { readonly from: number; readonly to: number }, random: Random, depth = 0): TokenChanges[] {
  const found: TokenChanges[] = [];
  for (let at = from; at < to; at += 1) {
    const text = textOf(code, at);
    if (text === ";") return found;
    if (isMatchedOpen(code, at)) found.push(...changesWithin(code, at, random, depth));
    else {
      const change = changeAt(code, at, random);
      if (change !== null) found.push(change);
    }
    if (text === "::" && textOf(code, at + 1) === "<") at = afterGenerics(code, at + 1, to) - 1;
    else if (isMatchedOpen(code, at)) at = closeOf(code, at);
  }
  return found;
}

function mutations(code: Code, { macro, open, close }: Assertion, random: Random): TokenChanges[] {
  if (textOf(code, macro) !== "assert_eq") return [];
  const comma = argumentEnd(code, open + 1, close);
  const second = literalChanges(code, { from: comma + 1, to: argumentEnd(code, comma + 1, close) }, random);
  return second.length > 0 ? second : literalChanges(code, { from: open + 1, to: comma }, random);
}

function flip(code: Code, { macro, open, close }: Assertion): TokenChanges | null {
  const name = textOf(code, macro);
  if (name !== "assert") return new Map([[macro, flipped[name] ?? name]]);
  const end = argumentEnd(code, open + 1, close);
  if (end === open + 1) return null;
  const changes = new Map([[open, `${textOf(code, open)}!(`]]);
  return changes.set(end, `)${textOf(code, end)}`);
}

function firstChange(assertions: readonly Assertion[], change: (assertion: Assertion) => TokenChanges | null): TokenChanges | null {
  for (const assertion of assertions) {
    const found = change(assertion);
    if (found !== null) return found;
  }
  return null;
}

function dropShouldPanic(test: TestFunction): TokenChanges | null {
  const changes = new Map<number, string>();
  for (const { path, first, last } of test.attributes) {
    if (path === "should_panic") for (let at = first; at <= last; at += 1) changes.set(at, "");
  }
  return changes.size > 0 ? changes : null;
}

/** How a test can be made to fail; empty for an ignored one. */
export function twinWays(code: Code, test: TestFunction, random: Random): TwinWays {
  const none = { mutate: null, others: [], flip: null, unexpectedPanic: null };
  if (test.ignored) return none;
  if (test.shouldPanic) return { ...none, unexpectedPanic: dropShouldPanic(test) };
  const assertions = assertionsOf(code, test, random);
  const found = assertions.map((assertion) => mutations(code, assertion, random)).find((changes) => changes.length > 0) ?? [];
  const [mutate = null, ...others] = random.shuffle(found);
  return { ...none, mutate, others, flip: firstChange(assertions, (assertion) => flip(code, assertion)) };
}

/** The test's text on one line under the name `alias`: comments dropped, changes made. Only strings may still break lines. */
export function renderTwin(code: Code, test: TestFunction, alias: string, changes: TokenChanges): string {
  const parts: string[] = [];
  let end = test.start;
  for (let at = test.firstToken; at <= test.bodyClose; at += 1) {
    const token = code.tokens[at];
    if (token === undefined) break;
    if (token.start > end) parts.push(" ");
    end = token.end;
    if (at === test.nameToken) parts.push(alias);
    else if (token.kind !== "comment") parts.push(changes.get(at) ?? code.source.slice(token.start, token.end));
  }
  return parts.join("").trim();
}

/** Whether a token of the test (a string, as a rule) contains a line break. */
export function spansLines(code: Code, test: TestFunction): boolean {
  for (let at = test.firstToken; at <= test.bodyClose; at += 1) {
    const token = code.tokens[at];
    if (token?.kind === "string" && code.source.slice(token.start, token.end).includes("\n")) return true;
  }
  return false;
}

// Where a test asserts something: by a macro, or by a helper that does; and a test with half of it.
import { closeOf, type Code, endOf, isMatchedOpen, readCode, startOf, textOf } from "../../rust/code.ts";
import { readItems, type TestFunction } from "../../rust/items.ts";
import { bareCode } from "./source-test.ts";

const ASSERTION = /^(debug_)?assert(_|$)/;
/** A helper of another file is known by its name. */
const ASSERTING_NAME = /^(assert|check|verify)(_|$)/;
/** What makes a function a helper that asserts: it can end the test. */
const ENDS = new Set(["panic", "unreachable", "unwrap", "expect", "unwrap_err", "expect_err"]);

/** Names of a file's functions that assert something, by themselves or through each other; tests are none. */
export function assertingHelpers(source: string): ReadonlySet<string> {
  const code = readCode(source);
  const tests = new Set(readItems(code).tests.map(({ nameToken }) => nameToken));
  const called = new Map<string, ReadonlySet<string>>();
  const found = new Set<string>();
  for (let index = 0; index < code.tokens.length; index += 1) {
    if (textOf(code, index) !== "fn" || tests.has(index + 1)) continue;
    const body = bodyWords(code, index + 1);
    called.set(textOf(code, index + 1), body.calls);
    if (body.asserts) found.add(textOf(code, index + 1));
  }
  for (let size = -1; size < found.size; ) {
    size = found.size;
    for (const [name, calls] of called) if ([...calls].some((other) => found.has(other))) found.add(name);
  }
  return found;
}

/** What a function's body calls, and whether it asserts something itself. */
function bodyWords(code: Code, name: number): { readonly calls: ReadonlySet<string>; readonly asserts: boolean } {
  let open = name + 1;
  while (open < code.tokens.length && !["{", ";"].includes(textOf(code, open))) open = isMatchedOpen(code, open) ? closeOf(code, open) + 1 : open + 1;
  const calls = new Set<string>();
  let asserts = false;
  if (textOf(code, open) !== "{") return { calls, asserts };
  for (let index = open + 1; index < closeOf(code, open); index += 1) {
    const [word, next] = [textOf(code, index), textOf(code, index + 1)];
    if (next === "!" && (ASSERTION.test(word) || ENDS.has(word))) asserts = true;
    if (next === "(" && ENDS.has(word)) asserts = true;
    if (next === "(") calls.add(word);
  }
  return { calls, asserts };
}

/** A test's assertions that are statements, nested ones too, in source order: macros, and calls of `helpers`. */
export function assertionsOf(code: Code, test: TestFunction, helpers: ReadonlySet<string>): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let index = test.bodyOpen + 1; index < test.bodyClose; index++) {
    const open = opensAssertion(code, index, helpers);
    const end = open === null ? -1 : statementEnd(code, closeOf(code, open) + 1);
    if (end >= 0) {
      found.push({ start: startOf(code, index), end: endOf(code, end) });
      index = end;
    } else if (isMatchedOpen(code, index) && textOf(code, index) !== "{") index = closeOf(code, index);
  }
  return found;
}

/** The token that opens the arguments of an assertion that begins here; null where none does. */
function opensAssertion(code: Code, index: number, helpers: ReadonlySet<string>): number | null {
  if (!["{", ";", "}"].includes(textOf(code, index - 1))) return null;
  const word = textOf(code, index);
  const isMacro = textOf(code, index + 1) === "!";
  const open = isMacro ? index + 2 : afterTurbofish(code, index + 1);
  const asserts = isMacro ? ASSERTION.test(word) : (helpers.has(word) || ASSERTING_NAME.test(word)) && textOf(code, open) === "(";
  return asserts && isMatchedOpen(code, open) ? open : null;
}

/** The token after `::<…>`; the token itself where no such begins there. */
function afterTurbofish(code: Code, index: number): number {
  if (textOf(code, index) !== "::" || textOf(code, index + 1) !== "<") return index;
  let depth = 0;
  for (let next = index + 1; next < code.tokens.length && textOf(code, next) !== ";"; next += 1) {
    if (textOf(code, next) === "<") depth += 1;
    else if (textOf(code, next) === ">") depth -= 1;
    if (depth === 0) return next + 1;
  }
  return index;
}

/** The semicolon of a statement whose call has ended before this token; -1 where it is part of something larger. */
function statementEnd(code: Code, index: number): number {
  let next = index;
  if (textOf(code, next) === "." && textOf(code, next + 1) === "await") next += 2;
  if (textOf(code, next) === "?") next += 1;
  return textOf(code, next) === ";" ? next : -1;
}

/**
 * A test's text with what it asserted before (`earlier`) and the first half of what is new in it; null where too little is new to
 * divide, or the test must panic.
 */
export function firstHalf(text: string, helpers: ReadonlySet<string>, earlier: string | null): string | null {
  const code = readCode(text);
  const [test] = readItems(code).tests;
  const later = test && !test.shouldPanic ? laterHalf(code, test, helpers, earlier) : [];
  return later.length === 0 ? null : later.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
}

/** The later half of a test's new assertions; none where fewer than two are new. */
export function laterHalf(
  code: Code,
  test: TestFunction,
  helpers: ReadonlySet<string>,
  earlier: string | null,
): readonly { readonly start: number; readonly end: number }[] {
  const fresh = newAssertions(code, test, helpers, earlier);
  return fresh.length < 2 ? [] : fresh.slice(Math.ceil(fresh.length / 2));
}

/** Those that the test's text before did not make, or not after the same statements. */
export function newAssertions(
  code: Code,
  test: TestFunction,
  helpers: ReadonlySet<string>,
  earlier: string | null,
): readonly { readonly start: number; readonly end: number }[] {
  const before = earlier === null ? null : readCode(earlier);
  const known = new Set(before === null ? [] : readItems(before).tests.flatMap((own) => assertedTexts(before, own, helpers).flat()));
  const texts = assertedTexts(code, test, helpers);
  return assertionsOf(code, test, helpers).filter((_, index) => !known.has(texts[index]?.[0] ?? ""));
}

/**
 * What a test asserts, as bare code: with the statements since the assertion before it, and by itself. `let e = f(2); check(e, "x")` is
 * another one than after `f(1)`.
 */
function assertedTexts(code: Code, test: TestFunction, helpers: ReadonlySet<string>): (readonly [whole: string, alone: string])[] {
  let from = endOf(code, test.bodyOpen);
  return assertionsOf(code, test, helpers).map(({ start, end }) => {
    const texts = [bareCode(code.source.slice(from, end)), bareCode(code.source.slice(start, end))] as const;
    from = end;
    return texts;
  });
}

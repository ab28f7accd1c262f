// The one call that a test asserts something of, with further inputs: the same statements, with one literal changed.
import { closeOf, type Code, endOf, readCode, startOf, textOf } from "../../rust/code.ts";
import { readItems, type TestFunction } from "../../rust/items.ts";
import { type Cut, spliced } from "./surgery.ts";
import { assertingHelpers, assertionsOf, newAssertions } from "./assertions.ts";
import { type SourceTest, testKey, sourceTest } from "./source-test.ts";

/** A test's body with one input changed, and the place of what is observed in it. */
export interface FurtherInput {
  /** The statements, without what is asserted. `OBSERVED` stands where the assertion stood. */
  readonly body: string;
  /** The expression that is observed. */
  readonly observed: string;
}

export interface FurtherInputs {
  /** The test's attributes and what else stands before its name. */
  readonly head: string;
  readonly inputs: readonly FurtherInput[];
}

/** Stands for the observed expression: no Rust source holds it. */
const OBSERVED = "\u0000";

/** Inputs that are tried for one test. */
const MOST_INPUTS = 24;

/** Null where the test can't be tried with others: it gives a result, must panic, or asserts nothing of an expression. */
export function furtherInputs(source: string, wanted: SourceTest): FurtherInputs | null {
  const code = readCode(source);
  const test = readItems(code).tests.find((item) => testKey(sourceTest(wanted.path, source, item)) === testKey(wanted));
  if (!test || test.shouldPanic || givesResult(code, test)) return null;
  const helpers = assertingHelpers(source);
  const assertions = assertionsOf(code, test, helpers);
  const fresh = new Set(newAssertions(code, test, helpers, wanted.earlier ?? null).map(({ start }) => start));
  const told = assertions.map((span) => ({ ...span, observed: observedIn(code, span) })).filter(({ observed }) => observed !== null);
  // The new one; of several, the last.
  const asserted = told.findLast(({ start }) => fresh.has(start)) ?? told.at(-1);
  if (!asserted?.observed) return null;
  const { observed } = asserted;
  const inputs = literals(code, test, assertions, observed).flatMap(({ start, end, others }) =>
    others.map((text): FurtherInput => withInput(code, test, { assertions, asserted, observed }, { start, end, text })),
  );
  const head = source.slice(test.start, startOf(code, test.nameToken));
  return inputs.length === 0 ? null : { head, inputs: inputs.slice(0, MOST_INPUTS) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Between the parameters and the body. */
const givesResult = (code: Code, test: TestFunction): boolean =>
  Array.from({ length: test.bodyOpen - test.nameToken }, (_, index) => textOf(code, test.nameToken + index)).includes("->");

/** How many arguments of an assertion's macro may be what is observed; of a helper's call, all. */
const OBSERVED_ARGUMENTS: Readonly<Record<string, number>> = { assert_eq: 2, assert_ne: 2 };

/** The first argument that calls something, else the first with a name in it that may stand for a value; null where there is none. */
function observedIn(code: Code, { start }: Span): Span | null {
  const first = code.tokens.findIndex((token) => token.start === start);
  const isMacro = textOf(code, first + 1) === "!";
  const parts = argumentsOf(code, isMacro ? first + 2 : first + 1).slice(0, isMacro ? (OBSERVED_ARGUMENTS[textOf(code, first)] ?? 1) : undefined);
  const textIn = ({ start: from, end }: Span): string => code.source.slice(from, end);
  return parts.find((part) => /[\w>]\s*!?\s*\(/.test(textIn(part))) ?? parts.find((part) => /^[&*]*[a-z_][\w.]*$/.test(textIn(part))) ?? null;
}

function argumentsOf(code: Code, open: number): Span[] {
  const found: Span[] = [];
  let from = open + 1;
  for (let index = open + 1; index <= closeOf(code, open); index += 1) {
    const isEnd = index === closeOf(code, open);
    if ((textOf(code, index) === "," || isEnd) && index > from) found.push({ start: startOf(code, from), end: endOf(code, index - 1) });
    if (textOf(code, index) === "," || isEnd) from = index + 1;
    else if (code.tokens[index]?.kind === "open") index = closeOf(code, index);
  }
  return found;
}

/** Literals of the body that what is observed may depend on, with what else could stand there: the nearest first. */
function literals(code: Code, test: TestFunction, assertions: readonly Span[], observed: Span): (Span & { readonly others: readonly string[] })[] {
  const isInside = ({ start, end }: Span, outer: Span): boolean => outer.start <= start && end <= outer.end;
  return code.tokens
    .slice(test.bodyOpen, test.bodyClose)
    .toReversed()
    .flatMap((token) => {
      if (token.start > observed.end || (assertions.some((span) => isInside(token, span)) && !isInside(token, observed))) return [];
      const others = OTHERS[token.kind]?.(code.source.slice(token.start, token.end)) ?? [];
      return others.length === 0 ? [] : [{ start: token.start, end: token.end, others }];
    });
}

const OTHERS: Readonly<Record<string, (literal: string) => readonly string[]>> = {
  string: otherTexts,
  number: otherNumbers,
};

/** Plain strings only: what is escaped could be cut in two. */
function otherTexts(literal: string): readonly string[] {
  const [, text] = /^"([^"\\\n]*)"$/.exec(literal) ?? [];
  if (text === undefined) return [];
  const signs = [...text];
  const texts = [
    text + text,
    signs.slice(1).join(""),
    signs.slice(0, -1).join(""),
    text.replaceAll(/\s+/g, (gap) => `${gap} ${gap}`),
    `${text}${signs.at(-1) ?? "a"}`,
    `${signs[0] ?? "a"}${text}`,
    signs.toReversed().join(""),
    "",
  ];
  return [...new Set(texts)].filter((other) => other !== text).map((other) => `"${other}"`);
}

function otherNumbers(literal: string): readonly string[] {
  const [, digits, suffix = ""] = /^(\d{1,9})([iu](?:8|16|32|64|128|size))?$/.exec(literal) ?? [];
  if (digits === undefined) return [];
  const value = Number(digits);
  return [...new Set([value + 1, Math.max(0, value - 1), value + 2, value * 2, 0])].filter((other) => other !== value).map((other) => `${other}${suffix}`);
}

interface Asserted {
  readonly assertions: readonly Span[];
  readonly asserted: Span;
  readonly observed: Span;
}

function withInput(code: Code, test: TestFunction, { assertions, asserted, observed }: Asserted, change: Cut): FurtherInput {
  const isObserved = observed.start <= change.start && change.end <= observed.end;
  const body = { start: endOf(code, test.bodyOpen), end: startOf(code, test.bodyClose) };
  // What else is asserted may well be false of another input.
  const cuts = [...assertions.map((span): Cut => ({ ...span, text: span.start === asserted.start ? OBSERVED : "" })), ...(isObserved ? [] : [change])];
  const inside = cuts.map((cut) => ({ ...cut, start: cut.start - body.start, end: cut.end - body.start }));
  const shown = code.source.slice(observed.start, observed.end);
  const own = isObserved ? [{ ...change, start: change.start - observed.start, end: change.end - observed.start }] : [];
  return { body: spliced(code.source.slice(body.start, body.end), inside).trim(), observed: spliced(shown, own) };
}

const MARKS = ["bakeoff saw <<", ">> bakeoff"] as const;

/** The name of the probe of an input, by its place in the list. */
export const probeName = (index: number): string => `bakeoff_probe_${index}`;

/** What the probes' file holds where they are to tell. */
export const ASKED = "tell";

/** A test for each input that passes, and fails with what it saw where the file of this name beside the manifest says `ASKED`. */
export function probes({ head, inputs }: FurtherInputs, file: string): string {
  const isAsked = `matches!(::std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/${file}")), Ok(text) if text == b"${ASKED}")`;
  return inputs
    .map(({ body, observed }, index) => {
      const seen = body.replace(OBSERVED, () => `::std::panic!("${MARKS[0]}{:?}${MARKS[1]}", ${observed});`);
      return `\n\n${head}${probeName(index)}() {\nif ${isAsked} {\n${seen}\n}\n}`;
    })
    .join("");
}

/** What a probe saw; null where it came to no end, or more was printed than is kept. */
export function readProbe(output: string): string | null {
  const start = output.indexOf(MARKS[0]);
  const end = output.indexOf(MARKS[1], start);
  return start < 0 || end < 0 ? null : output.slice(start + MARKS[0].length, end);
}

/** A value that the repaired tree gives for an input. */
export interface SeenInput extends FurtherInput {
  readonly value: string;
}

/** The test that holds the repaired tree's values. */
export const furtherTest = (head: string, name: string, seen: readonly SeenInput[]): string =>
  `\n\n${head}${name}() {\n${seen
    .map(({ body, observed, value }) => {
      const asserted = body.replace(OBSERVED, () => `assert_eq!(::std::format!("{:?}", ${observed}), ${rustString(value)});`);
      return `{\n${asserted}\n}`;
    })
    .join("\n")}\n}`;

const rustString = (text: string): string =>
  `"${text.replaceAll(/[\\"\p{Cc}]/gu, (sign) => (sign === "\\" || sign === '"' ? `\\${sign}` : `\\u{${sign.codePointAt(0)?.toString(16) ?? "0"}}`))}"`;

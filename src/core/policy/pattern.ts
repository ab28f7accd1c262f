// Which regular expressions may be used for redaction: those that compile and can't be made to run forever.
import { messageOf } from "../base/errors.ts";

/** What is wrong with a pattern (`what: way out`), or null. Patterns are compiled with the flag `u`. */
export function patternFault(pattern: string): string | null {
  const compiled = compile(pattern);
  if (typeof compiled === "string") return `not a regular expression: ${compiled}`;
  if (compiled.test("")) return "it matches the empty text, so every text: make it ask for something";
  if (/\\[1-9]|\\k</.test(pattern)) return "back-references take a time that nobody can bound: write the pattern without";
  if (nestsRepeats(pattern)) return "a repeated group that holds repeats or alternatives can take a time that nobody can bound: unroll it";
  const varying = [...tokensOf(pattern)].filter(({ token, varies }) => varies && token !== "(");
  if (varying.filter(({ most }) => most > FEW).length > MOST_REPEATS)
    return `more than ${MOST_REPEATS} unbounded repeats can take a time that nobody can bound: bound some, as {1,20} does`;
  if (varying.length > MOST_VARYING) return `more than ${MOST_VARYING} repeats of no fixed number can take a time that nobody can bound: fix some, as {8} does`;
  return null;
}

/** A longer range counts as unbounded. */
const FEW = 20;

/** Each unbounded repeat may multiply the time by the length of the text. */
const MOST_REPEATS = 3;

/** Each repeat of variable length multiplies the ways to match a text. */
const MOST_VARYING = 10;

/** A repeated group with such repeats, or alternatives, raises the ways of one round to the power of the number of rounds. */
const MOST_ROUNDS = 4;

function compile(pattern: string): RegExp | string {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    return messageOf(error);
  }
}

/** True if a group that repeats many times can match the same text in more than one way, at any depth. */
function nestsRepeats(pattern: string): boolean {
  const open: { ambiguous: boolean }[] = [];
  let group = { ambiguous: false };
  for (const { token, most, varies } of tokensOf(pattern)) {
    if (token === "(") {
      open.push(group);
      group = { ambiguous: false };
    } else if (token === ")") {
      if (most > MOST_ROUNDS && group.ambiguous) return true;
      const inner = group;
      group = open.pop() ?? inner;
      group.ambiguous ||= inner.ambiguous || varies;
    } else group.ambiguous ||= varies || token === "|";
  }
  return false;
}

/** An escape, a class, or one character, each with the quantifier after it; `(?` reads as a parenthesis with one. */
const TOKEN = /(\\.|\[(?:\\.|[^\]\\])*\]|[^])([*+]\??|\{\d+(?:,\d*)?\}\??|\?)?/gu;

interface Token {
  readonly token: string;
  /** The maximum number of repeats, and whether it may repeat less often. */
  readonly most: number;
  readonly varies: boolean;
}

function* tokensOf(pattern: string): Generator<Token> {
  for (const [, token = "", quantifier = ""] of pattern.matchAll(TOKEN)) yield { token, ...repeatsOf(quantifier) };
}

function repeatsOf(quantifier: string): Omit<Token, "token"> {
  if (/^[*+]/.test(quantifier)) return { most: Number.POSITIVE_INFINITY, varies: true };
  if (quantifier === "?") return { most: 1, varies: true };
  const [, least = "1", most = least] = /^\{(\d+)(?:,(\d*))?\}/.exec(quantifier) ?? [];
  return { most: most === "" ? Number.POSITIVE_INFINITY : Number(most), varies: least !== most };
}

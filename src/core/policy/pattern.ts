// Which regular expressions may redact: those that compile and can't be made to run for ages.
import { messageOf } from "../base/errors.ts";

/** What is wrong with a pattern (`what: way out`), or null. Patterns are compiled with the flag `u`. */
export function patternFault(pattern: string): string | null {
  const compiled = compile(pattern);
  if (typeof compiled === "string") return `not a regular expression: ${compiled}`;
  if (compiled.test("")) return "it matches the empty text, so every text: make it ask for something";
  if (/\\[1-9]|\\k</.test(pattern)) return "back-references take a time that nobody can bound: write the pattern without";
  if (nestsRepeats(pattern)) return "a repeated group that holds repeats or alternatives can take a time that nobody can bound: unroll it";
  if (unboundedRepeats(pattern) > MOST_REPEATS)
    return `more than ${MOST_REPEATS} unbounded repeats can take a time that nobody can bound: bound some, as {1,20} does`;
  return null;
}

/** Each unbounded repeat may multiply the time by the length of the text. */
const MOST_REPEATS = 3;

const unboundedRepeats = (pattern: string): number => [...tokensOf(pattern)].filter(({ unbounded }) => unbounded).length;

function compile(pattern: string): RegExp | string {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    return messageOf(error);
  }
}

/** True where a group that repeats without bound holds another such repeat, or alternatives: both may match one text in many ways. */
function nestsRepeats(pattern: string): boolean {
  const open: { repeats: boolean; alternatives: boolean }[] = [];
  let group = { repeats: false, alternatives: false };
  for (const { token, unbounded } of tokensOf(pattern)) {
    if (token === "(") {
      open.push(group);
      group = { repeats: false, alternatives: false };
    } else if (token === ")") {
      if (unbounded && (group.repeats || group.alternatives)) return true;
      const repeats = unbounded || group.repeats;
      group = open.pop() ?? group;
      group.repeats ||= repeats;
    } else {
      group.alternatives ||= token === "|";
      group.repeats ||= unbounded;
    }
  }
  return false;
}

/** An escape, a class, or one character, each with the quantifier after it. */
const TOKEN = /(\\.|\[(?:\\.|[^\]\\])*\]|[^])([*+]\??|\{\d+(?:,\d*)?\}\??|\?)?/gu;

/** A range of more than a few counts as unbounded. */
function* tokensOf(pattern: string): Generator<{ readonly token: string; readonly unbounded: boolean }> {
  for (const [, token = "", quantifier = ""] of pattern.matchAll(TOKEN)) yield { token, unbounded: isUnbounded(quantifier) };
}

function isUnbounded(quantifier: string): boolean {
  if (/^[*+]/.test(quantifier)) return true;
  const most = /^\{(?:\d+,)?(\d*)\}/.exec(quantifier)?.[1];
  return most !== undefined && (most === "" || Number(most) > 20);
}

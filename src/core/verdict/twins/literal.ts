// Changes one Rust literal to another value of the same type, which is drawn.
import type { Random } from "../../base/random.ts";
import type { TokenKind } from "../../rust/tokens.ts";

const integer = /^(0x[0-9a-fA-F_]{1,40}?|0o[0-7_]{1,60}|0b[01_]{1,130}|[0-9][0-9_]{0,60})([iu](?:8|16|32|64|128|size))?$/;
const decimal = /^[0-9][0-9_]{0,60}(?:\.[0-9_]{0,60})?(?:[eE][+-]?[0-9_]{1,10})?(?:f32|f64)?$/;

/** What a changed number differs by. */
const STEPS = [-1n, 1n, -2n, 2n, -3n, 3n, -10n, 10n];
const LETTERS = [..."xyzqjk"];
const DIGITS = [..."123456789"];

/** One of the others, so that nobody who is asked about both can tell which of them is meant. */
const other = (random: Random, all: readonly string[], one: string): string => random.pick(all.filter((each) => each !== one));

function changeNumber(text: string, random: Random): string | null {
  if (text.length > 140) return null;
  const [, digits, suffix = ""] = integer.exec(text) ?? [];
  if (digits === undefined) return decimal.test(text) ? `${random.pick(DIGITS)}${text}` : null;
  const plain = digits.replaceAll("_", "");
  if (plain === "0x") return null;
  return `${changeInteger(BigInt(plain), random)}${suffix}`;
}

const bits = (value: bigint): number => value.toString(2).length;

/** No longer in bits, so that it is of the same type, whichever that is. */
function changeInteger(value: bigint, random: Random): bigint {
  return random.pick(STEPS.map((step) => value + step).filter((changed) => changed >= 0n && bits(changed) <= bits(value)));
}

/** A byte string keeps its length, which is part of its type. */
function changeByteString(text: string, random: Random): string | null {
  const at = text.indexOf('"') + 1;
  const first = text[at] ?? "";
  return /^[A-Za-z0-9 ]$/.test(first) ? text.slice(0, at) + other(random, LETTERS, first) + text.slice(at + 1) : null;
}

function changeString(text: string, random: Random): string | null {
  const quote = text.lastIndexOf('"');
  if (quote < 1 && text[0] === '"') return null;
  return text.startsWith("b") ? changeByteString(text, random) : `${text.slice(0, quote)}${random.pick(LETTERS)}${text.slice(quote)}`;
}

function changeChar(text: string, random: Random): string {
  const [prefix, char] = text.startsWith("b") ? ["b", text.slice(1)] : ["", text];
  return `${prefix}'${other(random, LETTERS, char.slice(1, -1))}'`;
}

/** Another value of the literal's type; null if the token is not a literal or has no safe alternative. */
export function changeLiteral(kind: TokenKind, text: string, random: Random): string | null {
  if (kind === "number") return changeNumber(text, random);
  if (kind === "string") return changeString(text, random);
  if (kind === "char") return changeChar(text, random);
  if (kind === "ident" && (text === "true" || text === "false")) return text === "true" ? "false" : "true";
  return null;
}

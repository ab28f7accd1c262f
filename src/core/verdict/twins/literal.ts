// Changes one Rust literal to another value of the same type.
import type { TokenKind } from "../../rust/tokens.ts";

const integer = /^(0x[0-9a-fA-F_]{1,40}?|0o[0-7_]{1,60}|0b[01_]{1,130}|[0-9][0-9_]{0,60})([iu](?:8|16|32|64|128|size))?$/;
const decimal = /^[0-9][0-9_]{0,60}(?:\.[0-9_]{0,60})?(?:[eE][+-]?[0-9_]{1,10})?(?:f32|f64)?$/;

function changeNumber(text: string): string | null {
  if (text.length > 140) return null;
  const [, digits, suffix = ""] = integer.exec(text) ?? [];
  if (digits === undefined) return decimal.test(text) ? `1${text}` : null;
  const plain = digits.replaceAll("_", "");
  if (plain === "0x") return null;
  const value = BigInt(plain);
  return `${value === 0n ? 1n : value - 1n}${suffix}`;
}

/** A byte string keeps its length, which is part of its type. */
function changeByteString(text: string): string | null {
  const at = text.indexOf('"') + 1;
  const first = text[at] ?? "";
  return /^[A-Za-z0-9 ]$/.test(first) ? text.slice(0, at) + (first === "x" ? "y" : "x") + text.slice(at + 1) : null;
}

function changeString(text: string): string | null {
  const quote = text.lastIndexOf('"');
  if (quote < 1 && text[0] === '"') return null;
  return text.startsWith("b") ? changeByteString(text) : `${text.slice(0, quote)}x${text.slice(quote)}`;
}

function changeChar(text: string): string {
  const [prefix, char] = text.startsWith("b") ? ["b", text.slice(1)] : ["", text];
  return `${prefix}${char === "'x'" ? "'y'" : "'x'"}`;
}

/** Another value of the literal's type; null if the token is not a literal or has no safe alternative. */
export function changeLiteral(kind: TokenKind, text: string): string | null {
  if (kind === "number") return changeNumber(text);
  if (kind === "string") return changeString(text);
  if (kind === "char") return changeChar(text);
  if (kind === "ident" && (text === "true" || text === "false")) return text === "true" ? "false" : "true";
  return null;
}

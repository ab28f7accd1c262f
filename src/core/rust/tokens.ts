// Splits Rust source into tokens, tolerant of anything: never throws, linear in the length of the source.

export type TokenKind = "ident" | "lifetime" | "string" | "char" | "number" | "punct" | "open" | "close" | "comment";

/** One token; offsets are UTF-16 code units, `end` is exclusive. Everything between two tokens is white space. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

const identStart = /^[\p{XID_Start}_]$/u;
const identContinue = /^[\p{XID_Continue}_]$/u;
const longPuncts = ["..=", "...", "..", "::", "->", "=>"];

function charAt(source: string, offset: number): string {
  const point = source.codePointAt(offset);
  return point === undefined ? "" : String.fromCodePoint(point);
}

function isAsciiWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

function startsIdent(source: string, offset: number): boolean {
  const code = source.charCodeAt(offset);
  if (code < 128) return isAsciiWord(code) && !(code >= 48 && code <= 57);
  return identStart.test(charAt(source, offset));
}

function isDigit(source: string, offset: number): boolean {
  const code = source.charCodeAt(offset);
  return code >= 48 && code <= 57;
}

function wordEnd(source: string, from: number): number {
  let offset = from;
  while (offset < source.length) {
    const code = source.charCodeAt(offset);
    if (code < 128 ? !isAsciiWord(code) : !identContinue.test(charAt(source, offset))) break;
    offset += code < 128 ? 1 : charAt(source, offset).length;
  }
  return offset;
}

/** Rust's Pattern_White_Space. */
function isSpace(code: number): boolean {
  return (code >= 9 && code <= 13) || code === 32 || code === 0x85 || code === 0x200e || code === 0x200f || code === 0x2028 || code === 0x2029;
}

function lineEnd(source: string, from: number): number {
  const offset = source.indexOf("\n", from);
  return offset < 0 ? source.length : offset;
}

function blockCommentEnd(source: string, from: number): number {
  let depth = 1;
  let offset = from + 2;
  for (; offset < source.length && depth > 0; offset += 1) {
    const pair = source.charCodeAt(offset) * 256 + source.charCodeAt(offset + 1);
    if (pair === 42 * 256 + 47) depth -= 1;
    else if (pair === 47 * 256 + 42) depth += 1;
    else continue;
    offset += 1;
  }
  return Math.min(offset, source.length);
}

function quotedEnd(source: string, quote: number): number {
  for (let offset = quote + 1; offset < source.length; offset += 1) {
    const code = source.charCodeAt(offset);
    if (code === 92) offset += 1;
    else if (code === 34) return offset + 1;
  }
  return source.length;
}

function rawStringEnd(source: string, quote: number, hashes: number): number {
  const found = source.indexOf(`"${"#".repeat(hashes)}`, quote + 1);
  return found < 0 ? source.length : found + 1 + hashes;
}

/** End of the char literal that opens at `quote`, or -1 if there is none. */
function charEnd(source: string, quote: number): number {
  if (source[quote + 1] !== "\\") {
    const close = quote + 1 + charAt(source, quote + 1).length;
    return source[close] === "'" && source[quote + 1] !== "'" ? close + 1 : -1;
  }
  for (let offset = quote + 3; offset < Math.min(source.length, quote + 32); offset += 1) {
    if (source[offset] === "'") return offset + 1;
    if (source[offset] === "\n") return -1;
  }
  return -1;
}

function digitsEnd(source: string, from: number): number {
  let offset = from;
  while (isDigit(source, offset) || source[offset] === "_") offset += 1;
  return offset;
}

function numberEnd(source: string, from: number, afterDot: boolean): number {
  let offset = digitsEnd(source, from);
  if (afterDot) return offset;
  if (/^0[xob]/.test(source.slice(from, from + 2))) return wordEnd(source, offset);
  if (source[offset] === "." && source[offset + 1] !== "." && !startsIdent(source, offset + 1)) offset = digitsEnd(source, offset + 1);
  return wordEnd(source, /^[eE][+-][0-9]/.test(source.slice(offset, offset + 3)) ? offset + 2 : offset);
}

function apostrophe(source: string, start: number): Token {
  const end = charEnd(source, start);
  if (end > 0) return { kind: "char", start, end };
  const name = source.startsWith("r#", start + 1) ? start + 3 : start + 1;
  if (startsIdent(source, name)) return { kind: "lifetime", start, end: wordEnd(source, name) };
  return { kind: "punct", start, end: start + 1 };
}

/** A token whose prefix ends in r: a raw string, a raw identifier, or just a name. */
function rawWord(source: string, start: number, end: number): Token {
  let mark = end;
  while (source[mark] === "#") mark += 1;
  if (source[mark] === '"') return { kind: "string", start, end: rawStringEnd(source, mark, mark - end) };
  const isRaw = mark === end + 1 && end === start + 1 && startsIdent(source, mark);
  return { kind: "ident", start, end: isRaw ? wordEnd(source, mark) : end };
}

/** An identifier, or the string or byte literal that it is the prefix of. */
function word(source: string, start: number): Token {
  const end = wordEnd(source, start);
  const text = end - start > 2 ? "" : source.slice(start, end);
  if (text === "r" || text === "br" || text === "cr") return rawWord(source, start, end);
  const isPrefix = text === "b" || text === "c";
  if (isPrefix && source[end] === '"') return { kind: "string", start, end: quotedEnd(source, end) };
  const close = text === "b" && source[end] === "'" ? charEnd(source, end) : -1;
  return close > 0 ? { kind: "char", start, end: close } : { kind: "ident", start, end };
}

function symbol(source: string, start: number): Token {
  const long = longPuncts.find((punct) => source.startsWith(punct, start));
  if (long !== undefined) return { kind: "punct", start, end: start + long.length };
  const char = charAt(source, start);
  const kind = "([{".includes(char) ? "open" : ")]}".includes(char) ? "close" : "punct";
  return { kind, start, end: start + char.length };
}

function tokenAt(source: string, start: number, afterDot: boolean): Token {
  if (source.startsWith("//", start)) return { kind: "comment", start, end: lineEnd(source, start) };
  if (source.startsWith("/*", start)) return { kind: "comment", start, end: blockCommentEnd(source, start) };
  if (source[start] === '"') return { kind: "string", start, end: quotedEnd(source, start) };
  if (source[start] === "'") return apostrophe(source, start);
  if (isDigit(source, start)) return { kind: "number", start, end: numberEnd(source, start, afterDot) };
  return startsIdent(source, start) ? word(source, start) : symbol(source, start);
}

/** End of the `#!/usr/bin/…` line, 0 if there is none (`#![…]` is an attribute). */
function shebangEnd(source: string): number {
  if (!source.startsWith("#!")) return 0;
  let offset = 2;
  while (offset < source.length && isSpace(source.charCodeAt(offset))) offset += 1;
  return source[offset] === "[" || /^\/[/*]/.test(source.slice(offset, offset + 2)) ? 0 : lineEnd(source, 0);
}

/** All tokens of a file in order; every character that no token covers is white space. A shebang line is a comment. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let offset = source.startsWith("\uFEFF") ? 1 : 0;
  const shebang = shebangEnd(source);
  if (shebang > 0) tokens.push({ kind: "comment", start: 0, end: (offset = shebang) });
  let afterDot = false;
  while (offset < source.length) {
    if (isSpace(source.charCodeAt(offset))) {
      offset += 1;
      continue;
    }
    const token = tokenAt(source, offset, afterDot);
    tokens.push(token);
    if (token.kind !== "comment") afterDot = token.end - token.start === 1 && source[token.start] === ".";
    offset = token.end;
  }
  return tokens;
}

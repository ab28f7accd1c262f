// A Rust file as tokens with their delimiter pairs: what the item finder, the guard and the sentinels work on.
import { tokenize } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** A file's significant tokens: comments are left out, except outer doc comments, which act as attributes. */
export interface Code {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** Index of the matching delimiter, or -1. */
  readonly pairs: Int32Array;
  /** True if every delimiter is matched. */
  readonly balanced: boolean;
}

/**
 * For each token the index of its matching delimiter, or -1. An unmatched closing delimiter is skipped; an opening one that an
 * outer closing one cuts off stays unmatched.
 */
export function matchDelimiters(source: string, tokens: readonly Token[]): Int32Array {
  const pairs = new Int32Array(tokens.length).fill(-1);
  const stack: number[] = [];
  const waiting = new Map<string, number>();
  const count = (bracket: string, change: number) => waiting.set(bracket, (waiting.get(bracket) ?? 0) + change);
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "open") {
      stack.push(index);
      count(source[token.start] ?? "", 1);
    } else if (token.kind === "close") {
      const partner = "([{"[")]}".indexOf(source[token.start] ?? ")")] ?? "(";
      if ((waiting.get(partner) ?? 0) > 0) pairOff(index, partner);
    }
  }
  function pairOff(close: number, partner: string): void {
    for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
      const bracket = source[tokens[open]?.start ?? 0] ?? "";
      count(bracket, -1);
      if (bracket !== partner) continue;
      pairs[open] = close;
      pairs[close] = open;
      return;
    }
  }
  return pairs;
}

function isOuterDoc(source: string, { start, end }: Token): boolean {
  const head = source.slice(start, start + 4);
  if (head.startsWith("///")) return head[3] !== "/";
  return head.startsWith("/**") && head[3] !== "*" && end - start > 4;
}

/** Tokens and delimiter pairs of a file. */
export function readCode(source: string): Code {
  const tokens = tokenize(source).filter((token) => token.kind !== "comment" || isOuterDoc(source, token));
  const pairs = matchDelimiters(source, tokens);
  const balanced = tokens.every(({ kind }, index) => (kind !== "open" && kind !== "close") || pairs[index] !== -1);
  return { source, tokens, pairs, balanced };
}

/** The text of a token, "" beyond the ends; a raw identifier `r#x` reads as `x`. */
export function textOf(code: Code, index: number): string {
  const token = code.tokens[index];
  if (token === undefined) return "";
  const isRaw = token.kind === "ident" && code.source.startsWith("r#", token.start);
  return code.source.slice(isRaw ? token.start + 2 : token.start, token.end);
}

/** Offset of a token's start; the file's end beyond the last token. */
export function startOf(code: Code, index: number): number {
  return code.tokens[index]?.start ?? code.source.length;
}

/** Offset after a token; the file's end beyond the last token. */
export function endOf(code: Code, index: number): number {
  return code.tokens[index]?.end ?? code.source.length;
}

/** Index of the closing delimiter; the last token if it never closes. */
export function closeOf(code: Code, open: number): number {
  const close = code.pairs[open] ?? -1;
  return close > open ? close : code.tokens.length - 1;
}

/** Whether the token opens a pair of delimiters that closes. */
export function isMatchedOpen(code: Code, index: number): boolean {
  return (code.pairs[index] ?? -1) > index;
}

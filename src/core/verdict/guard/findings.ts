// What the static rules look for in a Rust file: each finder lists its findings as text, once per occurrence.
import { closeOf, isMatchedOpen, readCode, textOf } from "../../rust/code.ts";
import type { Code } from "../../rust/code.ts";
import { readItems, testModules } from "../../rust/items.ts";
import { readPaths } from "../../rust/paths.ts";
import type { RustPath } from "../../rust/paths.ts";

/** A file as the finders see it. `raw identifiers` read as the identifiers themselves. */
export interface GuardedFile {
  readonly code: Code;
  readonly paths: readonly RustPath[];
  /** 1 for the tokens of test-only modules. */
  readonly inTests: Uint8Array;
}

export type Finder = (file: GuardedFile) => string[];

const maxTextChars = 160;

function markTests(code: Code): Uint8Array {
  const marks = new Uint8Array(code.tokens.length);
  let at = 0;
  for (const { start, end } of testModules(readItems(code))) {
    while ((code.tokens[at]?.start ?? end) < start) at += 1;
    for (; (code.tokens[at]?.start ?? end) < end; at += 1) marks[at] = 1;
  }
  return marks;
}

/** Reads a file for the finders. */
export function readGuardedFile(source: string): GuardedFile {
  const code = readCode(source);
  return { code, paths: readPaths(code), inTests: markTests(code) };
}

/** Text of the tokens from `first` to `last`, with uniform spacing, clipped if long. */
function textBetween(code: Code, first: number, last: number): string {
  let text = "";
  for (let at = first; at <= last && text.length < maxTextChars; at += 1) text += textOf(code, at).slice(0, maxTextChars);
  return text;
}

/** A macro call with its arguments, which belong to what is counted; else the identifier alone. */
function callText(code: Code, at: number): string {
  const isCall = textOf(code, at + 1) === "!" && code.tokens[at + 2]?.kind === "open";
  return isCall ? textBetween(code, at, closeOf(code, at + 2)) : textOf(code, at);
}

/** Finds identifiers for which `isFound` holds, with their arguments if they are called as macros. */
export function identifiers(isFound: (code: Code, at: number, text: string) => boolean): Finder {
  return ({ code }) => {
    const found: string[] = [];
    for (const [at, token] of code.tokens.entries()) if (token.kind === "ident" && isFound(code, at, textOf(code, at))) found.push(callText(code, at));
    return found;
  };
}

/** Finds these identifiers anywhere. */
export function identifiersNamed(...names: readonly string[]): Finder {
  const wanted = new Set(names);
  return identifiers((_code, _at, text) => wanted.has(text));
}

/** Finds calls of these macros. */
export function macroCalls(...names: readonly string[]): Finder {
  const wanted = new Set(names);
  return identifiers((code, at, text) => wanted.has(text) && textOf(code, at + 1) === "!" && textOf(code, at + 2) !== "=");
}

/** Finds paths in which a segment of `owners` is followed by one of `members`, by `*`, or by a macro's variable. */
export function members(owners: readonly string[], wanted: readonly string[]): Finder {
  const isMember = (text: string) => wanted.includes(text) || text === "*" || text.startsWith("$");
  return ({ paths }) =>
    paths
      .filter(({ segments }) => segments.some((text, at) => at > 0 && owners.includes(segments[at - 1] ?? "") && isMember(text)))
      .map(({ segments }) => segments.join("::"));
}

/** Finds the path of a macro of the standard library. */
export function standardMacro(name: string): Finder {
  const owners = new Set(["std", "core", "$crate"]);
  return ({ paths }) =>
    paths.filter(({ segments }) => segments.at(-1) === name && owners.has(segments.at(-2) ?? "")).map(({ segments }) => segments.join("::"));
}

/** Finds `use … owner as name`, which would hide the paths that begin with it. */
export function renamed(...owners: readonly string[]): Finder {
  return ({ paths }) =>
    paths
      .filter((path) => path.renamed !== null && owners.includes(path.segments.at(-1) ?? ""))
      .map(({ segments, renamed: name }) => `${segments.join("::")} as ${name}`);
}

/** Finds `use … as name` for these names. */
export function renamedTo(names: ReadonlySet<string>): Finder {
  return ({ paths }) => paths.filter((path) => names.has(path.renamed ?? "")).map(({ segments, renamed: name }) => `${segments.join("::")} as ${name}`);
}

/** Finds `$name!(…)`: a macro whose name comes from a macro's variable. */
export const splicedMacros: Finder = ({ code }) =>
  code.tokens.flatMap((token, at) => {
    const isSpliced = token.kind === "ident" && textOf(code, at - 1) === "$" && textOf(code, at + 1) === "!";
    return isSpliced && code.tokens[at + 2]?.kind === "open" ? [`$${textOf(code, at)}!`] : [];
  });

/** Finds inner attributes `#![…]`, except documentation. */
export const innerAttributes: Finder = ({ code }) => {
  const found: string[] = [];
  for (let at = 0; at < code.tokens.length; at += 1) {
    if (textOf(code, at) !== "#" || textOf(code, at + 1) !== "!" || textOf(code, at + 2) !== "[") continue;
    const last = isMatchedOpen(code, at + 2) ? closeOf(code, at + 2) : at + 3;
    if (textOf(code, at + 3) !== "doc") found.push(textBetween(code, at, last));
    at = last;
  }
  return found;
};

/** Finds `path = "…"` within attributes. */
export const pathAttributes: Finder = ({ code }) => {
  let end = -1;
  return code.tokens.flatMap((_token, at) => {
    if (textOf(code, at) === "#" && textOf(code, at + 1) === "[") end = Math.max(end, closeOf(code, at + 1));
    return at < end && textOf(code, at) === "path" && textOf(code, at + 1) === "=" ? [textBetween(code, at, at + 2)] : [];
  });
};

const cfgWords = new Set(["cfg", "cfg_attr", "cfg_select", "cfg_match"]);

/** Finds `cfg` attributes and macros about `test`, outside test-only modules. */
export const testConditions: Finder = ({ code, inTests }) => {
  const found: string[] = [];
  let nextTest = Number.POSITIVE_INFINITY;
  for (let at = code.tokens.length - 1; at >= 0; at -= 1) {
    if (code.tokens[at]?.kind !== "ident") continue;
    const text = textOf(code, at);
    if (text === "test") nextTest = at;
    const open = textOf(code, at + 1) === "!" ? at + 2 : at + 1;
    const isCall = cfgWords.has(text) && code.tokens[open]?.kind === "open";
    if (isCall && inTests[at] === 0 && nextTest < closeOf(code, open)) found.push(textBetween(code, at, closeOf(code, open)));
  }
  return found.toReversed();
};

/** Finds `macro_rules! name` and `macro name` for these names, or for a name that comes from a macro's variable. */
export function macroDefinitions(names: ReadonlySet<string>): Finder {
  return ({ code }) =>
    code.tokens.flatMap((token, at) => {
      if (token.kind !== "ident" || (textOf(code, at) !== "macro_rules" && textOf(code, at) !== "macro")) return [];
      const name = textOf(code, textOf(code, at + 1) === "!" ? at + 2 : at + 1);
      return names.has(name) || name === "$" ? [`macro_rules! ${name}`] : [];
    });
}

/** Finds `extern "…" { … }` blocks. */
export const foreignBlocks: Finder = ({ code }) =>
  code.tokens.flatMap((token, at) => {
    if (token.kind !== "ident" || textOf(code, at) !== "extern") return [];
    const abi = code.tokens[at + 1]?.kind === "string" ? at + 1 : at;
    return textOf(code, abi + 1) === "{" ? [`extern ${abi > at ? textOf(code, abi) : ""} block`] : [];
  });

function decoded(text: string): string {
  return text
    .replaceAll(/\\x([0-7][0-9a-fA-F])|\\u\{0*([0-9a-fA-F]{1,5})\}/g, (_all, byte?: string, point?: string) =>
      String.fromCodePoint(Number.parseInt(byte ?? point ?? "0", 16)),
    )
    .replaceAll(/\\\r?\n\s*/g, "");
}

/** Finds string literals whose value contains `/proc`. */
export const procStrings: Finder = ({ code }) =>
  code.tokens.flatMap(({ kind }, at) => {
    if (kind !== "string") return [];
    const value = decoded(textOf(code, at));
    return /\/proc(?:\/|"|$)/.test(value) ? [value.slice(0, maxTextChars)] : [];
  });

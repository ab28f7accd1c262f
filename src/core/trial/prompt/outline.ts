// A repository outline that is the same for every task of a base: its Rust files and the names of their public items.
//
// It stands at the head of every prompt, so it must be the same for all tasks (one cached prefix), and so it can't be
// made from a task's broken tree. Made from the clean base alone it would give answers away: a signature that a break
// changed, an item that it made private, renamed or left out. Hence two rules. Names only: most breaks change what a
// name stands for, not the name, and whole signatures would not fit the budget anyway. And only names that the clean
// base *and the broken tree of every task* have in the same place: a model reads nothing here that its own tree doesn't
// say too. What remains to be read is an absence (some task, not necessarily this one, touches that name), which leaving
// out all editable files would not avoid either: it would just leave out nearly everything.
import { matcher } from "../../base/glob.ts";
import type { Base, Task } from "../../suite/suite.ts";
import type { Content } from "../../text/edit.ts";
import { closeOf, type Code, isMatchedOpen, readCode, textOf } from "../../rust/code.ts";
import { readItems } from "../../rust/items.ts";
import { estimateTokens } from "./text.ts";

/** One public name of a file. Methods carry their type's name: `Lexer::new`. */
interface PublicName {
  readonly kind: string;
  readonly name: string;
}

interface OutlinedFile {
  readonly path: string;
  readonly names: readonly PublicName[];
}

const itemKinds = new Set(["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"]);
const fnQualifiers = new Set(["const", "async", "unsafe", "extern"]);
const MAX_MODULE_DEPTH = 16;

/** The outline of a base within a token budget. `tasks`: all of the suite; those of other bases are passed over. */
export function repositoryOutline(base: Base, tasks: readonly Task[], tokens: number): string {
  const files = outlinedFiles(
    base,
    tasks.filter((task) => task.base.digest === base.digest),
  );
  const renderings = [
    files.map(({ path, names }) => line(path, names)),
    files.map(({ path, names }) =>
      line(
        path,
        names.filter(({ kind }) => kind !== "method"),
      ),
    ),
    files.map(({ path }) => path),
  ].map((lines) => lines.join("\n"));
  const fitting = renderings.find((text) => estimateTokens(text) <= tokens);
  return (
    fitting ??
    cutLines(
      files.map(({ path }) => path),
      tokens,
    )
  );
}

function cutLines(lines: readonly string[], tokens: number): string {
  for (let count = lines.length - 1; count >= 0; count -= 1) {
    const text = [...lines.slice(0, count), `… ${lines.length - count} more files`].join("\n");
    if (estimateTokens(text) <= tokens) return text;
  }
  return "";
}

function line(path: string, names: readonly PublicName[]): string {
  const items = names.filter(({ kind }) => kind !== "method");
  const methods = names.flatMap(({ kind, name }) => (kind === "method" ? [name] : []));
  const texts = [...items.map(({ kind, name }) => `${kind} ${name}`), ...methods];
  return texts.length > 0 ? `${path}: ${texts.join(", ")}` : path;
}

function outlinedFiles(base: Base, tasks: readonly Task[]): OutlinedFile[] {
  const isHidden = matcher(base.hidden);
  const paths = [...base.tree.keys()].filter((path) => path.endsWith(".rs") && !isHidden(path)).toSorted();
  return paths.flatMap((path) => {
    const versions = [base.tree.get(path), ...tasks.flatMap(({ broken }) => (broken.has(path) ? [broken.get(path)] : []))];
    return versions.every((version) => typeof version === "string") ? [{ path, names: commonNames(versions) }] : [];
  });
}

function commonNames(versions: readonly Content[]): PublicName[] {
  const [first = [], ...others] = versions.map((version) => (typeof version === "string" ? publicNames(version) : []));
  const keys = others.map((names) => new Set(names.map(keyOf)));
  return first.filter((name) => keys.every((known) => known.has(keyOf(name))));
}

const keyOf = ({ kind, name }: PublicName): string => `${kind} ${name}`;

/** Public items of a file in source order, each once; test-only modules are left out. */
function publicNames(source: string): PublicName[] {
  const code = readCode(source);
  const tests = readItems(code).modules.filter(({ isTest }) => isTest);
  const isTestCode = (at: number): boolean => tests.some(({ start, end }) => at >= start && at < end);
  const found = namesBetween(code, { from: 0, to: code.tokens.length, prefix: "", depth: 0 });
  const kept = found.flatMap(({ at, ...name }) => (isTestCode(at) ? [] : [name]));
  return [...new Map(kept.map((name) => [keyOf(name), name])).values()];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly prefix: string;
  readonly depth: number;
}

type FoundName = PublicName & { readonly at: number };

/** Walks tokens where items stand; bodies are stepped over, except those of public modules and inherent impls. */
function namesBetween(code: Code, stretch: Stretch): FoundName[] {
  const names: FoundName[] = [];
  for (let index = stretch.from; index < stretch.to; index += 1) {
    const found = nameAt(code, index, stretch);
    if (found) names.push(found);
    if (!isMatchedOpen(code, index)) continue;
    const inner = textOf(code, index) === "{" ? innerPrefix(code, index, stretch) : null;
    const close = closeOf(code, index);
    if (inner !== null) names.push(...namesBetween(code, { from: index + 1, to: close, prefix: inner, depth: stretch.depth + 1 }));
    index = close;
  }
  return names;
}

/** The public item that is declared at a token, if one is. */
function nameAt(code: Code, index: number, { prefix }: Stretch): FoundName | null {
  const at = code.tokens[index]?.start ?? 0;
  if (textOf(code, index) === "macro_rules" && textOf(code, index + 1) === "!") {
    return { kind: "macro", name: textOf(code, index + 2), at };
  }
  if (textOf(code, index) !== "pub" || textOf(code, index + 1) === "(") return null;
  const keyword = itemKeyword(code, index + 1);
  const kind = textOf(code, keyword);
  if (!itemKinds.has(kind) || code.tokens[keyword + 1]?.kind !== "ident") return null;
  return { kind: kind === "fn" && isTypePrefix(prefix) ? "method" : kind, name: prefix + textOf(code, keyword + 1), at };
}

/** Steps over `const`, `async`, `unsafe` and `extern "C"` before `fn`; `const NAME:` is an item of its own. */
function itemKeyword(code: Code, index: number): number {
  const isItem = textOf(code, index) === "const" && textOf(code, index + 2) === ":";
  const isQualifier = fnQualifiers.has(textOf(code, index)) || code.tokens[index]?.kind === "string";
  return isQualifier && !isItem ? itemKeyword(code, index + 1) : index;
}

/** Methods are told from functions of inline modules by their prefix: types are written in capitals. */
const isTypePrefix = (prefix: string): boolean => /(?:^|::)\p{Lu}\w*::$/u.test(prefix);

/** What the names within a brace begin with: of a `pub mod` or an inherent impl; null for all other braces. */
function innerPrefix(code: Code, open: number, { prefix, depth, from }: Stretch): string | null {
  if (depth >= MAX_MODULE_DEPTH) return null;
  if (textOf(code, open - 2) === "mod") return textOf(code, open - 3) === "pub" ? `${prefix}${textOf(code, open - 1)}::` : null;
  const words = headWords(code, open, from);
  const start = words.indexOf("impl");
  if (start < 0 || words.includes("for") || words.includes("fn")) return null;
  const name = typeName(words.slice(start + 1));
  return name === "" ? null : `${prefix}${name}::`;
}

/** The tokens before a brace back to the end of the item before it, in order; at most 100. */
function headWords(code: Code, open: number, from: number): string[] {
  const words: string[] = [];
  for (let index = open - 1; index >= from && words.length < 100; index -= 1) {
    const text = textOf(code, index);
    if (text === "}" || text === ";" || text === "]") break;
    words.unshift(text);
  }
  return words;
}

/** The last name of the path that an impl is for, its generics left out. */
function typeName(words: readonly string[]): string {
  let depth = 0;
  let name = "";
  for (const word of words) {
    if (word === "where") break;
    if (word === "<") depth += 1;
    else if (word === ">") depth -= 1;
    else if (depth === 0 && /^\p{Lu}/u.test(word)) name = word;
  }
  return name;
}

// Finds the modules, test modules and test functions of a Rust file by its tokens, without a full parser.
import { closeOf, endOf, isMatchedOpen, startOf, textOf } from "./code.ts";
import type { Code } from "./code.ts";
import { tokenize } from "./tokens.ts";

/** One outer attribute, `start` at its `#`. `words` are its identifiers, of which the path is `path`. */
export interface Attribute {
  readonly path: string;
  readonly words: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** `mod name { … }` or `mod name;`; offsets span its attributes and doc comments too. */
export interface ModuleItem {
  readonly name: string;
  /** Names of the enclosing modules of the file, outermost first. */
  readonly parents: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Offset of the closing brace; null for `mod name;` and for a module that never closes. */
  readonly closing: number | null;
  /** Compiled for tests only: `#[cfg(test)]`, `#[cfg(all(test, …))]`. */
  readonly isTest: boolean;
}

/** One test function; token indexes refer to the `Code` it was found in. */
export interface TestFunction {
  readonly name: string;
  readonly modulePath: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly shouldPanic: boolean;
  readonly ignored: boolean;
  /** Offsets of the whole item with its attributes and doc comments. */
  readonly start: number;
  readonly end: number;
  readonly firstToken: number;
  readonly nameToken: number;
  /** Tokens of the body's braces. */
  readonly bodyOpen: number;
  readonly bodyClose: number;
  /** The innermost enclosing `mod {}`; null at file level. */
  readonly module: ModuleItem | null;
}

export interface RustItems {
  readonly modules: readonly ModuleItem[];
  readonly tests: readonly TestFunction[];
}

/** Deeper modules are skipped: their paths alone would cost quadratic space. */
const maxModuleDepth = 64;
const qualifiers = new Set(["pub", "crate", "const", "async", "unsafe", "extern", "default", "safe"]);

function readAttribute(code: Code, first: number): Attribute {
  const last = closeOf(code, first + 1);
  const words: string[] = [];
  let path = "";
  let inPath = true;
  for (let index = first + 2; index < last; index += 1) {
    const isWord = code.tokens[index]?.kind === "ident";
    inPath &&= isWord || textOf(code, index) === "::";
    if (inPath) path += textOf(code, index);
    if (isWord) words.push(textOf(code, index));
  }
  return { path, words, first, last };
}

function argumentStarts(code: Code, open: number): number[] {
  const starts: number[] = [];
  let isStart = true;
  for (let next = open + 1; next < closeOf(code, open); next += 1) {
    if (isStart) starts.push(next);
    if (isMatchedOpen(code, next)) next = closeOf(code, next);
    isStart = textOf(code, next) === ",";
  }
  return starts;
}

/** Whether the cfg predicate that begins at `index` can only hold under test. */
function requiresTest(code: Code, index: number, depth = 0): boolean {
  const word = textOf(code, index);
  if (textOf(code, index + 1) !== "(") return word === "test" && /^[,)]$/.test(textOf(code, index + 1));
  if ((word !== "all" && word !== "any") || depth > 32 || !isMatchedOpen(code, index + 1)) return false;
  const found = argumentStarts(code, index + 1).map((start) => requiresTest(code, start, depth + 1));
  return word === "all" ? found.includes(true) : found.length > 0 && !found.includes(false);
}

function isCfgTest(code: Code, attribute: Attribute): boolean {
  return attribute.path === "cfg" && textOf(code, attribute.first + 3) === "(" && requiresTest(code, attribute.first + 4);
}

/** Attributes and doc comments from `index` on; `next` is the token after them. */
function readAttributes(code: Code, index: number): { attributes: Attribute[]; next: number } {
  const attributes: Attribute[] = [];
  let next = index;
  for (;;) {
    if (code.tokens[next]?.kind === "comment") next += 1;
    else if (textOf(code, next) === "#" && textOf(code, next + 1) === "[" && isMatchedOpen(code, next + 1)) {
      attributes.push(readAttribute(code, next));
      next = closeOf(code, next + 1) + 1;
    } else return { attributes, next };
  }
}

function skipQualifiers(code: Code, index: number): number {
  let next = index;
  while (qualifiers.has(textOf(code, next)) || (next > index && code.tokens[next]?.kind === "string")) {
    const isScoped = textOf(code, next) === "pub" && textOf(code, next + 1) === "(";
    next = isScoped ? closeOf(code, next + 1) + 1 : next + 1;
  }
  return next;
}

/** The brace that opens the body of the function named at `index`; -1 if there is none before the next item. */
function bodyOf(code: Code, index: number): number {
  for (let next = index + 1; next < code.tokens.length; next += 1) {
    const text = textOf(code, next);
    if (text === "{") return isMatchedOpen(code, next) ? next : -1;
    if (text === ";" || text === "}" || text === "#") return -1;
    if (isMatchedOpen(code, next)) next = closeOf(code, next);
  }
  return -1;
}

class Scan {
  readonly modules: ModuleItem[] = [];
  readonly tests: TestFunction[] = [];
  private readonly open: { readonly item: ModuleItem; readonly closeToken: number }[] = [];
  private readonly code: Code;

  constructor(code: Code) {
    this.code = code;
  }

  /** Walks items only: bodies of functions, impls and macros are skipped. */
  run(): RustItems {
    const { code } = this;
    for (let index = 0; index < code.tokens.length; ) {
      while (this.open.length > 0 && index > (this.open.at(-1)?.closeToken ?? 0)) this.open.pop();
      index = this.step(index);
    }
    return { modules: this.modules, tests: this.tests };
  }

  private step(index: number): number {
    const { attributes, next } = readAttributes(this.code, index);
    const keyword = skipQualifiers(this.code, next);
    const named = this.code.tokens[keyword + 1]?.kind === "ident";
    if (named && textOf(this.code, keyword) === "mod") return this.module(index, keyword, attributes);
    if (named && textOf(this.code, keyword) === "fn") this.function(index, keyword, attributes);
    if (keyword > index) return keyword;
    return isMatchedOpen(this.code, index) ? closeOf(this.code, index) + 1 : index + 1;
  }

  private readonly parents = (): string[] => this.open.map(({ item }) => item.name);

  private module(index: number, keyword: number, attributes: readonly Attribute[]): number {
    const { code } = this;
    const opener = keyword + 2;
    const isInline = textOf(code, opener) === "{";
    if ((!isInline && textOf(code, opener) !== ";") || this.open.length >= maxModuleDepth) return opener;
    const isEndless = isInline && !isMatchedOpen(code, opener);
    const closeToken = isInline ? closeOf(code, opener) : opener;
    const item: ModuleItem = {
      name: textOf(code, keyword + 1),
      parents: this.parents(),
      start: startOf(code, index),
      end: isEndless ? code.source.length : endOf(code, closeToken),
      closing: isInline && !isEndless ? startOf(code, closeToken) : null,
      isTest: attributes.some((attribute) => isCfgTest(code, attribute)),
    };
    this.modules.push(item);
    if (isInline) this.open.push({ item, closeToken });
    return opener + 1;
  }

  private function(index: number, keyword: number, attributes: readonly Attribute[]): void {
    if (!attributes.some(({ path }) => path === "test" || path.endsWith("::test"))) return;
    const { code } = this;
    const bodyOpen = bodyOf(code, keyword + 1);
    if (bodyOpen < 0) return;
    const bodyClose = closeOf(code, bodyOpen);
    this.tests.push({
      name: code.source.slice(startOf(code, keyword + 1), endOf(code, keyword + 1)),
      modulePath: this.parents(),
      attributes,
      shouldPanic: attributes.some(({ words }) => words.includes("should_panic")),
      ignored: attributes.some(({ words }) => words.includes("ignore")),
      start: startOf(code, index),
      end: endOf(code, bodyClose),
      firstToken: index,
      nameToken: keyword + 1,
      bodyOpen,
      bodyClose,
      module: this.open.at(-1)?.item ?? null,
    });
  }
}

/** All modules and test functions of a file in item position, in source order. */
export function readItems(code: Code): RustItems {
  return new Scan(code).run();
}

/** Outermost test-only modules, in source order. */
export function testModules(items: RustItems): ModuleItem[] {
  let covered = -1;
  return items.modules.filter(({ isTest, start, end }) => {
    if (!isTest || start < covered) return false;
    covered = end;
    return true;
  });
}

/** Whether the keyword `unsafe` occurs in code (not in comments or strings; `r#unsafe` is a name). */
export function hasUnsafe(source: string): boolean {
  return tokenize(source).some(({ kind, start, end }) => kind === "ident" && source.slice(start, end) === "unsafe");
}

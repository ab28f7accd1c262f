// The test functions of a source file, told apart by place and name, and which of them a commit wrote or changed.
import { readCode, textOf } from "../../rust/code.ts";
import { readItems, type TestFunction, testModules } from "../../rust/items.ts";
import type { Tree } from "../../text/edit.ts";
import { tokenize } from "../../rust/tokens.ts";

export interface SourceTest {
  readonly path: string;
  /** Inline modules around it, outermost first. */
  readonly modules: readonly string[];
  readonly name: string;
  /** With its attributes and doc comments. */
  readonly text: string;
  /** Its text before the repair, where it was there. */
  readonly earlier?: string;
  /** Made of another test to be held out: nobody wrote it. */
  readonly isDerived?: true;
}

export const testKey = ({ path, modules, name }: Pick<SourceTest, "path" | "modules" | "name">): string => `${path}#${[...modules, name].join("::")}`;

export const sourceTest = (path: string, source: string, test: TestFunction): SourceTest => ({
  path,
  modules: test.modulePath,
  name: test.name,
  text: source.slice(test.start, test.end),
});

/** Tests that run by default: ignored ones judge nothing. */
export function testsIn(path: string, source: string): SourceTest[] {
  const code = readCode(source);
  if (!code.balanced) return [];
  return readItems(code)
    .tests.filter(({ ignored }) => !ignored)
    .map((test) => sourceTest(path, source, test));
}

/** Tests that are new in `after`, or read differently there. */
export function changedTests(path: string, before: string | null, after: string): SourceTest[] {
  const known = new Map(testsIn(path, before ?? "").map((test) => [testKey(test), test.text]));
  return testsIn(path, after).flatMap((test): SourceTest[] => {
    const earlier = known.get(testKey(test));
    if (earlier === undefined) return [test];
    return bareCode(earlier) === bareCode(test.text) ? [] : [{ ...test, earlier }];
  });
}

/** The tokens alone: how code is laid out, and what is said about it, does not matter. */
export const bareCode = (text: string): string =>
  tokenize(text)
    .filter(({ kind }) => kind !== "comment")
    .map(({ start, end }) => text.slice(start, end))
    .join(" ");

/** A file's text; null where it is not there, or no text. */
export function treeText(tree: Tree, path: string): string | null {
  const content = tree.get(path);
  return typeof content === "string" ? content : null;
}

/** Every identifier of a source, comments and strings aside. */
export function namesIn(source: string): Set<string> {
  const names = tokenize(source).flatMap(({ kind, start, end }) => (kind === "ident" ? [source.slice(start, end)] : []));
  return new Set(names);
}

const PLACE_MACROS = new Set(["include", "include_str", "include_bytes", "module_path", "file", "line", "column"]);

/** Is a function of this name called without arguments, as a test can be? Methods and functions of other paths may share it. */
function isCalled(source: string, name: string): boolean {
  const code = readCode(source);
  return code.tokens.some((_, index) => {
    if (textOf(code, index) !== name || textOf(code, index + 1) !== "(" || textOf(code, index + 2) !== ")") return false;
    const before = textOf(code, index - 1);
    return before === "::" ? ["self", "super"].includes(textOf(code, index - 2)) : before !== "." && before !== "fn";
  });
}

/** Can the test stand in another file? Not where another calls it, or what it says depends on where it stands. */
export function isMovable(source: string, { name, text }: Pick<SourceTest, "name" | "text">): boolean {
  if (isCalled(source, name)) return false;
  const code = readCode(text);
  return !code.tokens.some(({ kind }, index) => {
    const word = kind === "ident" ? textOf(code, index) : "";
    return word === "mod" || ((PLACE_MACROS.has(word) || word.endsWith("snapshot")) && textOf(code, index + 1) === "!");
  });
}

/** Does a test stand outside of the modules that are compiled for tests only? It could not be put back after a patch. */
export function hasLooseTests(source: string): boolean {
  const items = readItems(readCode(source));
  const modules = testModules(items);
  return items.tests.some((test) => !modules.some(({ start, end }) => start <= test.start && test.end <= end));
}

/** A source without what is compiled for tests only. */
export function withoutTests(source: string): string {
  const items = readItems(readCode(source));
  const spans = [...testModules(items), ...items.tests.filter(({ module }) => module?.isTest !== true)];
  return spans.toSorted((a, b) => b.start - a.start).reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), source);
}

// Takes tests out of a source file into a module file of their own, which can be hidden: by tokens, so that strings and comments are safe.
import { type Code, readCode, startOf, textOf } from "../../rust/code.ts";
import { type ModuleItem, readItems, type TestFunction } from "../../rust/items.ts";
import { assertionsOf, sourceTest, testKey } from "./source-test.ts";

export interface HeldOut {
  /** The file without the tests that were taken out, and with a declaration of their module. */
  readonly visible: string;
  readonly hidden: readonly { readonly path: string; readonly source: string }[];
}

export interface HoldOutRequest {
  readonly path: string;
  readonly source: string;
  /** Keys of the tests to take out. */
  readonly whole: ReadonlySet<string>;
  /** Keys of tests that go as they are, and stay with the first half of their assertions. */
  readonly halved: ReadonlySet<string>;
  /** Is the file the root of a crate? */
  readonly isRoot: boolean;
  readonly isTaken: (path: string) => boolean;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Null where the file can't be taken apart: unbalanced, or a module without an end. */
export function holdOut(request: HoldOutRequest): HeldOut | null {
  const code = readCode(request.source);
  if (!code.balanced) return null;
  const groups = new Map<ModuleItem | null, TestFunction[]>();
  for (const test of readItems(code).tests) {
    const key = testKey(sourceTest(request.path, request.source, test));
    if (request.whole.has(key) || request.halved.has(key)) groups.set(test.module, [...(groups.get(test.module) ?? []), test]);
  }
  const name = freeName(request, [...groups.keys()]);
  const hidden: { path: string; source: string }[] = [];
  const cuts: Cut[] = [];
  for (const [module, tests] of groups) {
    if (module !== null && module.closing === null) return null;
    const place = modulePlace(request, module, name);
    hidden.push({ path: place.path, source: hiddenSource(code, tests) });
    cuts.push(declaration(request.source, module, name, place.attribute), ...tests.flatMap((test) => cutsOf(request, code, test)));
  }
  return { visible: spliced(request.source, cuts), hidden };
}

/** What is taken out of the visible file: all of a test, or its later assertions. */
function cutsOf(request: HoldOutRequest, code: Code, test: TestFunction): Cut[] {
  if (request.whole.has(testKey(sourceTest(request.path, request.source, test)))) {
    return [{ ...withIndent(request.source, test), text: "" }];
  }
  const assertions = assertionsOf(code, test);
  return assertions.slice(Math.ceil(assertions.length / 2)).map((span) => ({ ...withIndent(request.source, span), text: "" }));
}

/** With the white space before it on its line, and the line's end: no gap is left to point at. */
function withIndent(source: string, { start, end }: { readonly start: number; readonly end: number }): { start: number; end: number } {
  let from = start;
  while (from > 0 && (source[from - 1] === " " || source[from - 1] === "\t")) from -= 1;
  const ownLine = (from === 0 || source[from - 1] === "\n") && source[end] === "\n";
  return ownLine ? { start: from, end: end + 1 } : { start, end };
}

function declaration(source: string, module: ModuleItem | null, name: string, attribute: string): Cut {
  const text = `#[cfg(test)]\n${attribute}mod ${name};\n`;
  const place = module?.closing ?? source.length;
  return { start: place, end: place, text: source[place - 1] === "\n" || place === 0 ? text : `\n${text}` };
}

/** `heldout`, or that with a number where the file has that name already, or another file lies where one would go. */
function freeName(request: HoldOutRequest, modules: readonly (ModuleItem | null)[]): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? "heldout" : `heldout${count}`;
    const isFree = modules.every((module) => !request.isTaken(modulePlace(request, module, name).path));
    if (isFree && !request.source.includes(name)) return name;
  }
}

/** The module path of an identity as it was before its test was set aside. */
export const withoutHeldOut = (id: string): string => id.replace(/(^|::|\/)heldout\d*::(?=[^:]+$)/, "$1");

/**
 * Where rustc looks for the module (Rust Reference, "Module source filenames" and "The path attribute"). Beside a crate root
 * of `tests/` or `src/bin/` cargo would take a file for a target of its own, so that it goes one folder down; in a file that
 * was itself brought in by `#[path]` rustc would look beside it, so that the place is always told.
 */
function modulePlace(request: HoldOutRequest, module: ModuleItem | null, name: string): { readonly path: string; readonly attribute: string } {
  const folder = request.path.includes("/") ? request.path.slice(0, request.path.lastIndexOf("/") + 1) : "";
  const file = request.path.slice(folder.length);
  const stem = file.replace(/\.rs$/, "");
  if (module !== null) {
    const own = request.isRoot || file === "mod.rs" ? "" : `${stem}/`;
    return { path: `${folder}${own}${[...module.parents, module.name].join("/")}/${name}.rs`, attribute: "" };
  }
  if (file === "mod.rs") return { path: `${folder}${name}.rs`, attribute: "" };
  return { path: `${folder}${stem}/${name}.rs`, attribute: `#[path = "${stem}/${name}.rs"]\n` };
}

function hiddenSource(code: Code, tests: readonly TestFunction[]): string {
  return `#[allow(unused_imports)]\nuse super::*;\n${tests.map((test) => `\n${oneDeeper(code, test)}\n`).join("")}`;
}

/** A test's text for a module one step further in: paths that begin with `super` or `self` are led to the same place. */
function oneDeeper(code: Code, test: TestFunction): string {
  const parts: string[] = [];
  let place = test.start;
  for (let index = test.firstToken; index <= test.bodyClose; index++) {
    const word = textOf(code, index);
    const opensPath = textOf(code, index + 1) === "::" && textOf(code, index - 1) !== "::" && (word === "super" || word === "self");
    if (!opensPath) continue;
    const start = startOf(code, index);
    parts.push(code.source.slice(place, start), word === "super" ? "super::super" : "super");
    place = start + word.length;
  }
  return parts.join("") + code.source.slice(place, test.end);
}

function spliced(source: string, cuts: readonly Cut[]): string {
  const parts: string[] = [];
  let place = 0;
  for (const { start, end, text } of cuts.toSorted((a, b) => a.start - b.start)) {
    parts.push(source.slice(place, start), text);
    place = end;
  }
  return parts.join("") + source.slice(place);
}

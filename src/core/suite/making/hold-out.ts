// Takes tests out of a source file into a module file of their own, which can be hidden: by tokens, so that strings and comments are safe.
import { type Code, readCode } from "../../rust/code.ts";
import { type ModuleItem, readItems, type TestFunction } from "../../rust/items.ts";
import { assertingHelpers, laterHalf } from "./assertions.ts";
import { macroImports } from "./macro-imports.ts";
import { sourceTest, testKey } from "./source-test.ts";
import { type Cut, oneDeeper, spliced, withIndent } from "./surgery.ts";

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
  /** Tests that go as they are, and stay with the first half of their new assertions: their keys, and what they were before. */
  readonly halved: ReadonlyMap<string, string | null>;
  /** Is the file the root of a crate? */
  readonly isRoot: boolean;
  readonly isTaken: (path: string) => boolean;
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
  const helpers = assertingHelpers(request.source);
  const hidden: { path: string; source: string }[] = [];
  const cuts: Cut[] = [];
  for (const [module, tests] of groups) {
    if (module !== null && module.closing === null) return null;
    const place = modulePlace(request, module, name);
    hidden.push({ path: place.path, source: hiddenSource(code, module, tests) });
    cuts.push(declaration(request.source, module, name, place.attribute), ...tests.flatMap((test) => cutsOf(request, code, test, helpers)));
  }
  return { visible: spliced(request.source, cuts), hidden };
}

/** What is taken out of the visible file: all of a test, or its later assertions. */
function cutsOf(request: HoldOutRequest, code: Code, test: TestFunction, helpers: ReadonlySet<string>): Cut[] {
  if (request.whole.has(testKey(sourceTest(request.path, request.source, test)))) {
    return [{ ...withIndent(request.source, test), text: "" }];
  }
  const earlier = request.halved.get(testKey(sourceTest(request.path, request.source, test))) ?? null;
  return laterHalf(code, test, helpers, earlier).map((span) => ({ ...withIndent(request.source, span), text: "" }));
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

function hiddenSource(code: Code, module: ModuleItem | null, tests: readonly TestFunction[]): string {
  return `#[allow(unused_imports)]\nuse super::*;\n${macroImports(code, module)}${tests.map((test) => `\n${oneDeeper(code, test)}\n`).join("")}`;
}

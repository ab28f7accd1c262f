// Moves tests that stand among a source's own items into a test module, where they can be held out and put back after a patch.
import { type Code, readCode } from "../../rust/code.ts";
import { type ModuleItem, readItems, type TestFunction, testModules } from "../../rust/items.ts";
import type { Content } from "../../text/edit.ts";
import { macroImports } from "./macro-imports.ts";
import type { Repair } from "./repair.ts";
import { pathKind } from "./source-path.ts";
import { testKey, testsIn } from "./source-test.ts";
import { type Cut, oneDeeper, spliced, withIndent } from "./surgery.ts";

const MODULE = "loose_tests";

/** The source with its loose tests in a module `loose_tests` at the end of the module that they stood in; itself where it has none. */
export function withGatheredTests(source: string): string {
  const code = readCode(source);
  const items = readItems(code);
  const covered = testModules(items);
  const loose = items.tests.filter((test) => !covered.some(({ start, end }) => start <= test.start && test.end <= end));
  if (loose.length === 0 || !code.balanced || source.includes(MODULE)) return source;
  const groups = new Map<ModuleItem | null, TestFunction[]>();
  for (const test of loose) groups.set(test.module, [...(groups.get(test.module) ?? []), test]);
  const cuts = [...groups].flatMap(([module, tests]): Cut[] => [
    ...tests.map((test) => ({ ...withIndent(source, test), text: "" })),
    gathered(code, module, tests),
  ]);
  return spliced(source, cuts);
}

function gathered(code: Code, module: ModuleItem | null, tests: readonly TestFunction[]): Cut {
  const place = module?.closing ?? code.source.length;
  const head = code.source[place - 1] === "\n" || place === 0 ? "" : "\n";
  const imports = `#[allow(unused_imports)]\nuse super::*;\n${macroImports(code, module)}`;
  const text = `${head}\n#[cfg(test)]\nmod ${MODULE} {\n${imports}${tests.map((test) => `\n${oneDeeper(code, test)}\n`).join("")}}\n`;
  return { start: place, end: place, text };
}

const gather = <T extends Content | null>(path: string, content: T): T | string =>
  typeof content === "string" && pathKind(path) === "source" ? withGatheredTests(content) : content;

/** The repair with the loose tests of its sources gathered, before it and after it alike. */
export function gatherRepair(repair: Repair): Repair {
  const clean = new Map([...repair.clean].map(([path, content]) => [path, repair.before.has(path) ? gather(path, content) : content] as const));
  const before = new Map([...repair.before].map(([path, content]) => [path, gather(path, content)] as const));
  const tests = repair.tests.flatMap((test) => {
    const source = clean.get(test.path);
    if (typeof source !== "string" || source === repair.clean.get(test.path)) return [test];
    const moved = { ...test, modules: [...test.modules, MODULE] };
    const now = testsIn(test.path, source).filter((other) => [testKey(test), testKey(moved)].includes(testKey(other)));
    return now.map((other) => (test.earlier === undefined ? other : { ...other, earlier: test.earlier }));
  });
  return { ...repair, clean, before, tests };
}

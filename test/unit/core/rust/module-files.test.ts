// Tests of where a module's file is looked for, and of declarations that are led elsewhere.
import { describe, expect, it } from "vitest";
import { moduleDeclarations, withModulePlaces } from "../../../../src/core/rust/module-files.ts";

describe("the candidates of a declaration", () => {
  it.each([
    ["src/lib.rs", "mod a;", ["src/a.rs", "src/a/mod.rs"]],
    ["src/deep.rs", "mod a;", ["src/a.rs", "src/a/mod.rs", "src/deep/a.rs", "src/deep/a/mod.rs"]],
    ["src/lib.rs", "mod tests { mod a; }", ["src/tests/a.rs", "src/tests/a/mod.rs"]],
    ["src/x.rs", '#[path = "x/a.rs"]\nmod held;', ["src/x/a.rs"]],
    ["src/x.rs", '#[path = "../up/a.rs"] mod held;', ["up/a.rs"]],
    ["src/x.rs", 'mod t { #[path = "a.rs"] mod held; }', ["src/t/a.rs", "src/x/t/a.rs"]],
    ["lib.rs", "pub(crate) mod a;", ["a.rs", "a/mod.rs"]],
  ])("in %s: %s", (path, source, expected) => {
    expect(moduleDeclarations(path, source)[0]?.candidates).toEqual(expect.arrayContaining(expected));
  });

  it("are those of modules in files of their own alone", () => {
    expect(moduleDeclarations("src/lib.rs", 'mod a { fn x() {} }\n// mod b;\nconst T: &str = "mod c;";\nmod open {')).toEqual([]);
  });

  it("tell whether a module is compiled for tests only", () => {
    const source = "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\nmod tests { mod c; }\n#[cfg(not(test))]\nmod d;\n";
    expect(moduleDeclarations("src/lib.rs", source).map(({ item, isTest }) => [item.name, isTest])).toEqual([
      ["a", false],
      ["b", true],
      ["c", true],
      ["d", false],
    ]);
  });
});

describe("a declaration that is led elsewhere", () => {
  const place = (path: string, source: string) => withModulePlaces(path, source, ({ isTest }) => (isTest ? "/w/x1/held.rs" : null));

  it("keeps its line, its attributes and its neighbours", () => {
    const source = "mod a;\n\n/// Kept.\n#[cfg(test)]\nmod held;\nfn b() {}\n";
    expect(place("src/lib.rs", source)).toBe('mod a;\n\n#[path = "/w/x1/held.rs"] /// Kept.\n#[cfg(test)]\nmod held;\nfn b() {}\n');
  });

  it("loses the place that it named itself", () => {
    expect(place("src/x.rs", '#[cfg(test)]\n#[path = "x/held.rs"]\nmod held;\n')).toBe('#[path = "/w/x1/held.rs"] #[cfg(test)]\n\nmod held;\n');
  });
});

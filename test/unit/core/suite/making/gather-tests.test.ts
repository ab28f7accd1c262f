import { describe, expect, it } from "vitest";
import { readCode } from "../../../../../src/core/rust/code.ts";
import { readItems } from "../../../../../src/core/rust/items.ts";
import { gatherRepair, withGatheredTests } from "../../../../../src/core/suite/making/gather-tests.ts";
import { macroImports } from "../../../../../src/core/suite/making/macro-imports.ts";
import { hasLooseTests, testKey, testsIn } from "../../../../../src/core/suite/making/source-test.ts";

const LOOSE = `use std::fmt;

pub fn words(s: &str) -> usize {
    s.split(' ').count()
}

/// Counts one.
#[test]
fn one() {
    assert_eq!(words("a"), 1);
}

mod inner {
    #[test]
    fn deep() {
        assert_eq!(super::words("a b"), 2);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn kept() {}
}
`;

describe("withGatheredTests", () => {
  const gathered = withGatheredTests(LOOSE);

  it("moves each loose test into a test module of the module that it stood in", () => {
    expect(hasLooseTests(gathered)).toBe(false);
    expect(testsIn("src/lib.rs", gathered).map(testKey).toSorted()).toEqual([
      "src/lib.rs#inner::loose_tests::deep",
      "src/lib.rs#loose_tests::one",
      "src/lib.rs#tests::kept",
    ]);
    expect(gathered).toContain("/// Counts one.");
    expect(gathered).toContain("super::super::words");
    expect(readCode(gathered).balanced).toBe(true);
  });

  it("leaves the sources themselves as they were", () => expect(gathered).toContain("pub fn words(s: &str) -> usize {\n    s.split(' ').count()\n}\n"));

  it.each([
    ["without loose tests", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {}\n}\n"],
    ["that is not balanced", "#[test]\nfn a() { ( }\n"],
    ["that has the name already", "mod loose_tests {}\n#[test]\nfn a() {}\n"],
    ["that is empty", ""],
  ])("leaves a source alone %s", (_, source) => expect(withGatheredTests(source)).toBe(source));

  it("does the same to both sides of a repair, and names its tests anew", () => {
    const before = LOOSE.replace("split(' ')", "split(',')");
    const tests = testsIn("src/lib.rs", LOOSE);
    const facts = { id: "a", title: "a", origin: "commit a", message: "a" };
    const repair = gatherRepair({ ...facts, clean: new Map([["src/lib.rs", LOOSE]]), before: new Map([["src/lib.rs", before]]), tests });
    expect(repair.clean.get("src/lib.rs")).toBe(gathered);
    expect(repair.before.get("src/lib.rs")).toBe(gathered.replace("split(' ')", "split(',')"));
    expect(repair.tests.map(testKey).toSorted()).toEqual(testsIn("src/lib.rs", gathered).map(testKey).toSorted());
  });

  it("leaves integration tests where they are: they stand in no module", () => {
    const facts = { id: "a", title: "a", origin: "commit a", message: "a" };
    const [source, path] = ["#[test]\nfn a() {}\n", "tests/a.rs"];
    const repair = { ...facts, clean: new Map([[path, source]]), before: new Map([[path, source]]), tests: testsIn(path, source) };
    expect(gatherRepair(repair)).toEqual(repair);
  });
});

describe("macroImports", () => {
  const importsOf = (source: string, name: string | null) => {
    const code = readCode(source);
    return macroImports(code, readItems(code).modules.find((item) => item.name === name) ?? null);
  };

  it("names the macros that a module imports in place of the prelude's", () => {
    const source = "mod tests {\n    use super::*;\n    use pretty_assertions::{assert_eq, assert_ne as assert_ne};\n    fn f() { use other::panic; }\n}\n";
    expect(importsOf(source, "tests")).toBe("#[allow(unused_imports)]\nuse super::assert_eq;\n#[allow(unused_imports)]\nuse super::assert_ne;\n");
    expect(importsOf(source, null)).toBe("");
  });

  it("reads those of a file, and takes no path for a name", () => {
    expect(importsOf("use pretty_assertions::assert_eq;\nuse vec::Thing;\nuse a::format as other;\n", null)).toBe(
      "#[allow(unused_imports)]\nuse super::assert_eq;\n",
    );
    expect(importsOf("use std::fmt;\n", null)).toBe("");
  });
});

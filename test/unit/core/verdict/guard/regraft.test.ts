// Tests of putting the base's test modules back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regraftedFile, regraftTestModules } from "../../../../../src/core/verdict/guard/regraft.ts";
import { readCode } from "../../../../../src/core/rust/code.ts";
import { readItems, testModules } from "../../../../../src/core/rust/items.ts";
import { rustish } from "../rustish.ts";

const tests = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() { assert_eq!(f(), 1); }\n}";
const base = `fn f() -> u8 { 2 }\n\n${tests}\n\nfn g() {}\n`;

describe("regraftTestModules", () => {
  it("keeps a patch that leaves the tests alone, byte for byte", () => {
    const patched = base.replace("2", "1").replace("fn g", "\r\nfn h() {}  fn g");
    expect(regraftTestModules(base, patched)).toBe(patched);
  });

  it("restores a gutted test module in its place", () => {
    const patched = base.replace("2", "1").replace("assert_eq!(f(), 1);", "");
    expect(regraftTestModules(base, patched)).toBe(base.replace("2", "1"));
  });

  it("restores dropped and added attributes", () => {
    for (const attributes of ["", "#[cfg(any())]\n", "#[cfg(any())]\n#[cfg(test)]\n", "#[cfg(not(test))]\n"]) {
      expect(regraftTestModules(base, base.replace("#[cfg(test)]\n", attributes))).toBe(base);
    }
  });

  it("appends a deleted test module to the file", () => {
    expect(regraftTestModules(base, "fn f() {}")).toBe(`fn f() {}\n${tests}\n`);
  });

  it("puts a deleted nested test module back into its parent", () => {
    const nested = `mod a { fn f() {} ${tests} }\nfn z() {}`;
    const result = regraftTestModules(nested, "mod a { fn f() {}  }\nfn z() {}");
    expect(result).toBe(`mod a { fn f() {}  \n${tests}\n}\nfn z() {}`);
  });

  it("removes test modules that the base lacks", () => {
    expect(regraftTestModules("fn f() {}\n", "fn f() {}\n#[cfg(test)] mod more { fn x() {} }\n")).toBe("fn f() {}\n\n");
  });

  it("turns an inlined declaration back", () => {
    expect(regraftTestModules("#[cfg(test)]\nmod t;\n", "#[cfg(test)]\nmod t { }\n")).toBe("#[cfg(test)]\nmod t;\n");
  });

  it("restores a declaration with its path attribute", () => {
    const declared = '#[cfg(test)]\n#[path = "t.rs"]\nmod t;\n';
    expect(regraftTestModules(declared, declared.replace("t.rs", "evil.rs"))).toBe(declared);
  });

  it("keeps two modules of one name in order", () => {
    const two = "#[cfg(test)] mod t { a }\n#[cfg(test)] mod t { b }\n";
    expect(regraftTestModules(two, two.replace("{ a }", "{ x }").replace("{ b }", "{ y }"))).toBe(two);
  });

  it("keeps modules of one name in different parents apart, and finds the parent of one that is gone", () => {
    const of = (parent: string, body: string) => `mod ${parent} { #[cfg(test)] mod t { ${body} } }\n`;
    const nested = of("p", "a") + of("q", "b");
    expect(regraftTestModules(nested, of("q", "x") + of("p", "y"))).toBe(of("q", "b") + of("p", "a"));
    expect(regraftTestModules(nested, "mod p { }\nmod q { }\n")).toBe("mod p { \n#[cfg(test)] mod t { a }\n}\nmod q { \n#[cfg(test)] mod t { b }\n}\n");
    expect(regraftTestModules(of("p", "a"), "mod other { }\n")).toBe("mod other { }\n\n#[cfg(test)] mod t { a }\n");
  });

  it("takes a plain module for a test module in disguise only where the base has no plain one of that name", () => {
    expect(regraftTestModules("#[cfg(test)] mod t { a }\nmod u { }\n", "mod t { b }\nmod u { c }\n")).toBe("#[cfg(test)] mod t { a }\nmod u { c }\n");
    expect(regraftTestModules("mod t { }\n#[cfg(test)] mod t { a }\n", "mod t { b }\n")).toBe("mod t { b }\n\n#[cfg(test)] mod t { a }\n");
  });

  it("takes out what a patch adds beside a module that it keeps", () => {
    const own = "#[cfg(test)] mod t { a }\n";
    expect(regraftTestModules(own, `${own}#[cfg(test)] mod t { b }\n#[cfg(test)] mod v { c }\n`).trimEnd()).toBe(own.trimEnd());
  });

  it("keeps a production module that shares its name with a test module", () => {
    const both = "#[cfg(not(test))] mod t { a }\n#[cfg(test)] mod t { b }\n";
    expect(regraftTestModules(both, both.replace("{ a }", "{ x }").replace("{ b }", "{ y }"))).toBe(both.replace("{ a }", "{ x }"));
  });

  it("restores a module that was moved into a macro", () => {
    const result = regraftTestModules(base, `macro_rules! m { () => { ${tests.replace("1", "2")} } }`);
    expect(result.endsWith(`\n${tests}\n`)).toBe(true);
  });

  it("restores a module that was hidden in a comment", () => {
    expect(regraftTestModules(base, `fn f() {} /* ${tests} */`).endsWith(`*/\n${tests}\n`)).toBe(true);
  });

  it("loses no nested module when the patch makes its parent test-only", () => {
    const nested = `mod a { ${tests} }`;
    expect(regraftTestModules(nested, `#[cfg(test)] mod a { }`)).toContain(tests);
  });

  it("restores the module into a patch with unbalanced braces", () => {
    for (const patched of [base.replace("{ 2 }", "{ 2"), base.replace("{ 2 }", "2 }}"), base.replace(/\}\n\nfn g/, "\n\nfn g"), `${base}"`, `/*${base}`]) {
      expect(regraftTestModules(base, patched)).toContain(tests);
    }
  });

  it("keeps the tests of a base whose code doesn't balance", () => {
    const broken = base.replace("{ 2 }", "{ 2");
    expect(regraftTestModules(broken, base.replace("f(), 1", "1, 1"))).toBe(base);
  });

  it("is the identity on an untouched file", () => {
    fc.assert(fc.property(rustish, (source) => regraftTestModules(source, source) === source));
  });

  it("contains every test module of the base, whatever the patch", () => {
    fc.assert(
      fc.property(rustish, rustish, (before, patched) => {
        const result = regraftTestModules(before, patched);
        for (const { start, end } of testModules(readItems(readCode(before)))) expect(result).toContain(before.slice(start, end));
      }),
    );
  });
});

describe("a changed file as it is verified", () => {
  it("keeps the base's own test modules where it is Rust, and is itself where it is not", () => {
    const gutted = base.replace("assert_eq!(f(), 1);", "");
    expect(regraftedFile("src/lib.rs", base, gutted)).toBe(base);
    expect(regraftedFile("README.md", base, gutted)).toBe(gutted);
  });
  it("has no test module of its own where the base has none, or no text", () => {
    for (const before of [undefined, "", Uint8Array.of(1)]) expect(regraftedFile("src/new.rs", before, `fn f() {}\n${tests}`)).toBe("fn f() {}\n");
  });
});

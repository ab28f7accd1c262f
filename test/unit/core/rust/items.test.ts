// Tests of finding modules and test functions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCode } from "../../../../src/core/rust/code.ts";
import { hasUnsafe, readItems, testModules } from "../../../../src/core/rust/items.ts";
import { rustish } from "../verdict/rustish.ts";

function spans(source: string): string[] {
  return testModules(readItems(readCode(source))).map(({ start, end }) => source.slice(start, end));
}

function tests(source: string) {
  return readItems(readCode(source)).tests;
}

describe("test modules", () => {
  it.each([
    ["an inline one", "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\n", ["#[cfg(test)]\nmod tests { fn b() {} }"]],
    ["a declared one", "#[cfg(test)]\nmod tests;\nfn a() {}", ["#[cfg(test)]\nmod tests;"]],
    ["all its attributes", '#[path = "t.rs"] #[cfg(test)] #[allow(x)] pub(crate) mod t;', ['#[path = "t.rs"] #[cfg(test)] #[allow(x)] pub(crate) mod t;']],
    ["its doc comments", "/// Doc.\n#[cfg(test)]\n/** More. */ mod t {}", ["/// Doc.\n#[cfg(test)]\n/** More. */ mod t {}"]],
    ["cfg(all(test, …))", '#[cfg(all(feature = "x", test))] mod t {}', ['#[cfg(all(feature = "x", test))] mod t {}']],
    ["nested all", "#[cfg(all(unix, all(test)))] mod t {}", ["#[cfg(all(unix, all(test)))] mod t {}"]],
    ["any of conditions that all need test", "#[cfg(any(test, all(test, unix)))] mod t {}", ["#[cfg(any(test, all(test, unix)))] mod t {}"]],
    ["one in another module", "mod a { mod b { #[cfg(test)] mod t { } } }", ["#[cfg(test)] mod t { }"]],
    ["the outer one only", "#[cfg(test)] mod t { #[cfg(test)] mod u {} }", ["#[cfg(test)] mod t { #[cfg(test)] mod u {} }"]],
    [
      "braces in strings and chars",
      "#[cfg(test)] mod t { const A: &str = \"}\"; const B: char = '}'; }",
      ["#[cfg(test)] mod t { const A: &str = \"}\"; const B: char = '}'; }"],
    ],
    ["two of a name", "#[cfg(test)] mod t {} #[cfg(test)] mod t {}", ["#[cfg(test)] mod t {}", "#[cfg(test)] mod t {}"]],
    ["one behind a function that never closes", "fn a() { if x { }\n#[cfg(test)] mod t { }", ["#[cfg(test)] mod t { }"]],
    ["one that never closes, to the file's end", "#[cfg(test)] mod t { fn a() {} \n", ["#[cfg(test)] mod t { fn a() {} \n"]],
  ])("include %s", (_name, source, expected) => {
    expect(spans(source)).toEqual(expected);
  });

  it.each([
    ["cfg(not(test))", "#[cfg(not(test))] mod t {}"],
    ["a condition that holds without test", "#[cfg(any(test, unix))] mod t {}"],
    ["a feature named test", '#[cfg(feature = "test")] mod t {}'],
    ["a function", "#[cfg(test)] fn t() {}"],
    ["text in a comment", "// #[cfg(test)] mod t {}\n/* #[cfg(test)] mod u {} */"],
    ["text in a string", 'const A: &str = "#[cfg(test)] mod t {}";'],
    ["a macro's body", "macro_rules! m { () => { #[cfg(test)] mod t {} } }"],
    ["a module without attributes", "mod tests {}"],
  ])("exclude %s", (_name, source) => {
    expect(spans(source)).toEqual([]);
  });
});

describe("test functions", () => {
  it("have a name, a module path, attributes and spans", () => {
    const source = 'mod a { mod b {\n/// Doc.\n#[test]\n#[should_panic(expected = "x")]\nfn works() -> R<()> { body }\n} }';
    const [test] = tests(source);
    expect(test).toMatchObject({ name: "works", modulePath: ["a", "b"], shouldPanic: true, ignored: false });
    expect(source.slice(test?.start, test?.end)).toBe(source.slice(source.indexOf("///"), source.indexOf("\n} }")));
    expect(test?.module?.name).toBe("b");
  });

  it.each([
    ["#[tokio::test] async fn a() {}", "a"],
    ['#[tokio::test(flavor = "multi_thread")] pub async fn a() {}', "a"],
    ["#[::core::prelude::v1::test] fn a() {}", "a"],
    ['#[test] unsafe extern "C" fn a() {}', "a"],
    ["#[test] fn r#fn() {}", "r#fn"],
    ["#[test] fn a<T>() where T: Fn(u8) -> [u8; 2] {}", "a"],
  ])("are recognised in %s", (source, name) => {
    expect(tests(source).map((test) => test.name)).toEqual([name]);
  });

  it.each(["fn a() {}", "#[test_case(1)] fn a() {}", "fn a() { #[test] fn b() {} }", "#[cfg(test)] fn a() {}", "#[test] fn a();", "// #[test] fn a() {}"])(
    "are absent from %s",
    (source) => {
      expect(tests(source)).toEqual([]);
    },
  );

  it("are ignored with or without a reason", () => {
    expect(tests('#[test] #[ignore] fn a() {} #[test] #[ignore = "slow"] fn b() {}').map(({ ignored }) => ignored)).toEqual([true, true]);
  });

  it("belong to the file when no module encloses them", () => {
    expect(tests("mod a {} #[test] fn b() {}")[0]).toMatchObject({ module: null, modulePath: [] });
  });

  it("are found in any text without an exception", () => {
    fc.assert(fc.property(rustish, (source) => tests(source).every(({ start, end }) => start < end)));
  });

  it("take modules nested beyond all reason in linear time", () => {
    expect(tests("mod a{".repeat(100_000))).toEqual([]);
  });
});

describe("hasUnsafe", () => {
  it.each(["unsafe { x }", "pub unsafe fn a() {}", "#[unsafe(no_mangle)] fn a() {}"])("is true for %s", (source) => {
    expect(hasUnsafe(source)).toBe(true);
  });

  it.each(["// unsafe", '"unsafe"', "fn unsafe_code() {}", "#![forbid(unsafe_code)]", "r#unsafe"])("is false for %s", (source) => {
    expect(hasUnsafe(source)).toBe(false);
  });
});

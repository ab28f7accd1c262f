// Tests made by macros, written out as functions: what the compiler would make of them.
import { describe, expect, it } from "vitest";
import { withWrittenTests } from "../../../../../src/core/suite/making/macro-tests.ts";

const bare = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** What stands behind the definitions. */
function written(macro: string, use: string): string {
  return bare(withWrittenTests(`${macro}\n// use\n${use}`).split("// use")[1] ?? "");
}

const T =
  "macro_rules! t {\n    ($name:ident : $text:expr => $to:expr) => {\n        #[test]\n        fn $name() {\n            assert_eq!($text.kebab(), $to)\n        }\n    };\n}";

describe("tests that a macro makes", () => {
  it("are the functions that its rule writes", () => {
    expect(written(T, 't!(one: "Aa" => "a-a");\nt! { two: "Bb" => "b-b" }')).toBe(
      bare('#[test] fn one() { assert_eq!("Aa".kebab(), "a-a") } #[test] fn two() { assert_eq!("Bb".kebab(), "b-b") }'),
    );
    expect(withWrittenTests(`mod tests {\n${T}\nt!(one: "A" => "a");\n}`)).toContain("fn one()");
  });

  it("keep an expression one, whatever stands beside it", () => {
    expect(written(T, "t!(one: a + b => f(x, y).z[1]);")).toContain("assert_eq!((a + b).kebab(), f(x, y).z[1])");
  });

  it("come of as many rounds as a repetition takes, with its separator and a comma at the end", () => {
    const many = "macro_rules! many { ($($name:ident: $value:expr),* $(,)?) => { $(#[test] fn $name() { let (a, b) = $value; assert_eq!(a, b); })* } }";
    expect(written(many, "many! { one: (1, 1), two: (2, 2), }")).toBe(
      "#[test] fn one() { let (a, b) = (1, 1); assert_eq!(a, b); } #[test] fn two() { let (a, b) = (2, 2); assert_eq!(a, b); }",
    );
  });

  it("come of a rule that calls another, and of the first that takes the arguments", () => {
    const two = "macro_rules! m { ($n:ident, $v:expr) => { m!($n, $v, true); }; ($n:ident, $v:expr, $b:expr) => { #[test] fn $n() { assert_eq!($v, $b); } }; }";
    expect(written(two, "m!(one, f());\nm!(two, g(), false);")).toBe(
      "#[test] fn one() { assert_eq!(f(), true); } #[test] fn two() { assert_eq!(g(), false); }",
    );
  });

  it("may take a closure, a type, a block, tokens and literals", () => {
    const all =
      "macro_rules! m { ($n:ident, $t:ty, $l:literal, [$($x:tt)*], $b:block, $f:expr) => { #[test] fn $n() { let x: $t = $l; g($($x)*); $b; ($f)(x, 1); } } }";
    expect(written(all, "m!(one, Vec<u8>, -1, [a, (b)], { h() }, |x: u8, y| { x + y });")).toBe(
      "#[test] fn one() { let x: Vec<u8> = -1; g(a , (b)); { h() }; ((|x: u8, y| { x + y }))(x, 1); }",
    );
  });

  it.each([
    ["an attribute stands before it", T, '#[cfg(unix)]\nt!(one: "A" => "a");'],
    ["no rule takes its arguments", T, "t!(one);"],
    ["it is called in a function", T, 'fn f() { t!(one: "A" => "a"); }'],
    ["it writes no test", T.replace("#[test]", ""), 't!(one: "A" => "a");'],
    ["it is defined twice", `${T}\nmod other { ${T} }`, 't!(one: "A" => "a");'],
    ["it is another's", T, 'other::t!(one: "A" => "a");'],
  ])("stay as they are where %s", (_, macro, use) => expect(written(macro, use)).toBe(bare(use)));

  it("never end a call that goes round in circles", () => {
    expect(written("macro_rules! m { ($n:ident) => { m!($n); }; (test $n:ident) => { #[test] fn $n() {} }; }", "m!(one);")).toBe("m!(one);");
  });
});

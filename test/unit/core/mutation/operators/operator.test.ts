import { describe, expect, it } from "vitest";
import { chosenOperators, OPERATORS } from "../../../../../src/core/mutation/operators/operator.ts";
import { AREAS } from "../../../../../src/core/suite/schema.ts";
import { mutated } from "../rust.ts";

/** Operator, source, and all that the source may become. */
const CASES: readonly (readonly [operator: string, source: string, becomes: readonly string[]])[] = [
  ["remove-import", "use std::fmt;\nfn f() {}\n", ["fn f() {}\n"]],
  ["remove-import", "use a::{b, c};\n", ["use a::{c};\n", "use a::{b};\n"]],
  ["remove-mut", "fn f() { let mut x = 1; g(&mut x); }", ["fn f() { let x = 1; g(&mut x); }", "fn f() { let mut x = 1; g(&x); }"]],
  ["remove-borrow", "fn f() { g(&x) }", ["fn f() { g(x) }"]],
  ["remove-deref", "fn f() { g(*x) }", ["fn f() { g(x) }"]],
  ["remove-derive", "#[derive(Clone, serde::Serialize)]\nstruct A;", ["#[derive(serde::Serialize)]\nstruct A;", "#[derive(Clone)]\nstruct A;"]],
  ["remove-clone", "fn f() { g(x.clone()) }", ["fn f() { g(x) }"]],
  ["remove-conversion", "fn f() { g(x.into()) }", ["fn f() { g(x) }"]],
  ["remove-question-mark", "fn f() { g()?; }", ["fn f() { g(); }"]],
  ["remove-await", "async fn f() { g().await; }", ["async fn f() { g(); }"]],
  ["remove-move", "fn f() { g(move || 1) }", ["fn f() { g(|| 1) }"]],
  [
    "remove-match-arm",
    "fn f() {\n  match x {\n    1 => a,\n    _ => b,\n  }\n}",
    ["fn f() {\n  match x {\n    _ => b,\n  }\n}", "fn f() {\n  match x {\n    1 => a,\n  }\n}"],
  ],
  ["remove-field", "fn f() { A { b: 1, c } }", ["fn f() { A { c } }", "fn f() { A { b: 1 } }"]],
  ["change-type", "fn f(x: u32) {}", ["fn f(x: u64) {}"]],
  ["change-lifetime", "struct A<'a> { b: &'a str, c: B<'a> }", ["struct A<'a> { b: &str, c: B<'a> }", "struct A<'a> { b: &'a str, c: B<'_> }"]],
  ["remove-bound", "fn f<T: Copy + Ord>(t: T) {}", ["fn f<T: Ord>(t: T) {}", "fn f<T: Copy>(t: T) {}"]],
  ["remove-where", "fn f<T>(t: T) where T: Copy {}", ["fn f<T>(t: T)  {}"]],
  ["drop-parameter", "fn f(&self, a: u8, b: u8) {}", ["fn f(&self, b: u8) {}", "fn f(&self, a: u8) {}"]],
  ["change-receiver", "impl A { fn f(&mut self) {} }", ["impl A { fn f(&self) {} }"]],
  ["change-return-type", "fn f() -> Option<u8> { None }", ["fn f() { None }", "fn f() -> u8 { None }"]],
  ["change-owned-type", "struct A { b: String }", ["struct A { b: &'static str }"]],
  ["rename-definition", "fn parse() {}", ["fn parse_inner() {}"]],
  ["rename-field", "struct A { b: u8 }", ["struct A { b_value: u8 }"]],
  ["remove-variant", "enum A {\n  B,\n  C,\n}", ["enum A {\n  C,\n}", "enum A {\n  B,\n}"]],
  ["remove-pub", "pub fn f() {}", ["fn f() {}"]],
  ["remove-trait-item", "impl A for B {\n  fn f() {}\n}\nimpl B {\n  fn g() {}\n}", ["impl A for B {\n}\nimpl B {\n  fn g() {}\n}"]],
  ["remove-type-argument", "struct A { b: Map<K, V> }", ["struct A { b: Map<V> }", "struct A { b: Map<K> }"]],
  [
    "misname-call",
    "fn f() { x.len(); get_it(); T::with_a(); B(1) }",
    [
      "fn f() { x.length(); get_it(); T::with_a(); B(1) }",
      "fn f() { x.len(); it(); T::with_a(); B(1) }",
      "fn f() { x.len(); get_it(); T::set_a(); B(1) }",
      "fn f() { x.len(); get_it(); T::with_a(); BValue(1) }",
    ],
  ],
  ["confuse-call", "fn read_all() {} fn read_one() { read_all() }", ["fn read_all() {} fn read_one() { read_one() }"]],
  ["misname-field", "fn f() { x.y; x.z(); x.0 }", ["fn f() { x.y_value; x.z(); x.0 }"]],
  ["drop-argument", "fn f() { g(a, b) }", ["fn f() { g(b) }", "fn f() { g(a) }"]],
  ["add-borrow", "fn f() { g(a, 1) }", ["fn f() { g(&a, 1) }"]],
  ["swap-arguments", "fn f() { g(a, b); g(c, c) }", ["fn f() { g(b, a); g(c, c) }"]],
  ["wrong-method", "fn f() { a.min(b) }", ["fn f() { a.max(b) }"]],
  ["comparison", "fn f() { a == b; a <= b }", ["fn f() { a != b; a <= b }", "fn f() { a == b; a >= b }"]],
  ["boundary", "fn f() { a < b; &c[1..d]; &c[e..] }", ["fn f() { a <= b; &c[1..d]; &c[e..] }", "fn f() { a < b; &c[1..=d]; &c[e..] }"]],
  [
    "operator",
    "fn f() { a + b; c &= d; e && g }",
    ["fn f() { a - b; c &= d; e && g }", "fn f() { a + b; c |= d; e && g }", "fn f() { a + b; c &= d; e || g }"],
  ],
  ["remove-negation", "fn f() { !a; -b; *c }", ["fn f() { a; -b; *c }", "fn f() { !a; b; *c }"]],
  [
    "constant",
    "const A: u8 = 0xff_u8; const B: bool = true;",
    ["const A: u8 = 0x100u8; const B: bool = true;", "const A: u8 = 0xfeu8; const B: bool = true;", "const A: u8 = 0xff_u8; const B: bool = false;"],
  ],
  ["constant", "fn f() { 1_0; 2.5; x.0 }", ["fn f() { 11; 2.5; x.0 }", "fn f() { 9; 2.5; x.0 }"]],
  ["drop-early-return", "fn f() {\n  if a { return; }\n  if b { c(); }\n}", ["fn f() {\n  if b { c(); }\n}"]],
  ["drop-branch", "fn f() {\n  if a { return; }\n  if b { c(); }\n  if d { e } else { g }\n}", ["fn f() {\n  if a { return; }\n  if d { e } else { g }\n}"]],
  ["drop-statement", "fn f() {\n  a();\n  b = 1;\n  let c = 2;\n}", ["fn f() {\n  b = 1;\n  let c = 2;\n}", "fn f() {\n  a();\n  let c = 2;\n}"]],
  ["loop-exit", "fn f() { loop { if a { continue; } break 1 } }", ["fn f() { loop { if a { break; } break 1 } }"]],
  ["swap-branches", "fn f() { if a { b } else { c } }", ["fn f() { if a { c } else { b } }"]],
];

describe("mutation operators", () => {
  it.each(CASES)("%s changes %j", (operator, source, becomes) => {
    expect(mutated(source, operator).toSorted()).toEqual(becomes.toSorted());
  });

  it("have a case each", () => {
    expect(OPERATORS.map(({ name }) => name).filter((name) => !CASES.some(([operator]) => operator === name))).toEqual([]);
  });

  it("have names of their own, a sentence, and an area that a task may have", () => {
    expect(new Set(OPERATORS.map(({ name }) => name)).size).toBe(OPERATORS.length);
    expect(OPERATORS.filter(({ sentence, area }) => sentence.length < 10 || !AREAS.includes(area))).toEqual([]);
  });

  it("are chosen by name and by group, and an unknown name is usage with those there are", () => {
    expect(chosenOperators(["boundary"]).map(({ name }) => name)).toEqual(["boundary"]);
    expect(chosenOperators(["behaviour"]).every(({ group }) => group === "behaviour")).toBe(true);
    expect(chosenOperators(null)).toEqual(OPERATORS);
    const refused = expect(() => chosenOperators(["compile", "boundry"]));
    refused.toThrow(expect.objectContaining({ code: "usage", hint: expect.stringMatching(/boundary.*compile, behaviour/s) as string }));
  });

  it("are listed in docs/MUTATION_OPERATORS.md (`npx vitest run --project unit FILE -u` writes it)", async () => {
    const rows = OPERATORS.map(({ name, group, area, sentence }) => `| \`${name}\` | ${group} | ${area} | ${sentence} |\n`);
    const table = `| Operator | Group | Area | What it does |\n|---|---|---|---|\n${rows.join("")}`;
    const text = `# Mutation operators\n\nWhat \`bakeoff suite mutate\` changes; \`--kinds\` takes names of operators and of groups.\n\n${table}`;
    await expect(text).toMatchFileSnapshot("../../../../../docs/MUTATION_OPERATORS.md");
  });
});

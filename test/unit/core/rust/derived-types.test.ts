import { describe, expect, it } from "vitest";
import { derivedTypes } from "../../../../src/core/rust/derived-types.ts";

const found = (...sources: string[]) => [...derivedTypes(sources)];

describe("types that compare and show themselves by their fields", () => {
  it("derive both, in one attribute or in two, by whatever path, with documentation and other attributes between", () => {
    expect(found("#[derive(Debug, PartialEq)] pub struct A { a: u8 }")).toEqual(["A"]);
    expect(found("#[derive(Clone, Debug)]\n/// What it is.\n#[non_exhaustive]\n#[derive(Eq, PartialEq,)]\npub(crate) enum A<T> { B(T) }")).toEqual(["A"]);
    expect(found("#[derive(std::fmt::Debug, core::cmp::PartialEq)] struct A(u8);")).toEqual(["A"]);
    expect(found("fn f() {}\nmod m { #[derive(Debug, PartialEq)] struct A; #[derive(PartialEq, Debug)] struct B; }")).toEqual(["A", "B"]);
  });
  it("derive no less than both", () => {
    for (const source of [
      "#[derive(Debug)] struct A;",
      "#[derive(PartialEq)] struct A;",
      "struct A;",
      "#[derive(Debug, PartialEq)] fn a() {}",
      "#[other(Debug, PartialEq)] struct A;",
      "#[derive(DebugAll, PartialEqAll)] struct A;",
      "// #[derive(Debug, PartialEq)]\nstruct A;",
      "#[derive(Debug, PartialEq)]",
      "#[",
    ])
      expect(found(source), source).toEqual([]);
  });
  it("are none of which either is written by hand, wherever that is", () => {
    const derives = "#[derive(Debug, PartialEq)] struct A; #[derive(Debug, PartialEq)] struct B;";
    for (const byHand of [
      "impl std::fmt::Debug for A {}",
      "impl<T> fmt::Debug for A<T> {}",
      "impl PartialEq<B> for A {}",
      "impl PartialEq<&str> for crate::a::A {}",
      "impl<'a> PartialEq<A> for &A {}",
      "impl PartialEq\n    for A {}",
    ]) {
      expect(found(derives, byHand), byHand).toEqual(["B"]);
      expect(found(byHand, derives), byHand).toEqual(["B"]);
    }
    expect(found(derives, "impl Display for A {} impl Eq for A {}")).toEqual(["A", "B"]);
  });
});

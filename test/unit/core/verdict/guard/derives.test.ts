import { describe, expect, it } from "vitest";
import { derivesRemoved } from "../../../../../src/core/verdict/guard/derives.ts";

const BASE =
  "#[derive(Debug, Clone, PartialEq)] pub struct Reading { value: i64 }\n#[derive(Debug)] struct Shown;\n#[derive(Debug, PartialEq)] enum Kind { A }\n";
const details = (patched: string, base: string | null = BASE) => derivesRemoved("src/a.rs", base, patched).map(({ detail }) => detail.split(" no longer")[0]);

describe("a patch that takes comparison or debug form of a type into its own hands", () => {
  it("is noted, with the type, for each of the two and by whatever way", () => {
    const [note] = derivesRemoved("src/a.rs", BASE, BASE.replace("Clone, PartialEq", "Clone"));
    expect(note).toEqual({ rule: "derive-removed", detail: "src/a.rs: Reading no longer derives Debug and PartialEq, by which tests know its values" });
    expect(details(BASE.replace("Debug, Clone", "Clone"))).toEqual(["src/a.rs: Reading"]);
    expect(details(`${BASE.replace("Debug, Clone, PartialEq", "Clone")}impl PartialEq for Reading { fn eq(&self, _: &Self) -> bool { true } }`)).toEqual([
      "src/a.rs: Reading",
    ]);
    expect(details("pub use crate::other::{Reading, Kind};")).toEqual(["src/a.rs: Reading", "src/a.rs: Kind"]);
  });

  it("is not, where the base does not derive both, where they stay, and in a new file", () => {
    expect(details(BASE.replace("#[derive(Debug)] struct Shown;", "struct Shown;"))).toEqual([]);
    expect(details(BASE.replace("value: i64", "value: i64, more: u8").replace("Debug, Clone, PartialEq", "Clone, PartialEq, Eq, Debug"))).toEqual([]);
    expect(details("struct Reading;", null)).toEqual([]);
  });

  it("is not noted without end", () => {
    const many = Array.from({ length: 30 }, (_, index) => `#[derive(Debug, PartialEq)] struct T${index};`).join("\n");
    expect(details("", many)).toHaveLength(10);
  });
});

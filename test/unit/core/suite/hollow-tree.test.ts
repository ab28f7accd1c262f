import { expect, it } from "vitest";
import { hollowTree, isHollow } from "../../../../src/core/suite/hollow-tree.ts";

it("keeps manifests and the places of sources, and nothing that anybody wrote", () => {
  const hollow = hollowTree(
    new Map([
      ["Cargo.toml", "[workspace]\n"],
      ["Cargo.lock", "version = 4\n"],
      ["a/Cargo.toml", "[package]\n"],
      ["a/build.rs", "fn main() { evil() }\n"],
      ["a/src/lib.rs", "pub fn answer() -> u8 { 42 }\n"],
      ["a/tests/held_out.rs", "#[test] fn secret() {}\n"],
      ["a/.cargo/config.toml", "[build]\n"],
      ["data.bin", "x"],
    ]),
  );
  expect([...hollow.keys()]).toEqual(["Cargo.toml", "Cargo.lock", "a/Cargo.toml", "a/build.rs", "a/src/lib.rs", "a/tests/held_out.rs"]);
  expect(hollow.get("Cargo.toml")).toBe("[workspace]\n");
  expect(new Set([...hollow].flatMap(([path, text]) => (path.endsWith(".rs") ? [text] : []))).size).toBe(1);
  expect([...hollow.values()].join("")).not.toMatch(/evil|42|secret/);
});

it("holds a source by another name for code: a manifest may be Rust too", () => {
  const polyglot = '#![allow(unused)] fn main() { std::fs::write("target/x", "").unwrap() }\n';
  const hollow = hollowTree(new Map([["evil/Cargo.toml", polyglot]]));
  expect([...hollow].flatMap(([path, text]) => (text === polyglot && isHollow(path) ? [path] : []))).toEqual([]);
  expect(["build.rs", "src/lib.rs", "evil/Cargo.toml", "src/lib.txt"].map(isHollow)).toEqual([true, true, false, false]);
});

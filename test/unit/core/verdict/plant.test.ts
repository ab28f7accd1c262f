// Plants: where a wrong patch of each kind is put, and which tasks have no place for it.
import { describe, expect, it } from "vitest";
import type { Edit, Tree } from "../../../../src/core/text/edit.ts";
import { editsOf, type PlantKind, plantedChanges } from "../../../../src/core/verdict/plant.ts";

const edit = (path: string, search: string, replace: string): Edit => ({ path, search, replace });
const planted = (plant: PlantKind, source: string, solution: Edit, others: Tree = new Map()) =>
  plantedChanges(plant, { tree: new Map([...others, ["src/a.rs", source]]), solution: [solution] });
const text = (plant: PlantKind, source: string, search: string, replace: string): string | null | undefined =>
  planted(plant, source, edit("src/a.rs", search, replace))?.get("src/a.rs");

const TWO = "fn first() -> u32 {\n    1\n}\n\nfn second(x: [u8; 2]) -> u32 {\n    if x[0] > 0 {\n        2\n    } else {\n        3\n    }\n}\n";

describe("a plant", () => {
  it("that spoils the solution does so in the function that the solution changes, however deep", () => {
    for (const [plant, statement] of [
      ["wrong-but-compiling", "todo!();"],
      ["tampered", "std::process::exit(0);"],
    ] as const) {
      const solved = TWO.replace("        2", "        4");
      expect(text(plant, TWO, "        2", "        4")).toBe(solved.replace("-> u32 {\n    if", `-> u32 {\n    ${statement}\n\n    if`));
    }
  });

  it("takes the innermost of two functions, one in the other", () => {
    const nested = "fn outer() {\n    fn inner() {\n        a();\n    }\n    b();\n}\n";
    expect(text("wrong-but-compiling", nested, "a()", "c()")).toContain("fn inner() {\n    todo!();\n\n        c();");
    expect(text("wrong-but-compiling", nested, "b()", "c()")).toContain("fn outer() {\n    todo!();\n\n    fn inner");
  });

  it("takes the first function where the solution changes none, and passes over those without a body", () => {
    const source = "const A: u8 = 1;\ntrait T { fn declared(x: [u8; 3]); }\nstruct S { f: fn(u8) -> u8 }\nfn real(x: [u8; 3]) {}\n";
    expect(text("wrong-but-compiling", source, "= 1", "= 2")).toContain("fn real(x: [u8; 3]) {\n    todo!();\n}");
  });

  it("takes the first of several functions where the solution changes none", () => {
    expect(text("tampered", "const A: u8 = 1;\nfn one() {}\nfn two() {}\n", "= 1", "= 2")).toContain("fn one() {\n    std::process::exit(0);");
  });

  it("takes the last function where the solution only takes away what stands behind it", () => {
    expect(text("tampered", "fn a() {}\nfn b() {}// old", "// old", "")).toBe("fn a() {}\nfn b() {\n    std::process::exit(0);\n}");
  });

  it("keeps the solution's other files, and leaves them as they are where it is no solution", () => {
    const ground = {
      tree: new Map([
        ["b.rs", "fn b() {}\n"],
        ["a.rs", "fn a() {}\n"],
        ["a.txt", "x"],
      ]),
      solution: [edit("b.rs", "{}", "{ 1; }"), edit("a.txt", "x", "y"), edit("a.rs", "{}", "{ 2; }")],
    };
    const of = (plant: PlantKind) => Object.fromEntries(plantedChanges(plant, ground) ?? []);
    expect(of("reference")).toEqual({ "a.rs": "fn a() { 2; }\n", "a.txt": "y", "b.rs": "fn b() { 1; }\n" });
    expect(of("wrong-but-compiling")).toEqual({ "a.rs": "fn a() {\n    todo!();\n 2; }\n", "a.txt": "y", "b.rs": "fn b() { 1; }\n" });
    expect(of("broken")).toEqual({ "a.rs": "fn a() {}\n\n// Reviewed: this is as it should be.\n" });
  });

  it("without tests is the broken file without its test modules, and none where it has none", () => {
    const tests = "#[cfg(test)]\nmod tests { fn t() {} }";
    const [source, bare] = [`fn a() {}\n${tests}\nmod b { ${tests} }\n#[cfg(test)] mod more {}\n`, "fn a() {}\nmod tests {}\n"];
    expect(text("tests-gutted", source, "fn a() {}", "fn a() { 1; }")).toBe(`fn a() {}\n\nmod b { ${tests} }\n\n`);
    expect(planted("tests-gutted", bare, edit("src/a.rs", "fn a() {}", "fn a() { 1; }"))).toBeNull();
  });

  it.each(["reference", "broken", "tests-gutted", "tampered", "wrong-but-compiling"] as const)("has no place as %s where no Rust file changes", (plant) => {
    expect(planted(plant, "fn a() {}", edit("src/a.rs", "fn z", "fn y"))).toBeNull();
    expect(planted(plant, "fn a() {}", edit("Cargo.toml", "1", "2"), new Map([["Cargo.toml", "1"]]))).toBeNull();
    expect(planted(plant, "fn a() {}", edit("src/new.rs", "", "fn n() {}"))).toBeNull();
    expect(planted(plant, "fn a() {}", edit("src/a.rs", "fn a", "fn a"))).toBeNull();
  });

  it.each(["const A: u8 = 1;\n", "const A: u8 = 1;\ntrait T { fn a(); }\n", "const A: u8 = 1;\nfn a("])(
    "that spoils has no place without a function's body: %j",
    (source) => {
      expect(planted("tampered", source, edit("src/a.rs", "= 1", "= 2"))).toBeNull();
    },
  );
});

describe("a plant's changes as edits", () => {
  const tree: Tree = new Map<string, string | Uint8Array>([
    ["a.rs", "a"],
    ["b.rs", "b"],
    ["empty.rs", ""],
    ["bytes.rs", Uint8Array.of(1)],
  ]);
  it("replace whole files", () => {
    const changes = new Map([
      ["a.rs", "x"],
      ["b.rs", ""],
    ]);
    expect(editsOf(tree, changes)).toEqual([edit("a.rs", "a", "x"), edit("b.rs", "b", "")]);
  });
  it.each([
    ["a new file", "new.rs", "x"],
    ["an empty one", "empty.rs", "x"],
    ["one that is no text", "bytes.rs", "x"],
    ["one that is deleted", "a.rs", null],
  ])("can't replace %s, and then there are none at all", (_, path, content) => {
    expect(editsOf(tree, new Map([["b.rs", "x"] as const, [path, content] as const]))).toBeNull();
  });
});

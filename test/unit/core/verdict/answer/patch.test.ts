// How edits and whole files become changed files, and what a model is told where they don't.
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { checkPaths, type PatchGround, patchFromAnswer } from "../../../../../src/core/verdict/answer/patch.ts";
import type { Edit, Tree } from "../../../../../src/core/text/edit.ts";
import { anyText } from "../../../any-text.ts";

const lib = "fn a() {\n    one();\n    two();\n}\n\nfn b() {\n    one();\n    three();\n}\n";
const tree: Tree = new Map<string, string | Uint8Array>([
  ["src/lib.rs", lib],
  ["src/crlf.rs", "fn a() {\r\n    one();\r\n}\r\n"],
  ["src/bytes.rs", Uint8Array.of(255)],
  ["src/deep/x.rs", "x"],
  ["Cargo.toml", "[package]"],
]);
const mayEdit = (path: string) => path.startsWith("src/");
const edit = (path: string, search: string, replace: string): Edit => ({ path, search, replace });
let ground: PatchGround = { tree, mayEdit, reading: "tolerant" };
const apply = (...edits: Edit[]) => patchFromAnswer({ kind: "edits", edits }, ground);
const whole = (...files: { path: string; content: string }[]) => patchFromAnswer({ kind: "whole", files }, ground);
const changed = (outcome: ReturnType<typeof apply>) => (outcome.ok ? Object.fromEntries(outcome.changes) : outcome);
const detail = (outcome: ReturnType<typeof apply>) => (outcome.ok ? "" : `${outcome.why}: ${outcome.detail}`);

beforeEach(() => {
  ground = { tree, mayEdit, reading: "tolerant" };
});

describe("edits", () => {
  test("change what they name", () => {
    expect(changed(apply(edit("src/lib.rs", "two", "2")))).toEqual({ "src/lib.rs": lib.replace("two", "2") });
  });
  test("see what the ones before them left", () => {
    expect(changed(apply(edit("src/lib.rs", "two", "zwei"), edit("src/lib.rs", "zwei", "deux")))).toEqual({ "src/lib.rs": lib.replace("two", "deux") });
  });
  test("of no number change nothing", () => {
    expect(changed(apply())).toEqual({});
  });
  test("that leave a file as it was are no change", () => {
    expect(changed(apply(edit("src/lib.rs", "two", "2"), edit("src/lib.rs", "2", "two")))).toEqual({});
  });
  test("with an empty search create a file", () => {
    expect(changed(apply(edit("src/new.rs", "", "fn n() {}\n")))).toEqual({ "src/new.rs": "fn n() {}\n" });
  });
  test("with an empty search don't overwrite a file", () => {
    expect(apply(edit("src/lib.rs", "", "x"))).toMatchObject({ why: "text-not-found", detail: expect.stringContaining("exists") });
  });
  test("written with line feeds fit a file with carriage returns", () => {
    expect(changed(apply(edit("src/crlf.rs", "a() {\n    one();\n}", "a() {\n    1;\n}")))).toEqual({ "src/crlf.rs": "fn a() {\r\n    1;\r\n}\r\n" });
  });
  test("written with carriage returns fit a file with line feeds", () => {
    expect(changed(apply(edit("src/lib.rs", "    two();\r\n}", "    2;\r\n}")))).toEqual({ "src/lib.rs": lib.replace("two()", "2") });
  });
  test("leave a file's line ends alike, also where they fit as they are", () => {
    expect(changed(apply(edit("src/crlf.rs", "one();", "1;\n2;")))).toEqual({ "src/crlf.rs": "fn a() {\r\n    1;\r\n2;\r\n}\r\n" });
    expect(changed(apply(edit("src/lib.rs", "two();", "2;\r\n3;")))).toEqual({ "src/lib.rs": lib.replace("two();", "2;\n3;") });
  });
  test("are all or nothing", () => {
    expect(apply(edit("src/lib.rs", "two", "2"), edit("src/lib.rs", "nine", "9"))).toMatchObject({ ok: false });
  });
});

describe("what a model is told", () => {
  test("names the edit and its file", () => {
    expect(detail(apply(edit("src/lib.rs", "two", "2"), edit("src/lib.rs", "nine", "9")))).toMatch(/^text-not-found: edit 2 of 2, src\/lib\.rs: /);
  });
  test("names the line where the first line of the search stands", () => {
    expect(detail(apply(edit("src/lib.rs", "fn b() {\n    two();", "")))).toMatch(/first line is line 6, but line 7 .* line 2 of the search/);
  });
  test("names the start that goes on matching longest", () => {
    expect(detail(apply(edit("src/lib.rs", "    one();\n    three();\n    four();", "")))).toContain("first line is line 7, but line 9");
  });
  test("says that only white space differs", () => {
    expect(detail(apply(edit("src/lib.rs", "fn b() {\n  one();", "")))).toContain("begins at line 6 but with other white space");
  });
  test("says where nothing comes close", () => {
    expect(detail(apply(edit("src/lib.rs", "fn zzz()", "")))).toContain("nor is its first line");
  });
  test("names the lines of an ambiguous search", () => {
    expect(detail(apply(edit("src/lib.rs", "one();", "")))).toMatch(/^ambiguous: .*at lines 2, 7/);
  });
  test("names the first of two starts that match as far", () => {
    expect(detail(apply(edit("src/lib.rs", "    one();\n    four();", "")))).toContain(
      "first line is line 2, but line 3 of the file differs from line 2 of the search",
    );
  });
  test("passes over blank lines at the start of the search, which any line could be", () => {
    expect(detail(apply(edit("src/lib.rs", "\n\nfn b() {\n    two();", "")))).toContain(
      "first line is line 6, but line 7 of the file differs from line 4 of the search",
    );
    expect(detail(apply(edit("src/lib.rs", " \n  \n   ", "")))).toContain("nor is its first line");
  });
  test("says that only white space differs, up to the search's last line", () => {
    expect(detail(apply(edit("src/lib.rs", "three();\n}\n\n", "")))).toContain("line 8, but line 11 of the file differs from line 4");
    expect(detail(apply(edit("src/lib.rs", "  three();\n }", "")))).toContain("begins at line 8 but with other white space");
  });
  test("lists five occurrences, and of more the first five", () => {
    ground = {
      ...ground,
      tree: new Map([
        ["src/x.rs", "a\na a\na\na"],
        ["src/y.rs", "a\n".repeat(6)],
      ]),
    };
    expect(detail(apply(edit("src/x.rs", "a", "")))).toBe(
      "ambiguous: edit 1 of 1, src/x.rs: the searched text occurs at lines 1, 2, 2, 3, 4: add the lines around it",
    );
    ground = { ...ground, tree: new Map([...ground.tree, ["src/z.rs", "\na b a"]]) };
    expect(detail(apply(edit("src/z.rs", "a", "")))).toContain("occurs at lines 2, 2: add");
    expect(detail(apply(edit("src/y.rs", "a", "")))).toContain("occurs many times, first at lines 1, 2, 3, 4, 5: add");
  });
  test("names the file of whole files, and a path that is none in quotes and cut", () => {
    const outcome = whole({ path: "src/lib.rs", content: "x" }, { path: `../${"x".repeat(500)}`, content: "x" });
    expect(detail(outcome)).toMatch(/^path-not-allowed: file 2 of 2, "\.\.\/x{97}": is not a path relative to the workspace/);
  });
  test("tells a file that may not be changed from one that is no text, from a folder and from one in a file", () => {
    const told = (path: string) => detail(apply(edit(path, "", "x")));
    expect(told("Cargo.toml")).toContain("may not be changed");
    expect(told("src/bytes.rs")).toContain("is not a text file");
    expect(told("src/deep")).toContain("is a folder");
    expect(told("src/lib.rs/x.rs")).toContain("can't be: src/lib.rs is a file");
  });
});

describe("paths", () => {
  test.each(["Cargo.toml", "../src/lib.rs", "/src/lib.rs", "src//lib.rs", "src\\lib.rs", "", "src/a\u0000.rs", "src/lib.rs/x.rs", "src/deep", "src/bytes.rs"])(
    "of edits can't be %j",
    (path) => {
      expect(apply(edit(path, "", "x"))).toMatchObject({ ok: false, why: "path-not-allowed" });
      expect(whole({ path, content: "x" })).toMatchObject({ ok: false, why: "path-not-allowed" });
    },
  );
  test("of an edit with a search must exist", () => {
    expect(apply(edit("src/none.rs", "a", "b"))).toMatchObject({ why: "path-not-allowed", detail: expect.stringContaining("no such file") });
  });
  test.each(["target/debug/build/x.rs", "target/x.rs", ".git/hooks/pre-commit"])("can't lie in a build folder: %s", (path) => {
    ground = { tree, mayEdit: () => true, reading: "tolerant" };
    for (const outcome of [apply(edit(path, "", "x")), whole({ path, content: "x" }), checkPaths(new Map([[path, "x"]]), ground)])
      expect(outcome).toMatchObject({ why: "path-not-allowed", detail: expect.stringContaining("build folder") });
  });
  test("may hold a module called target, and sources of a base that has that folder", () => {
    ground = { tree: new Map([...tree, ["target/kept.rs", "x"]]), mayEdit: () => true, reading: "tolerant" };
    expect(changed(whole({ path: "src/target/mod.rs", content: "x" }))).toEqual({ "src/target/mod.rs": "x" });
    expect(changed(whole({ path: "target/kept.rs", content: "y" }))).toEqual({ "target/kept.rs": "y" });
    expect(whole({ path: ".git/kept.rs", content: "y" })).toMatchObject({ ok: false });
  });
  test("may be a file with the name of a build folder", () => {
    ground = { tree, mayEdit: () => true, reading: "tolerant" };
    expect(changed(whole({ path: "target", content: "x" }))).toEqual({ target: "x" });
  });
  test("of two new files can't lie within each other", () => {
    expect(apply(edit("src/n", "", "x"), edit("src/n/m.rs", "", "y"))).toMatchObject({ why: "path-not-allowed" });
    expect(apply(edit("src/n/m.rs", "", "y"), edit("src/n", "", "x"))).toMatchObject({ why: "path-not-allowed" });
  });
  test("of a diff are checked too", () => {
    expect(
      checkPaths(
        new Map([
          ["src/lib.rs", "x"],
          ["Cargo.toml", "x"],
        ]),
        ground,
      ),
    ).toMatchObject({ why: "path-not-allowed", detail: expect.stringContaining("Cargo.toml") });
    expect(
      checkPaths(
        new Map([
          ["src/lib.rs", null],
          ["src/new.rs", "x"],
        ]),
        ground,
      ),
    ).toBeNull();
  });
});

describe("as runs without a named reading were read", () => {
  beforeEach(() => {
    ground = { ...ground, reading: "narrow" };
  });
  test("edits and whole files bring their own line ends", () => {
    expect(changed(apply(edit("src/crlf.rs", "one();", "1;\n2;")))).toEqual({ "src/crlf.rs": "fn a() {\r\n    1;\n2;\r\n}\r\n" });
    expect(changed(whole({ path: "src/crlf.rs", content: "x\n" }))).toEqual({ "src/crlf.rs": "x\n" });
    expect(changed(apply(edit("src/crlf.rs", "a() {\n    one();", "b() {\n    one();")))).toEqual({ "src/crlf.rs": "fn b() {\r\n    one();\r\n}\r\n" });
  });
  test("edits written with carriage returns fit a file with line feeds", () => {
    expect(changed(apply(edit("src/lib.rs", "    two();\r\n}", "    2;\r\n}")))).toEqual({ "src/lib.rs": lib.replace("two()", "2") });
  });
  test("a build folder is a folder like any other", () => {
    ground = { ...ground, mayEdit: () => true };
    expect(changed(whole({ path: "target/x.rs", content: "x" }))).toEqual({ "target/x.rs": "x" });
  });
});

describe("whole files", () => {
  test("replace and create", () => {
    expect(changed(whole({ path: "src/lib.rs", content: "x" }, { path: "src/n.rs", content: "" }))).toEqual({ "src/lib.rs": "x", "src/n.rs": "" });
  });
  test("keep the line ends of the file that they replace", () => {
    expect(changed(whole({ path: "src/crlf.rs", content: "fn a() {\n    2;\n}\n" }))).toEqual({ "src/crlf.rs": "fn a() {\r\n    2;\r\n}\r\n" });
    expect(changed(whole({ path: "src/crlf.rs", content: "fn a() {\n    one();\n}\n" }))).toEqual({});
    expect(changed(whole({ path: "src/new.rs", content: "a\r\nb\n" }))).toEqual({ "src/new.rs": "a\r\nb\n" });
  });
  test("that are as before are no change", () => {
    expect(changed(whole({ path: "src/lib.rs", content: lib }))).toEqual({});
  });
  test("can't come twice", () => {
    expect(whole({ path: "src/lib.rs", content: "x" }, { path: "src/lib.rs", content: "y" })).toMatchObject({ ok: false, why: "ambiguous" });
  });
});

test("no answer makes it throw, and no change is outside what may be edited", () => {
  const path = fc.oneof(anyText(), fc.constantFrom(...tree.keys(), "src/new.rs", "__proto__", "src/__proto__"));
  const piece = fc.oneof(anyText(), fc.constantFrom("one();", "\n", "\r\n", "fn b() {\n"));
  fc.assert(
    fc.property(fc.array(fc.record({ path, search: piece, replace: piece }), { maxLength: 4 }), (edits) => {
      for (const outcome of [apply(...edits), whole(...edits.map(({ path: at, replace }) => ({ path: at, content: replace })))]) {
        if (outcome.ok) for (const [at, content] of outcome.changes) expect(mayEdit(at) && tree.get(at) !== content).toBe(true);
        else expect(outcome.detail.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

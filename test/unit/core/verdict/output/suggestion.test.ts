// Facts about applying the compiler's own suggestions.
import { describe, expect, test } from "vitest";
import type { Tree } from "../../../../../src/core/text/edit.ts";
import { applySuggestions } from "../../../../../src/core/verdict/output/suggestion.ts";
import type { Diagnostic, Suggestion } from "../../../../../src/core/verdict/verdict.ts";

const PATH = "src/lib.rs";

/** A replacement on one line of `PATH`, columns as rustc counts them. */
function part(line: number, [column, endColumn]: readonly [number, number], replacement: string, facts: Partial<Suggestion> = {}): Suggestion {
  return { span: { path: PATH, line, column, endLine: line, endColumn }, replacement, applicability: "MachineApplicable", group: 0, ...facts };
}

function error(...suggestions: readonly Suggestion[]): Diagnostic {
  return { level: "error", code: "E0384", message: "m", span: null, rendered: "", suggestions };
}

function apply(text: string, ...diagnostics: readonly Diagnostic[]): string | null | undefined {
  return applySuggestions(new Map([[PATH, text]]), diagnostics, () => true).get(PATH);
}

describe("places", () => {
  test("a replacement covers the columns from start up to the exclusive end", () => {
    expect(apply("let abc = 1;\n", error(part(1, [5, 8], "xyz")))).toBe("let xyz = 1;\n");
  });
  test("an empty span inserts", () => {
    expect(apply("let x = 1;\n", error(part(1, [5, 5], "mut ")))).toBe("let mut x = 1;\n");
  });
  test("an empty replacement deletes", () => {
    expect(apply("let mut x = 1;\n", error(part(1, [5, 9], "")))).toBe("let x = 1;\n");
  });
  test("columns count characters, not UTF-16 units", () => {
    expect(apply('f("🦀é", abc);\n', error(part(1, [9, 12], "&abc")))).toBe('f("🦀é", &abc);\n');
  });
  test("lines count from one", () => {
    expect(apply("a\nb\nc\n", error(part(3, [1, 2], "d")))).toBe("a\nb\nd\n");
  });
  test("the column after a line's last character is a place", () => {
    expect(apply("let a = 1\n", error(part(1, [10, 10], ";")))).toBe("let a = 1;\n");
  });
  test("a span may run over lines", () => {
    const span = { path: PATH, line: 1, column: 2, endLine: 3, endColumn: 1 };
    expect(apply("ab\ncd\nef\n", error(part(1, [1, 1], "-", { span })))).toBe("a-ef\n");
  });
  test("a column beyond its line drops the suggestion", () => {
    expect(apply("ab\ncd\n", error(part(1, [4, 5], "x")))).toBeUndefined();
  });
  test("a line beyond the file drops the suggestion", () => {
    expect(apply("ab\n", error(part(9, [1, 1], "x")))).toBeUndefined();
  });
  test("a span that ends before it starts drops the suggestion", () => {
    expect(apply("abcd\n", error(part(1, [3, 2], "x")))).toBeUndefined();
  });
  test("a byte order mark has no column", () => {
    expect(apply("\uFEFFuse a;\n", error(part(1, [1, 4], "mod")))).toBe("\uFEFFmod a;\n");
  });
  test("carriage returns stay where they are", () => {
    expect(apply("let x = 1;\r\nx = 2;\r\n", error(part(2, [1, 2], "y")))).toBe("let x = 1;\r\ny = 2;\r\n");
  });
});

describe("groups", () => {
  test("all replacements of a group are applied together", () => {
    expect(apply("f(x);\n", error(part(1, [3, 3], "&("), part(1, [4, 4], ")")))).toBe("f(&(x));\n");
  });
  test("a group with one part outside the file is left out whole", () => {
    expect(apply("f(x);\n", error(part(1, [3, 3], "&"), part(7, [1, 1], ")")))).toBeUndefined();
  });
  test("a group with a placeholder is left out whole", () => {
    expect(apply("f(x);\n", error(part(1, [3, 3], "&"), part(1, [4, 4], "/* */", { applicability: "HasPlaceholders" })))).toBeUndefined();
  });
  test("a group of unspecified applicability is left out", () => {
    expect(apply("f(x);\n", error(part(1, [3, 3], "&", { applicability: "Unspecified" })))).toBeUndefined();
  });
  test("a group whose parts overlap each other is left out", () => {
    expect(apply("abcdef\n", error(part(1, [1, 4], "x"), part(1, [3, 5], "y")))).toBeUndefined();
  });
  test("the same replacement twice in one group applies once", () => {
    expect(apply("let x;\n", error(part(1, [5, 5], "mut "), part(1, [5, 5], "mut ")))).toBe("let mut x;\n");
  });
  test("a group that says two things of one place is left out", () => {
    expect(apply("let x;\n", error(part(1, [5, 6], "y"), part(1, [5, 6], "z")))).toBeUndefined();
  });
  test("of several groups the first machine-applicable one is taken", () => {
    const maybe = part(1, [1, 2], "maybe", { applicability: "MaybeIncorrect", group: 0 });
    expect(apply("a\n", error(maybe, part(1, [1, 2], "first", { group: 1 }), part(1, [1, 2], "second", { group: 2 })))).toBe("first\n");
  });
  test("without a machine-applicable group the first maybe-incorrect one is taken", () => {
    const maybe = (text: string, group: number) => part(1, [1, 2], text, { applicability: "MaybeIncorrect", group });
    expect(apply("a\n", error(maybe("first", 3), maybe("second", 1)))).toBe("first\n");
  });
  test("a group with one maybe-incorrect part counts as maybe incorrect", () => {
    const mixed = [part(1, [1, 2], "x"), part(1, [3, 4], "y", { applicability: "MaybeIncorrect" })];
    expect(apply("a b\n", error(...mixed, part(1, [1, 2], "sure", { group: 1 })))).toBe("sure b\n");
  });
});

describe("several diagnostics", () => {
  test("suggestions of different diagnostics apply side by side", () => {
    expect(apply("a b\n", error(part(1, [3, 4], "d")), error(part(1, [1, 2], "c")))).toBe("c d\n");
  });
  test("the same replacement from two diagnostics applies once", () => {
    expect(apply("let x;\n", error(part(1, [5, 5], "mut ")), error(part(1, [5, 5], "mut ")))).toBe("let mut x;\n");
  });
  test("a group that overlaps one already taken is left out whole", () => {
    expect(apply("abc d\n", error(part(1, [1, 3], "x")), error(part(1, [2, 4], "y"), part(1, [5, 6], "e")))).toBe("xc d\n");
  });
  test("two different insertions at one place count as overlapping", () => {
    expect(apply("f(x);\n", error(part(1, [3, 3], "&")), error(part(1, [3, 3], "*")))).toBe("f(&x);\n");
  });
  test("replacements that only touch do not overlap", () => {
    expect(apply("abcd\n", error(part(1, [1, 3], "x")), error(part(1, [3, 5], "y")))).toBe("xy\n");
  });
  test("a group that shares one replacement with another adds the rest of its own", () => {
    expect(apply("a b\n", error(part(1, [1, 2], "x")), error(part(1, [1, 2], "x"), part(1, [3, 4], "y")))).toBe("x y\n");
  });
  test("suggestions of warnings are not applied", () => {
    expect(apply("let x;\n", { ...error(part(1, [5, 5], "_")), level: "warning" })).toBeUndefined();
  });
});

describe("files", () => {
  const elsewhere = (path: string) => part(1, [1, 2], "z", { span: { path, line: 1, column: 1, endLine: 1, endColumn: 2 } });
  const tree: Tree = new Map<string, string | Uint8Array>([
    ["b.rs", "b\n"],
    ["a.rs", "a\n"],
    ["raw.rs", new Uint8Array([255, 97])],
  ]);

  test("a group that touches a refused file is left out whole", () => {
    expect(applySuggestions(tree, [error(elsewhere("a.rs"), elsewhere("b.rs"))], (path) => path === "a.rs").size).toBe(0);
  });
  test("where the first group touches a refused file the next one is taken", () => {
    const diagnostic = error(elsewhere("b.rs"), { ...elsewhere("a.rs"), group: 1 });
    expect([...applySuggestions(tree, [diagnostic], (path) => path === "a.rs")]).toEqual([["a.rs", "z\n"]]);
  });
  test("a file that is not text or not there is left alone", () => {
    expect(applySuggestions(tree, [error(elsewhere("raw.rs")), error(elsewhere("gone.rs"))], () => true).size).toBe(0);
  });
  test("changed files come in path order, whatever the order of diagnostics", () => {
    expect([...applySuggestions(tree, [error(elsewhere("b.rs")), error(elsewhere("a.rs"))], () => true).keys()]).toEqual(["a.rs", "b.rs"]);
  });
  test("each file has its own replacements and no other's", () => {
    const at = (path: string, column: number, replacement: string) =>
      part(1, [column, column + 1], replacement, { span: { path, line: 1, column, endLine: 1, endColumn: column + 1 } });
    const both: Tree = new Map([
      ["a.rs", "abc\n"],
      ["b.rs", "abc\n"],
    ]);
    expect([...applySuggestions(both, [error(at("a.rs", 1, "x")), error(at("b.rs", 3, "z"))], () => true)]).toEqual([
      ["a.rs", "xbc\n"],
      ["b.rs", "abz\n"],
    ]);
  });
  test("a replacement that changes nothing leaves no change", () => {
    expect(apply("a\n", error(part(1, [1, 2], "a")))).toBeUndefined();
  });
});

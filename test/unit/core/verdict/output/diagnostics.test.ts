// Tests of reading compiler messages, on recorded output of cargo 1.95.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCargoMessages } from "../../../../../src/core/verdict/output/diagnostics.ts";

const recorded = readFileSync(new URL("recorded/cargo-errors.jsonl", import.meta.url), "utf8");

function spanOf(file: string, more: object = {}): object {
  return { file_name: file, is_primary: true, line_start: 2, line_end: 2, column_start: 3, column_end: 4, expansion: null, ...more };
}

function message(fields: object): string {
  return JSON.stringify({
    reason: "compiler-message",
    message: { level: "error", message: "m", code: null, spans: [], children: [], rendered: "r", ...fields },
  });
}

function first(fields: object) {
  return readCargoMessages(message(fields)).diagnostics[0];
}

describe("readCargoMessages", () => {
  it("reads a recorded build once per message, in order", () => {
    const { diagnostics, finished, unparsable } = readCargoMessages(recorded);
    expect(diagnostics.map(({ code, span }) => `${code} ${span?.path}:${span?.line}:${span?.column}`)).toEqual([
      "unused_imports src/lib.rs:1:5",
      "E0382 src/lib.rs:2:54",
      "E0308 src/lib.rs:3:21",
      "E0425 src/lib.rs:4:21",
      "E0599 src/lib.rs:4:46",
      "E0425 src/lib.rs:4:69",
      "E0308 src/lib.rs:5:66",
      "E0433 src/lib.rs:5:85",
    ]);
    expect([finished, unparsable]).toEqual([false, 0]);
  });

  it("reads the compiler's suggestions", () => {
    const found = readCargoMessages(recorded).diagnostics.find(({ code }) => code === "E0599");
    expect(found?.suggestions).toEqual([
      { span: { path: "src/lib.rs", line: 4, column: 46, endLine: 4, endColumn: 49 }, replacement: "push", applicability: "MaybeIncorrect", group: 0 },
    ]);
  });

  it("is the same whatever the order of lines", () => {
    const turned = recorded.trimEnd().split("\n").toReversed().join("\n");
    expect(readCargoMessages(turned)).toEqual(readCargoMessages(recorded));
  });

  it("counts lines that are no cargo messages", () => {
    expect(readCargoMessages(`hello\n1\n[]\n{}\n{"reason":1}\n\n${message({})}\n`)).toMatchObject({ unparsable: 5, diagnostics: [{}] });
  });

  it("skips cargo's other messages", () => {
    expect(readCargoMessages('{"reason":"compiler-artifact"}\n{"reason":"build-script-executed"}')).toEqual({ diagnostics: [], finished: null, unparsable: 0 });
  });

  it.each([
    [true, ['{"reason":"build-finished","success":true}']],
    [false, ['{"reason":"build-finished","success":false}', '{"reason":"build-finished","success":true}']],
    [false, ['{"reason":"build-finished","success":"true"}']],
  ])("says finished %s", (finished, lines) => {
    expect(readCargoMessages(lines.join("\n")).finished).toBe(finished);
  });

  it.each(["aborting due to 2 previous errors", "could not compile `a` (lib)", "3 warnings emitted", "For more information about this error, try"])(
    "drops the summary %s",
    (text) => {
      expect(first({ message: text })).toBeUndefined();
    },
  );

  it.each([
    ["error", "error"],
    ["error: internal compiler error", "error"],
    ["warning", "warning"],
  ])("reads level %s as %s", (level, expected) => {
    expect(first({ level })?.level).toBe(expected);
  });

  it.each(["note", "help", "failure-note", "", 7])("drops level %s", (level) => {
    expect(first({ level })).toBeUndefined();
  });

  it("calls a missing code none", () => {
    expect(first({})?.code).toBe("none");
    expect(first({ code: { code: "E0001", explanation: null } })?.code).toBe("E0001");
  });

  it.each(["/rustc/abc/library/core/src/a.rs", "/cargo/registry/a.rs", "../a.rs", "a/../../b.rs", "<anon>", ""])("has no span in %s", (file) => {
    expect(first({ spans: [spanOf(file)] })?.span).toBeNull();
  });

  it("takes the macro call's place for a span in the standard library", () => {
    const inner = spanOf("/rustc/abc/macros.rs", { expansion: { span: spanOf("src/a.rs", { line_start: 9 }) } });
    expect(first({ spans: [inner] })?.span).toMatchObject({ path: "src/a.rs", line: 9 });
  });

  it("takes the primary span only", () => {
    expect(first({ spans: [spanOf("src/b.rs", { is_primary: false }), spanOf("src/a.rs")] })?.span?.path).toBe("src/a.rs");
  });

  it("strips colours and links", () => {
    expect(first({ rendered: "\u001B[0m\u001B[1;31merror\u001B[0m \u001B]8;;http://x\u001B\\y\u001B]8;;\u0007" })?.rendered).toBe("error y");
  });

  it("keeps two messages apart that differ in place or text", () => {
    const lines = [message({}), message({ message: "n" }), message({ spans: [spanOf("a.rs")] }), message({})];
    expect(readCargoMessages(lines.join("\n")).diagnostics).toHaveLength(3);
    const places = ["line_start", "line_end", "column_start", "column_end"].map((key) => message({ spans: [spanOf("a.rs", { [key]: 5 })] }));
    const others = [message({ spans: [spanOf("a.rs")] }), message({ spans: [spanOf("b.rs")] }), message({ spans: [spanOf("a.rs")], code: { code: "E1" } })];
    expect(readCargoMessages([...places, ...others, ...places].join("\n")).diagnostics).toHaveLength(7);
  });

  it("orders messages by file, line, column, code and text; those without a place come first", () => {
    const at = (file: string, [line, column]: readonly [number, number], code: string, text: string) =>
      message({ message: text, code: { code }, spans: [spanOf(file, { line_start: line, line_end: line, column_start: column, column_end: column })] });
    const ordered = [
      message({ message: "z" }),
      at("a.rs", [2, 9], "E2", "a"),
      at("a.rs", [10, 1], "E2", "a"),
      at("a.rs", [10, 2], "E1", "b"),
      at("a.rs", [10, 2], "E2", "a"),
      at("a.rs", [10, 2], "E2", "b"),
      at("b.rs", [1, 1], "E1", "a"),
    ];
    const shown = (lines: readonly string[]) =>
      readCargoMessages(lines.join("\n")).diagnostics.map(({ span, code, message: text }) => `${span?.path} ${span?.line} ${span?.column} ${code} ${text}`);
    expect(shown(ordered.toReversed())).toEqual(shown(ordered));
    expect(shown([...ordered.slice(3), ...ordered.slice(0, 3)])).toEqual([
      "undefined undefined undefined none z",
      "a.rs 2 9 E2 a",
      "a.rs 10 1 E2 a",
      "a.rs 10 2 E1 b",
      "a.rs 10 2 E2 a",
      "a.rs 10 2 E2 b",
      "b.rs 1 1 E1 a",
    ]);
  });

  it("orders messages that differ in their end alone, whichever comes first", () => {
    const ends = [4, 9].map((end) => message({ spans: [spanOf("a.rs", { column_end: end })] }));
    expect(readCargoMessages(ends.toReversed().join("\n"))).toEqual(readCargoMessages(ends.join("\n")));
  });

  it("reads a message of the compiler's alone", () => {
    expect(readCargoMessages(message({}).replace("compiler-message", "compiler-artifact")).diagnostics).toEqual([]);
  });

  it.each([0, -1, 1.5, "3", null])("counts %j as the first line and column", (given) => {
    const place = { line_start: given, line_end: given, column_start: given, column_end: given };
    expect(first({ spans: [spanOf("a.rs", place)] })?.span).toEqual({ path: "a.rs", line: 1, column: 1, endLine: 1, endColumn: 1 });
    expect(first({ spans: [spanOf("a.rs", { line_start: 1, column_start: 1 })] })?.span).toEqual({
      path: "a.rs",
      line: 1,
      column: 1,
      endLine: 2,
      endColumn: 4,
    });
  });

  it("follows sixteen macros to the call in the workspace, and no more", () => {
    const within = (depth: number): object => (depth === 0 ? spanOf("src/a.rs") : spanOf("/rustc/m.rs", { expansion: { span: within(depth - 1) } }));
    expect(first({ spans: [within(15)] })?.span?.path).toBe("src/a.rs");
    expect(first({ spans: [within(16)] })?.span).toBeNull();
  });
  function replacement(text: string, column: number, file = "a.rs"): object {
    return spanOf(file, { column_start: column, column_end: column + 2, suggested_replacement: text, suggestion_applicability: "MachineApplicable" });
  }

  it("groups the replacements of a proposal", () => {
    const children = [{ spans: [replacement("(", 1), replacement(")", 9)] }, { spans: [spanOf("a.rs")] }, { spans: [replacement("x", 5)] }];
    expect(first({ children })?.suggestions.map(({ replacement: text, group }) => `${text}${group}`)).toEqual(["(0", ")0", "x1"]);
  });

  it("gives each proposal a group of its own, also right behind another, and passes over those that propose nothing", () => {
    const [one, two, none] = [{ spans: [replacement("x", 5)] }, { spans: [replacement("y", 9)] }, { spans: [spanOf("a.rs")] }];
    expect(first({ children: [one, two, none, none, one] })?.suggestions.map(({ group }) => group)).toEqual([0, 1, 2]);
  });

  it("takes the first of several primary spans", () => {
    expect(first({ spans: [spanOf("a.rs"), spanOf("b.rs")] })?.span?.path).toBe("a.rs");
  });

  it("takes alternatives apart", () => {
    const children = [{ spans: [replacement("x", 5), replacement("y", 5)] }, { spans: [replacement("z", 8)] }];
    expect(first({ children })?.suggestions.map(({ replacement: text, group }) => `${text}${group}`)).toEqual(["x0", "y1", "z2"]);
  });

  it("takes replacements for alternatives where they overlap, in whatever order and over lines, and not where they touch", () => {
    const over = (text: string, from: readonly [number, number], to: readonly [number, number], file = "a.rs") =>
      spanOf(file, { line_start: from[0], column_start: from[1], line_end: to[0], column_end: to[1], suggested_replacement: text });
    const groups = (...spans: readonly object[]) => first({ children: [{ spans }] })?.suggestions.map(({ group }) => group);
    expect(groups(over("x", [2, 5], [2, 7]), over("y", [2, 7], [2, 9]))).toEqual([0, 0]);
    expect(groups(over("x", [2, 5], [2, 8]), over("y", [2, 7], [2, 9]))).toEqual([0, 1]);
    expect(groups(over("y", [2, 7], [2, 9]), over("x", [2, 5], [2, 8]))).toEqual([0, 1]);
    expect(groups(over("x", [2, 5], [4, 1]), over("y", [3, 1], [3, 2]))).toEqual([0, 1]);
    expect(groups(over("x", [2, 5], [2, 9]), over("y", [3, 1], [3, 2]))).toEqual([0, 0]);
    expect(groups(over("y", [3, 1], [3, 2]), over("x", [2, 5], [2, 9]))).toEqual([0, 0]);
    expect(groups(over("x", [2, 5], [2, 5]), over("y", [2, 5], [2, 5]))).toEqual([0, 1]);
    expect(groups(over("x", [2, 5], [2, 8]), over("y", [2, 7], [2, 9], "b.rs"))).toEqual([0, 0]);
  });

  it.each(["MachineApplicable", "MaybeIncorrect", "HasPlaceholders", "Unspecified"])("reads a proposal that is %s", (applicability) => {
    const children = [{ spans: [spanOf("a.rs", { suggested_replacement: "x", suggestion_applicability: applicability })] }];
    expect(first({ children })?.suggestions).toMatchObject([{ applicability }]);
  });

  it("takes a proposal of unknown kind for one that is not said to apply", () => {
    const children = [{ spans: [spanOf("a.rs", { suggested_replacement: "x", suggestion_applicability: "Surely" })] }];
    expect(first({ children })?.suggestions).toMatchObject([{ applicability: "Unspecified" }]);
  });

  it("drops a proposal that reaches out of the workspace", () => {
    expect(first({ children: [{ spans: [replacement("x", 5), replacement("y", 9, "/rustc/a.rs")] }] })?.suggestions).toEqual([]);
  });

  it("survives fields of any type", () => {
    const fields = fc.dictionary(fc.constantFrom("level", "message", "code", "spans", "children", "rendered"), fc.jsonValue());
    fc.assert(fc.property(fields, (some) => readCargoMessages(message(some)).unparsable === 0));
  });

  it("survives any text", () => {
    fc.assert(fc.property(fc.string(), (text) => readCargoMessages(text).diagnostics.length === 0));
  });
});

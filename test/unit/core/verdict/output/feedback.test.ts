// Tests of what compiler messages a model may see.
import { describe, expect, it } from "vitest";
import { errorCodes, visibleDiagnostics } from "../../../../../src/core/verdict/output/feedback.ts";
import type { Diagnostic } from "../../../../../src/core/verdict/verdict.ts";

function diagnostic(fields: Partial<Diagnostic> = {}): Diagnostic {
  return { level: "error", code: "E0001", message: "m", span: null, rendered: "", suggestions: [], ...fields };
}

function spanOf(path: string) {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 2 };
}

const isHidden = (path: string) => path === "tests/hidden.rs";

describe("visibleDiagnostics", () => {
  it("keeps messages that show nothing hidden", () => {
    const all = [diagnostic(), diagnostic({ span: spanOf("src/a.rs"), rendered: "error: m\n  --> src/a.rs:1:1\n   |" })];
    expect(visibleDiagnostics(all, isHidden)).toEqual(all);
  });

  it.each([
    ["its place", { span: spanOf("tests/hidden.rs") }],
    ["its text", { rendered: "error: m\n  --> tests/hidden.rs:3:14\n   |\n3  | secret" }],
    ["a second place in its text", { rendered: "  --> src/a.rs:1:1\n  ::: tests/hidden.rs:3:14\n" }],
    ["a place without column", { rendered: "  ::: tests/hidden.rs:3\n" }],
    ["a place without line", { rendered: "  ::: tests/hidden.rs\r\n" }],
    ["a suggestion", { suggestions: [{ span: spanOf("tests/hidden.rs"), replacement: "x", applicability: "Unspecified" as const, group: 0 }] }],
  ])("drops a message by %s", (_name, fields) => {
    expect(visibleDiagnostics([diagnostic(fields)], isHidden)).toEqual([]);
  });

  it("keeps a message that mentions a hidden path in prose", () => {
    expect(visibleDiagnostics([diagnostic({ rendered: "see tests/hidden.rs" })], isHidden)).toHaveLength(1);
  });

  it("drops messages that show a secret name", () => {
    const all = [diagnostic({ rendered: "fn zq1() {" }), diagnostic({ message: "unused `zq1`" }), diagnostic()];
    expect(visibleDiagnostics(all, isHidden, ["zq1"])).toEqual([diagnostic()]);
  });
});

describe("errorCodes", () => {
  it("lists the codes of errors once, sorted", () => {
    const codes = ["E0599", "E0308", "none", "E0599"].map((code) => diagnostic({ code }));
    expect(errorCodes([...codes, diagnostic({ level: "warning", code: "unused" })])).toEqual(["E0308", "E0599", "none"]);
  });

  it("is empty without errors", () => {
    expect(errorCodes([])).toEqual([]);
  });
});

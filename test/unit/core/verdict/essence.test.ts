// What of a verdict must come out alike when it is computed again, and what may differ.
import { describe, expect, it } from "vitest";
import { isSameEssence, verdictEssence } from "../../../../src/core/verdict/essence.ts";
import { readVerdict } from "../../../../src/core/verdict/stored-verdict.ts";
import type { TestResult, Verdict } from "../../../../src/core/verdict/verdict.ts";

const test = (id: string, status: TestResult["status"], heldOut = false, output = ""): TestResult => ({ id, status, heldOut, output });
const span = { path: "src/lib.rs", line: 1, column: 2, endLine: 1, endColumn: 3 };
const diagnostic = {
  level: "error" as const,
  code: "E0308",
  message: "m",
  span,
  rendered: "r",
  suggestions: [{ span, replacement: "x", applicability: "Unspecified" as const, group: 0 }],
};
const tests = [test("a", "passed"), test("b", "failed", true)];

const VERDICTS: readonly Verdict[] = [
  { status: "passed", tests },
  { status: "failed", tests },
  { status: "failed", tests: [test("a", "ignored"), test("b", "missing", true)], notRun: ["c"] },
  { status: "disputed", tests, differences: [{ key: "k", expected: "1", seen: null }] },
  { status: "compile-error", codes: ["E0308"], diagnostics: [diagnostic, { ...diagnostic, level: "warning", span: null, suggestions: [] }] },
  { status: "compile-error", codes: ["E0382"], diagnostics: [] },
  { status: "timeout", phase: "compile", limitS: 60 },
  { status: "timeout", phase: "test", limitS: 60 },
  { status: "tampered", seen: [{ rule: "exit-code", detail: "d" }] },
  { status: "tampered", seen: [{ rule: "counts", detail: "d" }], afterLoop: true },
  { status: "patch-rejected", why: "ambiguous", detail: "twice" },
  { status: "infrastructure", detail: "no disk" },
];

describe("the essence of a verdict", () => {
  it("is another for every other status, test, code, phase and rule", () => {
    for (const [at, one] of VERDICTS.entries())
      for (const [other, two] of VERDICTS.entries()) expect(isSameEssence(verdictEssence(one), verdictEssence(two))).toBe(at === other);
  });

  it.each<readonly [string, Verdict, Verdict]>([
    ["tests print", { status: "failed", tests: [test("a", "failed", false, "x")] }, { status: "failed", tests: [test("a", "failed", false, "y")] }],
    ["order the tests have", { status: "failed", tests }, { status: "failed", tests: tests.toReversed() }],
    ["the compiler says", { status: "compile-error", codes: ["E1"], diagnostics: [] }, { status: "compile-error", codes: ["E1"], diagnostics: [diagnostic] }],
    ["limit there was", { status: "timeout", phase: "test", limitS: 1 }, { status: "timeout", phase: "test", limitS: 2 }],
    ["a rule saw", { status: "tampered", seen: [{ rule: "r", detail: "x" }] }, { status: "tampered", seen: [{ rule: "r", detail: "y" }] }],
    ["our own failure was", { status: "infrastructure", detail: "x" }, { status: "infrastructure", detail: "y" }],
  ])("is the same whatever %s", (_, one, two) => {
    expect(isSameEssence(verdictEssence(one), verdictEssence(two))).toBe(true);
  });

  it("of a dispute is in its tests, too, and not in what was seen otherwise", () => {
    const disputed = (status: TestResult["status"], seen: string): Verdict => ({
      status: "disputed",
      tests: [test("a", status, true)],
      differences: [{ key: "k", expected: "1", seen }],
    });
    const same = (one: Verdict, two: Verdict) => isSameEssence(verdictEssence(one), verdictEssence(two));
    expect([same(disputed("passed", "2"), disputed("failed", "2")), same(disputed("passed", "2"), disputed("passed", "3"))]).toEqual([false, true]);
  });

  it("is another where a test is held out in one and visible in the other", () => {
    const [one, two] = [true, false].map((heldOut): Verdict => ({ status: "passed", tests: [test("a", "passed", heldOut)] }));
    expect(isSameEssence(verdictEssence(one as Verdict), verdictEssence(two as Verdict))).toBe(false);
  });
});

describe("a stored verdict", () => {
  it.each(VERDICTS)("is read as it was written: %#", (verdict) => {
    expect(readVerdict(JSON.stringify(verdict))).toEqual(verdict);
  });

  it.each<readonly [string, object]>([
    ["an unknown status", { status: "won", tests: [] }],
    ["a key that no verdict has", { status: "passed", tests: [], score: 1 }],
    ["no tests", { status: "passed" }],
    ["a test of unknown outcome", { status: "passed", tests: [{ ...test("a", "passed"), status: "flaky" }] }],
    ["an unknown phase", { status: "timeout", phase: "link", limitS: 1 }],
    ["an unknown reason", { status: "patch-rejected", why: "late", detail: "" }],
    ["tampering that is said not to come after the loop", { status: "tampered", seen: [], afterLoop: false }],
    ["a place before the first line", { status: "compile-error", codes: [], diagnostics: [{ ...diagnostic, span: { ...span, line: -1 } }] }],
    ["half a column", { status: "compile-error", codes: [], diagnostics: [{ ...diagnostic, span: { ...span, column: 1.5 } }] }],
    ["an unknown level", { status: "compile-error", codes: [], diagnostics: [{ ...diagnostic, level: "note" }] }],
  ])("is none with %s", (_, verdict) => {
    expect(readVerdict(JSON.stringify(verdict))).toBeNull();
  });

  it("is none where the text is no JSON", () => {
    expect(readVerdict("")).toBeNull();
    expect(readVerdict('{"status":"passed","tests":[]')).toBeNull();
  });

  it.each(["MachineApplicable", "MaybeIncorrect", "HasPlaceholders", "Unspecified"])("may hold a suggestion that is %s", (applicability) => {
    const verdict = { status: "compile-error", codes: [], diagnostics: [{ ...diagnostic, suggestions: [{ ...diagnostic.suggestions[0], applicability }] }] };
    expect(readVerdict(JSON.stringify(verdict))).toEqual(verdict);
  });

  it.each(["not-json", "schema", "path-not-allowed", "text-not-found", "ambiguous", "patch-does-not-apply", "too-large", "model-error"])(
    "may say that a patch was rejected as %s",
    (why) => {
      expect(readVerdict(JSON.stringify({ status: "patch-rejected", why, detail: "" }))).not.toBeNull();
    },
  );
});

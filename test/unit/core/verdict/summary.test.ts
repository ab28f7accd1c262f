// A verdict in one line: what routing goes by, for each status, and never half a character.
import { describe, expect, it } from "vitest";
import { verdictSummary } from "../../../../src/core/trial/events/tool-result.ts";
import { summariseVerdict } from "../../../../src/core/verdict/summary.ts";
import type { TestResult, Verdict } from "../../../../src/core/verdict/verdict.ts";

const test = (id: string, status: TestResult["status"], heldOut = false): TestResult => ({ id, status, heldOut, output: "" });

const CASES: readonly [string, Verdict, readonly [boolean, number, number, number]][] = [
  ["all passed", { status: "passed", tests: [test("a", "passed"), test("h", "passed", true)] }, [true, 2, 0, 0]],
  ["a visible failure", { status: "failed", tests: [test("a", "failed"), test("b", "passed")] }, [false, 1, 1, 0]],
  ["a held-out failure", { status: "failed", tests: [test("a", "passed"), test("h", "failed", true)] }, [true, 1, 1, 1]],
  ["a test that is missing", { status: "failed", tests: [test("a", "missing")] }, [false, 0, 1, 0]],
  ["a test that is ignored", { status: "failed", tests: [test("a", "ignored")] }, [false, 0, 1, 0]],
  ["errors of the compiler", { status: "compile-error", codes: ["E0308", "E0382"], diagnostics: [] }, [false, 0, 0, 0]],
  ["a timeout", { status: "timeout", phase: "compile", limitS: 60 }, [false, 0, 0, 0]],
  ["tampering", { status: "tampered", seen: [{ rule: "exit", detail: "early" }] }, [false, 0, 0, 0]],
  ["a rejected patch", { status: "patch-rejected", why: "ambiguous", detail: "twice" }, [false, 0, 0, 0]],
  ["our own failure", { status: "infrastructure", detail: "no disk" }, [false, 0, 0, 0]],
];

describe("summariseVerdict", () => {
  for (const [name, verdict, [visible, passed, failed, heldOut]] of CASES) {
    it(`tells ${name}`, () => {
      const facts = summariseVerdict(verdict);
      expect([facts.status, facts.visible_passed, facts.tests_passed, facts.tests_failed, facts.held_out_failed]).toEqual([
        verdict.status,
        visible,
        passed,
        failed,
        heldOut,
      ]);
      expect(verdictSummary.safeParse(facts).success).toBe(true);
      expect(facts.detail === "").toBe(verdict.status === "passed");
    });
  }

  it("never names a held-out test", () => {
    const { detail } = summariseVerdict({ status: "failed", tests: [test("seen", "failed"), test("secret", "failed", true)] });
    expect(detail).toContain("seen");
    expect(detail).not.toContain("secret");
  });

  it("says what a person asks next", () => {
    const detail = (verdict: Verdict) => summariseVerdict(verdict).detail;
    const names = ["a", "b", "c", "d"].map((id) => test(id, "failed"));
    expect(detail({ status: "failed", tests: [...names, test("e", "passed"), test("h", "missing", true)] })).toBe("5 of 6 tests fail: a, b, c, 1 held-out");
    expect(detail({ status: "failed", tests: [test("a", "failed")] })).toBe("1 of 1 tests fail: a");
    expect(detail({ status: "compile-error", codes: ["E0308", "E0382"], diagnostics: [] })).toBe("does not compile: E0308, E0382");
    expect(detail({ status: "timeout", phase: "compile", limitS: 60 })).toBe("compiling took longer than 60 s");
    expect(detail({ status: "timeout", phase: "test", limitS: 5 })).toBe("testing took longer than 5 s");
    expect(
      detail({
        status: "tampered",
        seen: [
          { rule: "exit", detail: "early" },
          { rule: "counts", detail: "two" },
        ],
      }),
    ).toBe("exit: early; counts: two");
    expect(detail({ status: "patch-rejected", why: "ambiguous", detail: "twice" })).toBe("ambiguous: twice");
  });

  it("has the codes of a build that fails, and knows tampering that was seen after the visible tests had passed", () => {
    expect(summariseVerdict({ status: "compile-error", codes: ["E0308"], diagnostics: [] }).error_codes).toEqual(["E0308"]);
    expect(summariseVerdict({ status: "failed", tests: [test("a", "failed")] }).error_codes).toEqual([]);
    expect(summariseVerdict({ status: "tampered", seen: [], afterLoop: true }).visible_passed).toBe(true);
  });

  it("tells the two ways of a dispute apart, each of them with its visible tests passed", () => {
    const tests = [test("a", "passed"), test("g", "passed", true), test("h", "failed", true), test("i", "missing", true)];
    expect(summariseVerdict({ status: "disputed", tests, differences: [] })).toMatchObject({
      visible_passed: true,
      held_out_failed: 2,
      detail: "2 held-out tests fail, though they saw what they see on the clean base",
    });
    const differences = [{ key: "k", expected: "1", seen: "2" }];
    expect(summariseVerdict({ status: "disputed", tests: tests.slice(0, 2), differences })).toMatchObject({
      visible_passed: true,
      held_out_failed: 0,
      detail: "the held-out tests pass, though 1 of the values they saw differ from the clean base",
    });
  });

  it("is short, and cuts no character in half", () => {
    const long = `${"x".repeat(499 - "infrastructure".length)}${"😀".repeat(400)}`;
    const verdicts: Verdict[] = [
      ...Array.from({ length: 4 }, (_, shift): Verdict => ({ status: "infrastructure", detail: "x".repeat(shift) + long })),
      { status: "patch-rejected", why: "schema", detail: `x${long}` },
      { status: "tampered", seen: [{ rule: "r", detail: long }] },
      { status: "failed", tests: [test(long, "failed")] },
      { status: "compile-error", codes: [long], diagnostics: [] },
      { status: "infrastructure", detail: "\ud800" },
    ];
    for (const verdict of verdicts) {
      const { detail } = summariseVerdict(verdict);
      expect(detail.length).toBeLessThanOrEqual(500);
      expect(detail.isWellFormed()).toBe(true);
    }
  });
});

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

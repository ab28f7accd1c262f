import { describe, expect, it } from "vitest";
import { concluded } from "../../../../src/core/verdict/concluded.ts";
import type { TestResult, Verdict } from "../../../../src/core/verdict/verdict.ts";

const test = (id: string, heldOut: boolean, status: TestResult["status"] = "passed"): TestResult => ({
  id,
  status,
  heldOut,
  output: status === "passed" ? "" : "secret",
});
const loop: Extract<Verdict, { status: "passed" }> = { status: "passed", tests: [test("a", false)] };
const ran = (status: "passed" | "failed", heldOut: TestResult["status"]): Verdict => ({ status, tests: [test("a", false), test("h", true, heldOut)] });
const other = [{ key: "h\t1:1\tleft\t0", expected: "1", seen: "2" }];

describe("a patch that passed the loop", () => {
  it("has passed where the held-out tests pass and saw what they see on the clean base", () => {
    expect(concluded(loop, ran("passed", "passed"), [])).toEqual({ status: "passed", tests: [test("a", false), test("h", true)] });
    expect(concluded(loop, ran("passed", "passed"), null).status).toBe("passed");
  });

  it("has failed where both say so, or the tests alone where nothing is observed", () => {
    expect(concluded(loop, ran("failed", "failed"), other).status).toBe("failed");
    expect(concluded(loop, ran("failed", "failed"), null).status).toBe("failed");
  });

  it("is disputed where the two disagree", () => {
    expect(concluded(loop, ran("passed", "passed"), other)).toMatchObject({ status: "disputed", differences: other });
    expect(concluded(loop, ran("failed", "failed"), [])).toMatchObject({ status: "disputed", differences: [] });
  });

  it("keeps the loop's word on visible tests, whatever the confirmation saw of them", () => {
    const verdict = concluded(loop, { status: "failed", tests: [test("a", false, "failed"), test("h", true, "failed")] }, other);
    expect(verdict).toMatchObject({ status: "failed", tests: [test("a", false), { id: "h", status: "failed" }] });
  });

  it("has failed a confirmation that does not compile or does not end, and nothing of its output is told", () => {
    for (const confirmation of [
      { status: "compile-error", codes: ["E0308"], diagnostics: [] },
      { status: "timeout", phase: "test", limitS: 5 },
    ] as const) {
      const verdict = concluded(loop, confirmation, null);
      expect(verdict.status).toBe("failed");
      expect(JSON.stringify(verdict)).not.toContain("E0308");
    }
  });

  it("is tampered with where that is seen after the loop, which has ended", () => {
    expect(concluded(loop, { status: "tampered", seen: [] }, null)).toEqual({ status: "tampered", seen: [], afterLoop: true });
    expect(concluded(loop, { status: "infrastructure", detail: "x" }, null).status).toBe("infrastructure");
  });
});

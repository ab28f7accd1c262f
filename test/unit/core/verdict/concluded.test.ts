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

  it("is disputed where no held-out test fails, whatever else the confirmation failed by", () => {
    const visibleOnly: Verdict = { status: "failed", tests: [test("a", false, "failed"), test("h", true)] };
    expect(concluded(loop, visibleOnly, other)).toMatchObject({ status: "disputed", differences: other });
    expect(concluded(loop, visibleOnly, null)).toMatchObject({ status: "disputed", differences: [] });
  });

  it("names twenty differences, and its tests in the order of their ids", () => {
    const many = Array.from({ length: 25 }, (_, at) => ({ key: `k${at}`, expected: "1", seen: "2" }));
    const wide = { ...loop, tests: [test("z", false), test("a", false)] };
    const verdict = concluded(wide, { status: "passed", tests: [test("m", true), test("b", true)] }, many);
    expect(verdict).toMatchObject({ status: "disputed", differences: many.slice(0, 20) });
    expect("tests" in verdict && verdict.tests.map(({ id }) => id)).toEqual(["a", "b", "m", "z"]);
  });

  it("keeps the loop's word on visible tests, whatever the confirmation saw of them", () => {
    const verdict = concluded(loop, { status: "failed", tests: [test("a", false, "failed"), test("h", true, "failed")] }, other);
    expect(verdict).toMatchObject({ status: "failed", tests: [test("a", false), { id: "h", status: "failed" }] });
  });

  it("has failed a confirmation that does not compile or does not end, and nothing of its output is told", () => {
    for (const confirmation of [
      { status: "compile-error", codes: ["E0308"], diagnostics: [] },
      { status: "timeout", phase: "test", limitS: 5 },
      { status: "patch-rejected", why: "text-not-found", detail: "E0308" },
    ] as const) {
      const verdict = concluded(loop, confirmation, null);
      const told = { id: `(held-out tests: ${confirmation.status})`, status: "missing", heldOut: true, output: "" };
      expect(verdict).toEqual({ status: "failed", tests: [test("a", false), told] });
      expect(JSON.stringify(verdict)).not.toContain("E0308");
    }
  });

  it("is tampered with where that is seen after the loop, which has ended", () => {
    expect(concluded(loop, { status: "tampered", seen: [] }, null)).toEqual({ status: "tampered", seen: [], afterLoop: true });
    expect(concluded(loop, { status: "infrastructure", detail: "x" }, null).status).toBe("infrastructure");
  });
});

// A verdict in one line, as events carry it and routing uses it.
import type { Verdict } from "./verdict.ts";

export interface VerdictFacts {
  readonly status: Verdict["status"];
  /** Did all visible tests pass? */
  readonly visible_passed: boolean;
  readonly tests_passed: number;
  readonly tests_failed: number;
  readonly held_out_failed: number;
  readonly error_codes: string[];
  readonly detail: string;
}

export function summariseVerdict(verdict: Verdict): VerdictFacts {
  const none = { status: verdict.status, visible_passed: false, tests_passed: 0, tests_failed: 0, held_out_failed: 0, error_codes: [] };
  switch (verdict.status) {
    case "passed":
    case "failed":
      return testFacts(verdict);
    case "disputed":
      return { ...testFacts(verdict), visible_passed: true, detail: clipped(disputeText(verdict)) };
    case "compile-error":
      return { ...none, error_codes: [...verdict.codes], detail: clipped(`does not compile: ${verdict.codes.join(", ")}`) };
    case "timeout":
      return { ...none, detail: `${verdict.phase === "compile" ? "compiling" : "testing"} took longer than ${verdict.limitS} s` };
    case "tampered":
      return { ...none, visible_passed: verdict.afterLoop ?? false, detail: clipped(verdict.seen.map(({ rule, detail }) => `${rule}: ${detail}`).join("; ")) };
    case "patch-rejected":
      return { ...none, detail: clipped(`${verdict.why}: ${verdict.detail}`) };
    case "infrastructure":
      return { ...none, detail: clipped(verdict.detail) };
  }
}

/** At most 500 characters, none of them split. */
const clipped = (text: string): string => text.slice(0, 500).toWellFormed();

function disputeText({ tests, differences }: Extract<Verdict, { status: "disputed" }>): string {
  const heldOut = tests.filter((test) => test.heldOut && test.status !== "passed").length;
  if (differences.length === 0) return `${heldOut} held-out tests fail, though they saw what they see on the clean base`;
  return `the held-out tests pass, though ${differences.length} of the values they saw differ from the clean base`;
}

function testFacts(verdict: Extract<Verdict, { status: "passed" | "failed" | "disputed" }>): VerdictFacts {
  const failed = verdict.tests.filter((test) => test.status !== "passed");
  const visible = failed.filter((test) => !test.heldOut);
  const heldOut = failed.length - visible.length;
  const names = visible.slice(0, 3).map((test) => test.id);
  const hidden = heldOut > 0 ? [`${heldOut} held-out`] : [];
  return {
    status: verdict.status,
    visible_passed: visible.length === 0,
    tests_passed: verdict.tests.length - failed.length,
    tests_failed: failed.length,
    held_out_failed: heldOut,
    error_codes: [],
    detail: failed.length === 0 ? "" : clipped(`${failed.length} of ${verdict.tests.length} tests fail: ${[...names, ...hidden].join(", ")}`),
  };
}

// The Judge's stand-in: unlocks exactly what passed verification.
import type { TestResult, Verdict } from "../../../core/verdict/verdict.ts";

const NAMED = 5;

interface Finding {
  readonly rationale: string;
  readonly nextSteps: readonly string[];
}

/** The judgement as JSON. Held-out tests are counted, never named. */
export function testVerdictJudgement(verdict: Verdict | null): string {
  const { rationale, nextSteps } = verdict === null ? { rationale: "nothing was verified", nextSteps: ["verify a patch"] } : findingOf(verdict);
  return JSON.stringify({
    unlock_decision: verdict?.status === "passed" ? "UNLOCK" : "BLOCK",
    decision_rationale: `Stand-in test-verdict: ${rationale}.`,
    next_steps: nextSteps,
  });
}

function findingOf(verdict: Verdict): Finding {
  switch (verdict.status) {
    case "passed":
      return { rationale: `all ${ran(verdict.tests)} tests that ran passed`, nextSteps: [] };
    case "failed":
      return failedFinding(verdict.tests);
    case "disputed":
      return { rationale: "the held-out tests and what they saw disagree", nextSteps: ["look at what the held-out tests saw"] };
    case "compile-error":
      return {
        rationale: "the tree does not compile",
        nextSteps: [...new Set(verdict.codes)].map((code) => `repair ${code === "none" ? "an error without a code" : code}`),
      };
    case "timeout":
      return { rationale: `the ${verdict.phase} phase did not end within ${verdict.limitS} s`, nextSteps: ["find what does not end"] };
    case "tampered":
      return { rationale: "the verdict protocol was broken", nextSteps: verdict.seen.map(({ rule }) => `look at ${rule}`) };
    case "patch-rejected":
      return { rationale: `the patch was never applied: ${verdict.why}`, nextSteps: ["write a patch that applies"] };
    case "infrastructure":
      return { rationale: "the harness could not verify the patch", nextSteps: ["verify again"] };
  }
}

function failedFinding(tests: readonly TestResult[]): Finding {
  const failing = tests.filter(({ status }) => status === "failed" || status === "missing");
  const visible = failing.filter(({ heldOut }) => !heldOut);
  const hidden = failing.length - visible.length;
  const more = visible.length > NAMED ? [`repair ${visible.length - NAMED} more`] : [];
  return {
    rationale: `${counted(failing.length, "test")} of ${tests.length} did not pass, ${hidden} of them held out`,
    nextSteps: [...visible.slice(0, NAMED).map(({ id }) => `repair ${id}`), ...more],
  };
}

function ran(tests: readonly TestResult[]): number {
  return tests.filter(({ status }) => status === "passed").length;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

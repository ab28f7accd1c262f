// The verdict of a patch that passed the loop, from what the confirmation found of it.
import type { ObservedDifference, TestResult, Verdict } from "./verdict.ts";

/** Differences that a verdict names at the most. */
const MAX_NAMED = 20;

/**
 * `loop`: the verdict of the loop's build, which is `passed`. `differences`: where observed values are others than on the clean base;
 * null: nothing was observed, so that the held-out tests decide alone. What the confirmation says of visible tests is not told: it
 * comes from a build whose output nobody is shown.
 */
export function concluded(loop: Extract<Verdict, { status: "passed" }>, confirmation: Verdict, differences: readonly ObservedDifference[] | null): Verdict {
  const visible = loop.tests.filter(({ heldOut }) => !heldOut);
  switch (confirmation.status) {
    case "passed":
    case "failed":
    case "disputed":
      return byTests(visible, confirmation, differences);
    case "tampered":
      return { ...confirmation, afterLoop: true };
    case "infrastructure":
      return confirmation;
    case "compile-error":
    case "timeout":
    case "patch-rejected":
      return { status: "failed", tests: [...visible, { id: `(held-out tests: ${confirmation.status})`, status: "missing", heldOut: true, output: "" }] };
  }
}

function byTests(
  visible: readonly TestResult[],
  { status, tests }: Extract<Verdict, { status: "passed" | "failed" | "disputed" }>,
  differences: readonly ObservedDifference[] | null,
): Verdict {
  const heldOut = tests.filter((test) => test.heldOut);
  const all = [...visible, ...heldOut].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const differ = (differences ?? []).slice(0, MAX_NAMED);
  const agrees = differences === null || differ.length === 0;
  if (status === "passed") return agrees ? { status: "passed", tests: all } : { status: "disputed", tests: all, differences: differ };
  const fails = heldOut.some((test) => test.status !== "passed");
  return fails && (differences === null || !agrees) ? { status: "failed", tests: all } : { status: "disputed", tests: all, differences: differ };
}

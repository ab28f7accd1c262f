// What of a verdict must come out alike when cargo runs again on the same tree: not what compilers and tests print.
import type { Json } from "../base/canonical.ts";
import type { Verdict } from "./verdict.ts";

/** Status, tests by name, error codes. */
export function verdictEssence(verdict: Verdict): Json {
  if (verdict.status === "passed" || verdict.status === "failed" || verdict.status === "disputed")
    return {
      status: verdict.status,
      tests: verdict.tests.map(({ id, status, heldOut }) => `${id}: ${status}${heldOut ? " (held out)" : ""}`).toSorted(),
    };
  if (verdict.status === "compile-error") return { status: verdict.status, codes: [...verdict.codes] };
  if (verdict.status === "timeout") return { status: verdict.status, phase: verdict.phase };
  return { status: verdict.status, rules: verdict.status === "tampered" ? verdict.seen.map(({ rule }) => rule) : [] };
}

export const isSameEssence = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

// Which tests a task names, and by which codes it fails: read from the verdict on the tree without the repair.
import type { TaskDraft } from "../core/suite/making/repair.ts";
import { testKey } from "../core/suite/making/source-test.ts";
import type { TaskLists } from "../core/suite/making/task-form.ts";
import { testIdentities } from "../core/suite/making/test-identity.ts";
import { summariseVerdict } from "../core/verdict/summary.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import type { PreparedBase } from "../ports/workbench.ts";
import { dropped, type JudgedOutcome } from "./judged-outcome.ts";

export type Lists = Omit<TaskLists, "instruction">;

/** What a task says of its tests, by the verdict on the tree without the repair; or why that makes none. */
export function listsOf(draft: TaskDraft, prepared: PreparedBase, verdict: Verdict): Lists | JudgedOutcome {
  switch (verdict.status) {
    case "passed":
      return dropped("not-broken", isRun(draft, prepared) ? "" : UNRUN);
    case "compile-error":
      return compileLists(draft, prepared, verdict.codes);
    case "failed":
      return testLists(draft, verdict);
    case "timeout":
      return dropped("slow", summariseVerdict(verdict).detail);
    case "infrastructure":
      return dropped("sandbox", verdict.detail);
    case "tampered":
    case "disputed":
    case "patch-rejected":
      return dropped("protocol", summariseVerdict(verdict).detail);
  }
}

const UNRUN = "its tests are not among those that the binaries run: behind a feature, --features NAME or --all-features builds them";

function isRun(draft: TaskDraft, { visibleTests, heldOutTests }: PreparedBase): boolean {
  const identify = testIdentities(draft.repair.clean);
  return draft.visible.some((test) => visibleTests.some(identify(test, false))) || draft.heldOut.some((test) => heldOutTests.some(identify(test, true)));
}

/** Where nothing compiles, the repair's own tests are those that exercise it. */
function compileLists(draft: TaskDraft, prepared: PreparedBase, errorCodes: readonly string[]): Lists | JudgedOutcome {
  const identify = testIdentities(draft.repair.clean);
  const failToPass = prepared.visibleTests.filter((id) => draft.visible.some((test) => identify(test, false)(id)));
  const heldOut = prepared.heldOutTests.filter((id) => draft.heldOut.some((test) => identify(test, true)(id)));
  if (failToPass.length === 0 || heldOut.length === 0) return dropped("held-out", UNRUN);
  return { kind: "compile", errorCodes, failToPass, heldOut };
}

function testLists(draft: TaskDraft, verdict: Extract<Verdict, { status: "failed" }>): Lists | JudgedOutcome {
  const failed = verdict.tests.filter(({ status }) => status !== "passed");
  const idsOf = (side: boolean): string[] => failed.filter(({ heldOut }) => heldOut === side).map(({ id }) => id);
  const [failToPass, heldOut] = [idsOf(false), idsOf(true)];
  if (failToPass.length > 0 && heldOut.length > 0) return { kind: "test", errorCodes: [], failToPass, heldOut };
  const identify = testIdentities(draft.repair.clean);
  const seen = [
    ...draft.visible.filter((test) => failToPass.some(identify(test, false))),
    ...draft.heldOut.filter((test) => heldOut.some(identify(test, true))),
  ];
  return dropped("one-sided", `${failToPass.length} visible and ${heldOut.length} held-out tests fail`, { failing: [...new Set(seen.map(testKey))] });
}

// A run under another policy, as the viewer's page.
import { expect, it } from "vitest";
import { foldRun } from "../../../../../src/core/capsule/record.ts";
import type { WrittenPolicy } from "../../../../../src/core/policy/schema.ts";
import type { PolicySnapshot } from "../../../../../src/core/policy/snapshot.ts";
import { counterfactual } from "../../../../../src/core/replay/counterfactual/counterfactual.ts";
import { otherPolicyPage } from "../../../../../src/core/report/runs/other-policy.ts";
import { policyWith, taskNamed } from "../../../run/fakes.ts";
import { readerOf, recorded } from "../../replay/recorded.ts";

/** The policy that names the models of this small world. */
const policy = (change: (policy: WrittenPolicy) => void = () => undefined) =>
  policyWith((written) => {
    const { architect, implementer, judge, sidecar_critic: critic } = written.roles;
    [architect.model, implementer.model, judge.model, critic.model] = ["big", "high", "big", "mini"];
    change(written);
  });
const snapshot = policy();
const { header, events } = await recorded({ tasks: [taskNamed("a"), taskNamed("b"), taskNamed("c", { risk: "high" })], snapshot });
const run = readerOf(foldRun(header, events));
const pageUnder = (other: PolicySnapshot, recordedPolicy: PolicySnapshot | null = snapshot) =>
  otherPolicyPage({ run: header.run_id, counterfactual: counterfactual(run, other), recorded: recordedPolicy, other, numberOf: () => 7 });

it("the recorded policy changes nothing", () => {
  const page = pageUnder(snapshot);
  expect(page).toMatchObject({ changes: [], unknowns: [], endings: [], openEndings: [], policyChanges: [] });
  expect(page.headline).toMatch(/nothing would have been decided otherwise/);
});

it("a policy without the slot names what it differs in, what would go otherwise and which ends are open", () => {
  const page = pageUnder(policy((written) => void (written.reflex.enabled = false)));
  expect(page.policyChanges?.map(({ key }) => key)).toEqual(["reflex.enabled"]);
  expect(page.candidates.every(({ changed }) => changed === 2)).toBe(true);
  expect(page.openEndings.length).toBeGreaterThan(0);
  for (const { number, lacks, other } of page.openEndings) expect([number, lacks !== "", other]).toEqual([7, true, "unknown"]);
});

it("says that the policies can't be held against each other where the recorded one is not in the capsule", () => {
  expect(pageUnder(snapshot, null).policyChanges).toBeNull();
});

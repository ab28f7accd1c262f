// The router: a golden table of whole trials, from plan to unlock decision.
import { describe, expect, it } from "vitest";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import type { Command, TrialPlan } from "../../../../src/core/trial/command.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { reason, REASONS } from "../../../../src/core/trial/reason.ts";
import { decide, RULES } from "../../../../src/core/router/next.ts";
import { CALM } from "../../../../src/core/trial/conditions.ts";
import { policyWith } from "../../run/fakes.ts";
import { type AttemptEnd, outcomeOf, planOf, type World } from "./history.ts";

interface Step {
  readonly command: Command;
  readonly rule: string;
}

const MAX_STEPS = 40;

/** Runs a trial in a world to its end, or throws when it has none. */
function simulate(snapshot: PolicySnapshot, trial: TrialPlan, world: World): { steps: Step[]; history: TrialEvent[] } {
  const history: TrialEvent[] = [];
  const steps: Step[] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { command, rule } = decide(snapshot, trial, history, CALM);
    steps.push({ command, rule });
    if (command.do === "finished") return { steps, history };
    history.push(...outcomeOf(command, world));
  }
  throw new Error("the trial has no end");
}

const spoken = ({ command }: Step): string => {
  if (command.do === "enter-stage") return `> ${command.to}`;
  if (command.do === "decide-gate") return `${command.decision.gate_name} ${command.decision.outcome}`;
  if (command.do === "note" || command.do === "stop" || command.do === "finished") return command.do;
  return `${command.routing.role}/${command.routing.mode} ${command.routing.selection_reason}`;
};

const inTurn = <T>(items: readonly T[], last: T) => {
  let at = 0;
  return (): T => items[at++] ?? last;
};

const worldOf = (attempts: readonly AttemptEnd[], judge: "yes" | "no" | "fails" = "yes", critic: "advisory" | "block" | "fails" = "advisory"): World => ({
  attempt: inTurn(attempts, "failed"),
  judge: () => judge,
  critic: () => critic,
});

const plain = policyWith();
const withBook = policyWith((policy) => void (policy.tier2.enabled = true));
const noReflex = policyWith((policy) => void (policy.reflex.enabled = false));
const noEscalation = policyWith((policy) => void (policy.escalation.on_attempts_exhausted = false));
const highInSlot = policyWith((policy) => void (policy.high_risk.skip_reflex = false));
const planAll = policyWith((policy) => void (policy.roles.architect.plans_risks = ["low", "high"]));

const CRITIC = "SidecarCritic/Cloud critic-always-on";
const JUDGE = "Judge/Cloud judge-unlocks";
const FIRST = "Implementer/Reflex reflex-first";
const RETRY = "Implementer/Reflex reflex-retry-with-feedback";
const ESCALATED = "Implementer/Cloud escalated-after-reflex-attempts";
const CLOUD_RETRY = "Implementer/Cloud cloud-retry-with-feedback";

const GOLDEN: readonly [string, PolicySnapshot, TrialPlan, World, readonly string[]][] = [
  [
    "a slot that passes at once",
    plain,
    planOf(),
    worldOf(["passed"]),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Pass", "finished"],
  ],
  [
    "a slot that passes at its second attempt",
    plain,
    planOf(),
    worldOf(["compile-error", "passed"]),
    ["> Plan", "> Implement", FIRST, RETRY, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Pass", "finished"],
  ],
  [
    "an escalation that passes",
    plain,
    planOf(),
    worldOf(["failed", "timeout", "passed"]),
    ["> Plan", "> Implement", FIRST, RETRY, ESCALATED, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Pass", "finished"],
  ],
  [
    "a trial that nobody solves",
    plain,
    planOf(),
    worldOf(["failed", "tampered", "failed", "compile-error"]),
    ["> Plan", "> Implement", FIRST, RETRY, ESCALATED, CLOUD_RETRY, "> Validate", "validate Fail", "> Audit", CRITIC, "> Unlock", "unlock Fail", "finished"],
  ],
  [
    "a last patch that could not be applied",
    plain,
    planOf(),
    worldOf(["patch-rejected", "patch-rejected", "patch-rejected", "patch-rejected"]),
    ["> Plan", "> Implement", FIRST, RETRY, ESCALATED, CLOUD_RETRY, "> Validate", "validate Fail", "> Audit", "> Unlock", "unlock Fail", "finished"],
  ],
  [
    "held-out tests that fail",
    plain,
    planOf(),
    worldOf(["held-out"]),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Warn", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Pass", "finished"],
  ],
  [
    "our own side failing",
    plain,
    planOf(),
    worldOf(["failed", "infrastructure"]),
    ["> Plan", "> Implement", FIRST, RETRY, "> Validate", "validate Skip", "> Audit", "> Unlock", "unlock Skip", "finished"],
  ],
  [
    "a judge's no",
    plain,
    planOf(),
    worldOf(["passed"], "no"),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Fail", "finished"],
  ],
  [
    "a judge that fails",
    plain,
    planOf(),
    worldOf(["passed"], "fails"),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Fail", "finished"],
  ],
  [
    "a critic's block",
    plain,
    planOf(),
    worldOf(["passed"], "yes", "block"),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Fail", "finished"],
  ],
  [
    "a critic that fails",
    plain,
    planOf(),
    worldOf(["passed"], "yes", "fails"),
    ["> Plan", "> Implement", FIRST, "> Validate", "validate Pass", "> Audit", CRITIC, "> Unlock", JUDGE, "unlock Pass", "finished"],
  ],
  [
    "high risk",
    plain,
    planOf({ risk: "high" }),
    worldOf(["failed", "passed"]),
    [
      "> Plan",
      "Architect/Cloud high-risk-plan",
      "> Implement",
      "Implementer/Cloud high-risk-skips-reflex",
      CLOUD_RETRY,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "high risk for capability",
    plain,
    planOf({ risk: "high", capability: true }),
    worldOf(["failed", "failed", "passed"]),
    [
      "> Plan",
      "Architect/Cloud high-risk-plan",
      "> Implement",
      "Implementer/Reflex capability-outside-policy",
      "Implementer/Reflex capability-outside-policy",
      ESCALATED,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "high risk that the policy lets into the slot",
    highInSlot,
    planOf({ risk: "high" }),
    worldOf(["passed"]),
    [
      "> Plan",
      "Architect/Cloud high-risk-plan",
      "> Implement",
      FIRST,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "reflex switched off",
    noReflex,
    planOf(),
    worldOf(["failed", "passed"]),
    [
      "> Plan",
      "> Implement",
      "Implementer/Cloud reflex-disabled",
      CLOUD_RETRY,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "no escalation",
    noEscalation,
    planOf(),
    worldOf(["failed", "failed"]),
    ["> Plan", "> Implement", FIRST, RETRY, "> Validate", "validate Fail", "> Audit", CRITIC, "> Unlock", "unlock Fail", "finished"],
  ],
  [
    "no escalation, but high risk",
    noEscalation,
    planOf({ risk: "high" }),
    worldOf(["passed"]),
    [
      "> Plan",
      "Architect/Cloud high-risk-plan",
      "> Implement",
      "Implementer/Cloud high-risk-skips-reflex",
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "the notebook beside the plan",
    withBook,
    planOf(),
    worldOf(["passed"]),
    [
      "> Plan",
      "NotebookLM/Service tier2-synthesis",
      "> Implement",
      FIRST,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
  [
    "an Architect for every risk",
    planAll,
    planOf(),
    worldOf(["passed"]),
    [
      "> Plan",
      "Architect/Cloud high-risk-plan",
      "> Implement",
      FIRST,
      "> Validate",
      "validate Pass",
      "> Audit",
      CRITIC,
      "> Unlock",
      JUDGE,
      "unlock Pass",
      "finished",
    ],
  ],
];

describe("the golden table", () => {
  for (const [name, snapshot, trial, world, commands] of GOLDEN) {
    it(`routes ${name}`, () => expect(simulate(snapshot, trial, world).steps.map(spoken)).toEqual(commands));
  }

  it("is decided by these rules, in this order", () => {
    expect(RULES.map(({ name }) => name)).toEqual([
      "spent-run-stops",
      "finished",
      "start-at-plan",
      "spent-stage-is-noted",
      "notebook-beside-plan",
      "architect-plans-by-risk",
      "plan-then-implement",
      "implement-until-visible-pass",
      "spent-stage-ends-attempts",
      "reflex-has-the-first-attempts",
      "shadow-beside-the-route",
      "cloud-takes-over",
      "implement-then-validate",
      "validate-by-verdict",
      "validate-then-audit",
      "critic-comments-on-final-patch",
      "audit-then-unlock",
      "judge-is-asked",
      "unlock-decides",
    ]);
  });

  it("gives each rule a name of its own and one sentence", () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    for (const { sentence } of RULES) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it("explains every selection reason to people", () => {
    expect(Object.keys(REASONS).toSorted()).toEqual([...reason.options].toSorted());
    for (const sentence of Object.values(REASONS)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

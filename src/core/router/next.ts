// The router: from a trial's history to its next command, by an array of named rules. Pure: no clock, no I/O, no randomness.
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Command, TrialPlan } from "../trial/command.ts";
import type { Conditions } from "../trial/conditions.ts";
import type { TrialEvent } from "../trial/event.ts";
import { stageNote, unlocking, validation } from "./gates.ts";
import { cloudAttempt, reflexAttempt, shadowAttempt } from "./implementer.ts";
import { callBy, isAt, isHighRisk, leave, routingBy, type Situation, spentStage } from "./situation.ts";
import { foldTrial } from "../trial/fold.ts";

interface Rule {
  readonly name: string;
  readonly sentence: string;
  /** The command, or null if the rule does not apply. */
  readonly decide: (situation: Situation) => Command | null;
}

export interface Decision {
  readonly rule: string;
  readonly command: Command;
}

/** Decides what a trial does next, under the conditions of its run. The first rule that applies wins. */
export function next(snapshot: PolicySnapshot, trial: TrialPlan, history: readonly TrialEvent[], conditions: Conditions): Command {
  return decide(snapshot, trial, history, conditions).command;
}

/** The same, with the name of the rule that decided. */
export function decide(snapshot: PolicySnapshot, trial: TrialPlan, history: readonly TrialEvent[], conditions: Conditions): Decision {
  return firstOf(RULES, { snapshot, policy: snapshot.policy, trial, state: foldTrial(history), conditions });
}

function firstOf(rules: readonly Rule[], situation: Situation): Decision {
  for (const rule of rules) {
    const command = rule.decide(situation);
    if (command) return { rule: rule.name, command };
  }
  return { rule: "none", command: { do: "finished" } };
}

const COSTLY: ReadonlySet<Command["do"]> = new Set(["plan", "attempt", "critique", "judge"]);

/** What a trial does while its run is within budget. */
const TRIAL_RULES: readonly Rule[] = [
  {
    name: "finished",
    sentence: "A trial is over once the unlock gate has decided.",
    decide: ({ state }) => (state.unlocked ? { do: "finished" } : null),
  },
  {
    name: "start-at-plan",
    sentence: "A trial starts at Plan.",
    decide: ({ state }) => (state.stage === null ? { do: "enter-stage", from: null, to: "Plan" } : null),
  },
  {
    name: "spent-stage-is-noted",
    sentence: "A stage whose tokens are used up is noted, once.",
    decide: (situation) => {
      const spent = spentStage(situation);
      return spent && situation.state.spentNoted !== spent.stage ? { do: "note", event: stageNote(spent) } : null;
    },
  },
  {
    name: "notebook-beside-plan",
    sentence: "The notebook is asked once, at Plan, and never waited for.",
    decide: (situation) => {
      if (!isAt(situation, "Plan") || situation.state.notebookAsked || !situation.policy.tier2.enabled) return null;
      const by = situation.trial.bindings.notebook;
      return { do: "consult-notebook", routing: routingBy(situation, { role: "NotebookLM", mode: "Service", by, reason: "tier2-synthesis" }) };
    },
  },
  {
    name: "architect-plans-by-risk",
    sentence: "The Architect plans the risks that the policy names.",
    decide: (situation) => {
      const risk = isHighRisk(situation) ? "high" : situation.trial.task.risk;
      if (!isAt(situation, "Plan") || situation.state.plan !== null || !situation.policy.roles.architect.plans_risks.includes(risk)) return null;
      return callBy(situation, { do: "plan", role: "Architect", mode: "Cloud", by: situation.trial.bindings.architect, reason: "high-risk-plan" });
    },
  },
  { name: "plan-then-implement", sentence: "Implement follows Plan.", decide: (situation) => leave(situation, "Plan", "Implement") },
  {
    name: "implement-until-visible-pass",
    sentence: "Attempts end when all visible tests pass, or when the harness failed.",
    decide: (situation) => {
      const verdict = situation.state.attempts.at(-1)?.result.verdict;
      return verdict && (verdict.visible_passed || verdict.status === "infrastructure") ? leave(situation, "Implement", "Validate") : null;
    },
  },
  {
    name: "spent-stage-ends-attempts",
    sentence: "No attempt is made once the tokens of Implement are used up.",
    decide: (situation) => (spentStage(situation) ? leave(situation, "Implement", "Validate") : null),
  },
  {
    name: "reflex-has-the-first-attempts",
    sentence: "Reflex has up to reflex.max_attempts attempts, unless something rules it out.",
    decide: reflexAttempt,
  },
  {
    name: "shadow-beside-the-route",
    sentence: "In the rollout stage shadow, the reflex model makes one attempt that decides nothing.",
    decide: shadowAttempt,
  },
  {
    name: "cloud-takes-over",
    sentence: "After the reflex attempts, or if reflex is ruled out or can't serve, the cloud Implementer has its attempts.",
    decide: cloudAttempt,
  },
  { name: "implement-then-validate", sentence: "Validate follows Implement.", decide: (situation) => leave(situation, "Implement", "Validate") },
  {
    name: "validate-by-verdict",
    sentence: "The validate gate reports the last attempt's verdict.",
    decide: (situation) => (isAt(situation, "Validate") && !situation.state.validated ? { do: "decide-gate", decision: validation(situation) } : null),
  },
  { name: "validate-then-audit", sentence: "Audit follows Validate.", decide: (situation) => leave(situation, "Validate", "Audit") },
  {
    name: "critic-comments-on-final-patch",
    sentence: "The SidecarCritic comments on every final patch that could be applied.",
    decide: (situation) => {
      if (!isAt(situation, "Audit") || situation.state.critique || !hasAppliedPatch(situation)) return null;
      return callBy(situation, {
        do: "critique",
        role: "SidecarCritic",
        mode: "Cloud",
        by: situation.trial.bindings.sidecarCritic,
        reason: "critic-always-on",
      });
    },
  },
  { name: "audit-then-unlock", sentence: "Unlock follows Audit.", decide: (situation) => leave(situation, "Audit", "Unlock") },
  {
    // Only Unlock is left here: the rules above leave every other stage.
    name: "judge-is-asked",
    sentence: "The Judge is asked about every patch whose visible tests pass.",
    decide: (situation) => {
      const ready = situation.state.attempts.at(-1)?.result.verdict.visible_passed ?? false;
      if (situation.state.judgement || !ready) return null;
      return callBy(situation, { do: "judge", role: "Judge", mode: "Cloud", by: situation.trial.bindings.judge, reason: "judge-unlocks" });
    },
  },
  {
    name: "unlock-decides",
    sentence: "A patch is unlocked only if the Judge approves and the critic does not block.",
    decide: (situation) => ({ do: "decide-gate", decision: unlocking(situation) }),
  },
];

export const RULES: readonly Rule[] = [
  {
    name: "spent-run-stops",
    sentence: "Once the run's budget is spent, no model is called; steps that cost nothing are still made.",
    decide: (situation) => {
      const free = situation.conditions.budget !== "spent" || !COSTLY.has(firstOf(TRIAL_RULES, situation).command.do);
      return free ? null : { do: "stop", why: "run-budget-spent" };
    },
  },
  ...TRIAL_RULES,
];

function hasAppliedPatch(situation: Situation): boolean {
  const status = situation.state.attempts.at(-1)?.result.verdict.status;
  return status !== undefined && status !== "patch-rejected" && status !== "infrastructure";
}

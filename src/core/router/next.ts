// The router: from a trial's history to its next command, by an array of named rules. Pure: no clock, no I/O, no chance.
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Binding, Command, TrialPlan } from "./command.ts";
import type { EventOf, Mode, Role, Routing, SelectionReason, Stage, TrialEvent } from "./event.ts";
import { type AttemptState, foldTrial, type TrialState } from "./state.ts";

interface Situation {
  readonly policy: PolicySnapshot["policy"];
  readonly trial: TrialPlan;
  readonly state: TrialState;
}

interface Rule {
  readonly name: string;
  readonly sentence: string;
  /** The command, or null where the rule has nothing to say. */
  readonly decide: (situation: Situation) => Command | null;
}

/** Decides what a trial does next. The first rule with something to say wins. */
export function next(snapshot: PolicySnapshot, trial: TrialPlan, history: readonly TrialEvent[]): Command {
  const situation = { policy: snapshot.policy, trial, state: foldTrial(history) };
  for (const rule of RULES) {
    const command = rule.decide(situation);
    if (command) return command;
  }
  return { do: "finished" };
}

export const RULES: readonly Rule[] = [
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
    name: "notebook-beside-plan",
    sentence: "The notebook is asked once, at Plan, and never waited for.",
    decide: (at) => {
      if (!isAt(at, "Plan") || at.state.notebookAsked || !at.policy.tier2.enabled) return null;
      const routing = route(at, ["NotebookLM", "Service"], at.trial.bindings.notebook, "tier2-synthesis");
      return { do: "consult-notebook", routing };
    },
  },
  {
    name: "architect-plans-by-risk",
    sentence: "The Architect plans the risks that the policy names.",
    decide: (at) => {
      const planned = at.state.plan !== null || !at.policy.roles.architect.plans_risks.includes(at.trial.task.risk);
      if (!isAt(at, "Plan") || planned) return null;
      return { do: "plan", routing: route(at, ["Architect", "Cloud"], at.trial.bindings.architect, "high-risk-plan") };
    },
  },
  { name: "plan-then-implement", sentence: "Implement follows Plan.", decide: (at) => leave(at, "Plan", "Implement") },
  {
    name: "implement-until-visible-pass",
    sentence: "Attempts end when all that a model may see passes, or when our own side failed.",
    decide: (at) => {
      const verdict = at.state.attempts.at(-1)?.result.verdict;
      return verdict && (verdict.visible_passed || verdict.status === "infrastructure") ? leave(at, "Implement", "Validate") : null;
    },
  },
  {
    name: "reflex-has-the-first-attempts",
    sentence: "The reflex mode has up to reflex.max_attempts attempts, unless risk or the policy's switch keeps it out.",
    decide: (at) => {
      if (!isAt(at, "Implement") || !slotOpen(at) || count(at, "Reflex") >= at.policy.reflex.max_attempts) return null;
      return { do: "attempt", routing: route(at, ["Implementer", "Reflex"], at.trial.slot, reflexReason(at)) };
    },
  },
  {
    name: "cloud-takes-over",
    sentence: "After the reflex attempts, or where reflex is skipped, the cloud Implementer has its attempts.",
    decide: (at) => {
      const escalates = at.policy.escalation.on_attempts_exhausted || count(at, "Reflex") === 0;
      if (!isAt(at, "Implement") || !escalates || count(at, "Cloud") >= at.policy.roles.implementer.max_attempts) return null;
      return { do: "attempt", routing: route(at, ["Implementer", "Cloud"], at.trial.bindings.implementer, cloudReason(at)) };
    },
  },
  { name: "implement-then-validate", sentence: "Validate follows Implement.", decide: (at) => leave(at, "Implement", "Validate") },
  {
    name: "validate-by-verdict",
    sentence: "The validate gate says what the last attempt's verdict says.",
    decide: (at) => (isAt(at, "Validate") && !at.state.validated ? { do: "decide-gate", decision: validation(at) } : null),
  },
  { name: "validate-then-audit", sentence: "Audit follows Validate.", decide: (at) => leave(at, "Validate", "Audit") },
  {
    name: "critic-comments-on-final-patch",
    sentence: "The SidecarCritic comments on every final patch that could be applied.",
    decide: (at) => {
      if (!isAt(at, "Audit") || at.state.critique || !hasAppliedPatch(at)) return null;
      return { do: "critique", routing: route(at, ["SidecarCritic", "Cloud"], at.trial.bindings.sidecarCritic, "critic-always-on") };
    },
  },
  { name: "audit-then-unlock", sentence: "Unlock follows Audit.", decide: (at) => leave(at, "Audit", "Unlock") },
  {
    name: "judge-unlocks",
    sentence: "The Judge is asked about every patch whose visible tests pass.",
    decide: (at) => {
      const ready = at.state.attempts.at(-1)?.result.verdict.visible_passed ?? false;
      if (!isAt(at, "Unlock") || at.state.judgement || !ready) return null;
      return { do: "judge", routing: route(at, ["Judge", "Cloud"], at.trial.bindings.judge, "judge-unlocks") };
    },
  },
  {
    name: "unlock-decides",
    sentence: "Only a Judge's yes unlocks, and not against a critic's block.",
    decide: (at) => (isAt(at, "Unlock") ? { do: "decide-gate", decision: unlocking(at) } : null),
  },
];

const isAt = (at: Situation, stage: Stage): boolean => at.state.stage === stage;
const leave = (at: Situation, from: Stage, to: Stage): Command | null => (isAt(at, from) ? { do: "enter-stage", from, to } : null);
const count = (at: Situation, mode: AttemptState["mode"]): number => at.state.attempts.filter((attempt) => attempt.mode === mode).length;
const skipsReflex = (at: Situation): boolean => at.policy.high_risk.skip_reflex && at.policy.high_risk.risks.includes(at.trial.task.risk);
const slotOpen = (at: Situation): boolean => at.policy.reflex.enabled && (at.trial.capability || !skipsReflex(at));

function hasAppliedPatch(at: Situation): boolean {
  const status = at.state.attempts.at(-1)?.result.verdict.status;
  return status !== undefined && status !== "patch-rejected" && status !== "infrastructure";
}

function route(at: Situation, [role, mode]: readonly [Role, Mode], binding: Binding, reason: SelectionReason): Routing {
  return {
    role,
    mode,
    stage: at.state.stage ?? "Plan",
    attempt: role === "Implementer" ? at.state.attempts.length + 1 : at.state.attempts.length,
    provider: binding.provider,
    model: binding.model,
    selection_reason: reason,
    stand_in: binding.standIn,
    outside_policy: mode === "Reflex" && skipsReflex(at),
  };
}

function reflexReason(at: Situation): SelectionReason {
  if (skipsReflex(at)) return "capability-outside-policy";
  return count(at, "Reflex") === 0 ? "reflex-first" : "reflex-retry-with-feedback";
}

function cloudReason(at: Situation): SelectionReason {
  if (count(at, "Cloud") > 0) return "cloud-retry-with-feedback";
  if (count(at, "Reflex") > 0) return "escalated-after-reflex-attempts";
  return skipsReflex(at) ? "high-risk-skips-reflex" : "reflex-disabled";
}

function validation(at: Situation): EventOf<"GateDecision"> {
  const verdict = at.state.attempts.at(-1)?.result.verdict;
  const gate = { type: "GateDecision", gate_name: "validate", stage: "Validate", blocking: true } as const;
  if (!verdict) return { ...gate, outcome: "Fail", reason: "no attempt was made" };
  if (verdict.status === "infrastructure") return { ...gate, outcome: "Skip", reason: verdict.detail };
  if (verdict.status === "passed") return { ...gate, outcome: "Pass", reason: "every expected test passed" };
  if (verdict.visible_passed) return { ...gate, outcome: "Warn", reason: "visible tests pass, held-out tests do not" };
  return { ...gate, outcome: "Fail", reason: `${verdict.status}: ${verdict.detail}` };
}

function unlocking(at: Situation): EventOf<"GateDecision"> {
  const gate = { type: "GateDecision", gate_name: "unlock", stage: "Unlock", blocking: true } as const;
  const { judgeSays, signal, validated } = at.state;
  if (validated?.outcome === "Skip") return { ...gate, outcome: "Skip", reason: "our own side failed: this trial counts for nobody" };
  if (!judgeSays) return { ...gate, outcome: "Fail", reason: "no patch passed what a judge would be asked about" };
  if (judgeSays.outcome !== "Pass") return { ...gate, outcome: "Fail", reason: judgeSays.reason };
  if (signal?.severity === "block") return { ...gate, outcome: "Fail", reason: `the critic blocks: ${signal.message}` };
  return { ...gate, outcome: "Pass", reason: judgeSays.reason };
}

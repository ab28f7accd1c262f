// What the router's rules look at, and the questions that several of them share.
import { matcher } from "../base/glob.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Binding, Choice, Command, ModelCallCommand, SkippedModel, TrialPlan } from "../trial/command.ts";
import { CALM, type Conditions } from "../trial/conditions.ts";
import type { Mode, Role, Routing, Stage } from "../trial/routing.ts";
import type { SelectionReason } from "../trial/reason.ts";
import type { StageTokens } from "../trial/events/model-call.ts";
import type { TrialState } from "../trial/fold.ts";

export interface Situation {
  readonly snapshot: PolicySnapshot;
  readonly policy: PolicySnapshot["policy"];
  readonly trial: TrialPlan;
  readonly state: TrialState;
  readonly conditions: Conditions;
}

export const isAt = (situation: Situation, stage: Stage): boolean => situation.state.stage === stage;

export const leave = (situation: Situation, from: Stage, to: Stage): Command | null => (isAt(situation, from) ? { do: "enter-stage", from, to } : null);

/** High risk by the task's own declaration, by a tag, or by a file that it may change. */
export function isHighRisk({ policy, trial }: Situation): boolean {
  const { risks, tags, paths } = policy.high_risk;
  if (risks.includes(trial.task.risk)) return true;
  if (trial.task.tags?.some((tag) => tags.includes(tag))) return true;
  return touches(paths, trial.task.editable ?? []);
}

export const skipsReflex = (situation: Situation): boolean => situation.policy.high_risk.skip_reflex && isHighRisk(situation);

const matchers = new WeakMap<readonly string[], (path: string) => boolean>();

/** Compiled globs live as long as their policy: a trial asks at every step. */
function touches(globs: readonly string[], paths: readonly string[]): boolean {
  const matches = matchers.get(globs) ?? matcher(globs);
  matchers.set(globs, matches);
  return paths.some(matches);
}

type BudgetedStage = keyof PolicySnapshot["policy"]["budgets"]["stage_tokens"];

export interface SpentStage extends StageTokens {
  readonly stage: BudgetedStage;
  readonly limit: number;
}

/** The current stage, if its calls used up its token budget. */
export function spentStage({ policy, state }: Situation): SpentStage | null {
  // Validate calls no model, and nothing does before Plan: neither has tokens.
  const stage = state.stage as BudgetedStage;
  const limit = policy.budgets.stage_tokens[stage];
  const tokens = state.tokens[stage];
  return tokens && tokens.known >= limit ? { stage, limit, ...tokens } : null;
}

interface Served {
  readonly do: ModelCallCommand["do"];
  readonly role: Role;
  readonly mode: Mode;
  readonly by: Binding;
  readonly reason: SelectionReason;
  readonly passedOver?: readonly SkippedModel[];
  /** Breakers and health that were consulted. */
  readonly consulted?: Pick<Conditions, "breakers" | "health">;
}

/** The command for a model call, with everything that was consulted for it. */
export function callBy(situation: Situation, served: Served): ModelCallCommand {
  return { do: served.do, routing: routingBy(situation, served), choice: { passedOver: served.passedOver ?? [], conditions: consulted(situation, served) } };
}

export function routingBy(situation: Situation, { role, mode, by, reason }: Omit<Served, "do">): Routing {
  const made = situation.state.attempts.length + situation.state.shadows.length;
  return {
    role,
    mode,
    stage: situation.state.stage ?? "Plan",
    attempt: role === "Implementer" ? made + 1 : made,
    provider: by.provider,
    model: by.model,
    selection_reason: reason,
    stand_in: by.standIn,
    outside_policy: mode === "Reflex" && skipsReflex(situation),
  };
}

/** Only what this decision consulted: the rest of a run's conditions depends on what else was running. */
function consulted({ conditions }: Situation, { consulted: seen }: Served): Choice["conditions"] {
  const { breakers, health } = seen ?? CALM;
  const calm = Object.keys(breakers).length === 0 && Object.keys(health).length === 0 && conditions.budget === CALM.budget;
  return calm ? null : { breakers, health, budget: conditions.budget };
}

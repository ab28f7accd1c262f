// Who makes the next attempt: reflex while it may, a shadow beside the route, then the cloud Implementer.
import type { ModelCallCommand, SkippedModel } from "../trial/command.ts";
import type { FallbackReason } from "../trial/conditions.ts";
import type { SelectionReason } from "../trial/reason.ts";
import type { AttemptState } from "../trial/events/tool-result.ts";
import { firstInOrder, reflexRoute, type ReflexRoute } from "./reflex.ts";
import { rolloutReaches } from "./rollout.ts";
import { callBy, isAt, type Situation, skipsReflex } from "./situation.ts";

interface Bar {
  /** The selection reason of the cloud Implementer that serves instead. */
  readonly reason: SelectionReason;
  /** Null if the cloud is the policy's first choice and not a fallback. */
  readonly fallback: FallbackReason | null;
  readonly sentence: string;
  readonly bars: (situation: Situation) => boolean;
}

/** What keeps the reflex mode out of a whole trial. */
export const BARS: readonly Bar[] = [
  {
    reason: "high-risk-skips-reflex",
    fallback: null,
    sentence: "High-risk tasks skip reflex, except in a capability run of the slot.",
    bars: (situation) => skipsReflex(situation) && !(situation.trial.capability && situation.trial.slot !== null),
  },
  {
    reason: "reflex-disabled",
    fallback: "ReflexDisabled",
    sentence: "The policy's switch turns reflex off, for a slot too.",
    bars: ({ policy }) => !policy.reflex.enabled,
  },
  {
    reason: "rollout-keeps-reflex-out",
    fallback: "OutsideRollout",
    sentence: "The rollout keeps the policy's own reflex model out of tasks that it does not reach; it does not apply to a slot.",
    bars: ({ policy, trial }) => trial.slot === null && !rolloutReaches(policy, trial.task.id),
  },
];

const barOf = (situation: Situation): Bar | null => BARS.find(({ bars }) => bars(situation)) ?? null;
const made = (situation: Situation, mode: AttemptState["mode"]): readonly AttemptState[] => situation.state.attempts.filter((attempt) => attempt.mode === mode);
const lastFailed = (situation: Situation): boolean => situation.state.attempts.at(-1)?.call.success === false;

/**
 * Are the reflex attempts used up? If a failed call does not use up an attempt, as many failed calls as there are attempts still
 * end reflex: a server that never answers can't stall a trial.
 */
function reflexSpent(situation: Situation): boolean {
  const { max_attempts: most } = situation.policy.reflex;
  const attempts = made(situation, "Reflex");
  const failed = attempts.filter(({ call }) => !call.success).length;
  const used = situation.policy.escalation.on_model_failure ? attempts.length : attempts.length - failed;
  return used >= most || failed >= most;
}

export function reflexAttempt(situation: Situation): ModelCallCommand | null {
  if (!isAt(situation, "Implement") || made(situation, "Cloud").length > 0 || barOf(situation) || reflexSpent(situation)) return null;
  const route = reflexRoute(situation);
  return route.by && callBy(situation, { do: "attempt", role: "Implementer", mode: "Reflex", ...route, by: route.by, reason: reflexReason(situation, route) });
}

function reflexReason(situation: Situation, { passedOver }: ReflexRoute): SelectionReason {
  if (skipsReflex(situation)) return "capability-outside-policy";
  if (passedOver.length > 0) return "reflex-fallback";
  if (situation.state.attempts.length === 0) return "reflex-first";
  return lastFailed(situation) ? "reflex-retry-after-failure" : "reflex-retry-with-feedback";
}

/** One attempt before the cloud's, for the record only: nobody is shown it and it decides nothing. */
export function shadowAttempt(situation: Situation): ModelCallCommand | null {
  if (!isAt(situation, "Implement") || !shadowDue(situation)) return null;
  const route = reflexRoute(situation);
  return route.by && callBy(situation, { do: "attempt", role: "Implementer", mode: "Reflex", ...route, by: route.by, reason: "reflex-shadow" });
}

function shadowDue(situation: Situation): boolean {
  const { shadows, attempts } = situation.state;
  const shadowed = situation.policy.reflex.rollout.stage === "shadow" && barOf(situation)?.fallback === "OutsideRollout";
  return shadowed && shadows.length === 0 && attempts.length === 0;
}

export function cloudAttempt(situation: Situation): ModelCallCommand | null {
  if (!isAt(situation, "Implement") || made(situation, "Cloud").length >= situation.policy.roles.implementer.max_attempts) return null;
  const why = whyCloud(situation);
  return why && callBy(situation, { do: "attempt", role: "Implementer", mode: "Cloud", by: situation.trial.bindings.implementer, ...why });
}

interface WhyCloud {
  readonly reason: SelectionReason;
  readonly passedOver?: readonly SkippedModel[];
  readonly consulted?: ReflexRoute["consulted"];
}

/** Null if the policy does not escalate. */
function whyCloud(situation: Situation): WhyCloud | null {
  if (made(situation, "Cloud").length > 0) return { reason: "cloud-retry-with-feedback" };
  const bar = barOf(situation);
  if (bar) return barred(situation, bar);
  if (!reflexSpent(situation)) {
    const { passedOver, consulted } = reflexRoute(situation);
    return { reason: "reflex-unavailable", passedOver, consulted };
  }
  if (!situation.policy.escalation.on_attempts_exhausted) return null;
  return { reason: lastFailed(situation) ? "escalated-after-model-failure" : "escalated-after-reflex-attempts" };
}

/** If a shadow attempt was due and no model could make it, the reason is part of the record. */
function barred(situation: Situation, { reason, fallback }: Bar): WhyCloud {
  const passedOver = fallback ? [{ model: firstInOrder(situation), reason: fallback }] : [];
  return shadowDue(situation) ? { reason, passedOver, consulted: reflexRoute(situation).consulted } : { reason, passedOver };
}

// Who makes the next attempt: reflex while it may, a shadow beside the route, then the cloud Implementer.
import type { ModelCallCommand, PassedOver } from "../trial/command.ts";
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
  readonly bars: (at: Situation) => boolean;
}

/** What keeps the reflex mode out of a whole trial. */
export const BARS: readonly Bar[] = [
  {
    reason: "high-risk-skips-reflex",
    fallback: null,
    sentence: "High-risk tasks skip reflex, except in a capability run of the slot.",
    bars: (at) => skipsReflex(at) && !(at.trial.capability && at.trial.slot !== null),
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

const barOf = (at: Situation): Bar | null => BARS.find(({ bars }) => bars(at)) ?? null;
const made = (at: Situation, mode: AttemptState["mode"]): readonly AttemptState[] => at.state.attempts.filter((attempt) => attempt.mode === mode);
const lastFailed = (at: Situation): boolean => at.state.attempts.at(-1)?.call.success === false;

/**
 * Are the reflex attempts used up? If a failed call does not use up an attempt, as many failed calls as there are attempts still
 * end reflex: a server that never answers can't stall a trial.
 */
function reflexSpent(at: Situation): boolean {
  const { max_attempts: most } = at.policy.reflex;
  const attempts = made(at, "Reflex");
  const failed = attempts.filter(({ call }) => !call.success).length;
  const used = at.policy.escalation.on_model_failure ? attempts.length : attempts.length - failed;
  return used >= most || failed >= most;
}

export function reflexAttempt(at: Situation): ModelCallCommand | null {
  if (!isAt(at, "Implement") || made(at, "Cloud").length > 0 || barOf(at) || reflexSpent(at)) return null;
  const route = reflexRoute(at);
  return route.by && callBy(at, { do: "attempt", role: "Implementer", mode: "Reflex", ...route, by: route.by, reason: reflexReason(at, route) });
}

function reflexReason(at: Situation, { passedOver }: ReflexRoute): SelectionReason {
  if (skipsReflex(at)) return "capability-outside-policy";
  if (passedOver.length > 0) return "reflex-fallback";
  if (at.state.attempts.length === 0) return "reflex-first";
  return lastFailed(at) ? "reflex-retry-after-failure" : "reflex-retry-with-feedback";
}

/** One attempt before the cloud's, for the record only: nobody is shown it and it decides nothing. */
export function shadowAttempt(at: Situation): ModelCallCommand | null {
  if (!isAt(at, "Implement") || !shadowDue(at)) return null;
  const route = reflexRoute(at);
  return route.by && callBy(at, { do: "attempt", role: "Implementer", mode: "Reflex", ...route, by: route.by, reason: "reflex-shadow" });
}

function shadowDue(at: Situation): boolean {
  const { shadows, attempts } = at.state;
  const shadowed = at.policy.reflex.rollout.stage === "shadow" && barOf(at)?.fallback === "OutsideRollout";
  return shadowed && shadows.length === 0 && attempts.length === 0;
}

export function cloudAttempt(at: Situation): ModelCallCommand | null {
  if (!isAt(at, "Implement") || made(at, "Cloud").length >= at.policy.roles.implementer.max_attempts) return null;
  const why = whyCloud(at);
  return why && callBy(at, { do: "attempt", role: "Implementer", mode: "Cloud", by: at.trial.bindings.implementer, ...why });
}

interface WhyCloud {
  readonly reason: SelectionReason;
  readonly passedOver?: readonly PassedOver[];
  readonly consulted?: ReflexRoute["consulted"];
}

/** Null if the policy does not escalate. */
function whyCloud(at: Situation): WhyCloud | null {
  if (made(at, "Cloud").length > 0) return { reason: "cloud-retry-with-feedback" };
  const bar = barOf(at);
  if (bar) return barred(at, bar);
  if (!reflexSpent(at)) {
    const { passedOver, consulted } = reflexRoute(at);
    return { reason: "reflex-unavailable", passedOver, consulted };
  }
  if (!at.policy.escalation.on_attempts_exhausted) return null;
  return { reason: lastFailed(at) ? "escalated-after-model-failure" : "escalated-after-reflex-attempts" };
}

/** If a shadow attempt was due and no model could make it, the reason is part of the record. */
function barred(at: Situation, { reason, fallback }: Bar): WhyCloud {
  const passedOver = fallback ? [{ model: firstInOrder(at), reason: fallback }] : [];
  return shadowDue(at) ? { reason, passedOver, consulted: reflexRoute(at).consulted } : { reason, passedOver };
}

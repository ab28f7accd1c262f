// Who serves reflex now: the candidate in the slot, or the first model of the policy's order that nothing rules out.
import { DEFAULT_REFLEX } from "../policy/rules/reflex.ts";
import type { WrittenCandidates } from "../policy/schema.ts";
import type { Binding, SkippedModel } from "../trial/command.ts";
import type { BreakerState, Conditions, FallbackReason, Health } from "../trial/conditions.ts";
import type { Situation } from "./situation.ts";

/** The name of a candidate's server: its own, if it has its own endpoint. */
export const providerOf = (candidate: WrittenCandidates["candidate"][number]): string =>
  candidate.endpoint === undefined ? candidate.provider : `${candidate.provider}/${candidate.name}`;

/** What a breaker watches over. */
export const breakerOf = ({ provider, model }: { readonly provider: string; readonly model: string }): string => `${provider}/${model}`;

/** A model of the reflex order, with what is known about it. */
interface Runner {
  readonly situation: Situation;
  readonly name: string;
  /** Null if the snapshot has no such candidate. */
  readonly by: Binding | null;
  readonly breaker: BreakerState | undefined;
  /** Null before `thresholds.min_samples` attempts. */
  readonly health: Health | null;
}

interface Obstacle {
  readonly reason: FallbackReason;
  readonly sentence: string;
  /** Does it also stop a candidate that is under evaluation? */
  readonly inSlot: boolean;
  readonly stands: (runner: Runner) => boolean;
}

type Measured = number | null | undefined;
const above = (measured: Measured, limit: number): boolean => (measured ?? Number.NEGATIVE_INFINITY) > limit;
const below = (measured: Measured, limit: number): boolean => (measured ?? Number.POSITIVE_INFINITY) < limit;

/** What rules a model out. A candidate under evaluation is never replaced for its performance: that is what is measured. */
export const OBSTACLES: readonly Obstacle[] = [
  {
    reason: "NotPromoted",
    sentence: "An alternative serves only after it has been promoted.",
    inSlot: false,
    stands: ({ situation, name }) => name !== DEFAULT_REFLEX && !situation.policy.promotion.some(({ candidate }) => candidate === name),
  },
  { reason: "ModelNotAvailable", sentence: "A model serves only if the snapshot has it.", inSlot: false, stands: ({ by }) => by === null },
  {
    reason: "ServerUnhealthy",
    sentence: "A server whose breaker is open is not called.",
    inSlot: true,
    stands: ({ breaker }) => breaker === "Open",
  },
  {
    reason: "LatencyThresholdExceeded",
    sentence: "A model slower than the policy allows does not serve.",
    inSlot: false,
    stands: ({ situation, health }) => above(health?.p95_latency_ms, situation.policy.reflex.thresholds.p95_latency_ms),
  },
  {
    reason: "SuccessRateBelowThreshold",
    sentence: "A model that succeeds less often than the policy requires does not serve.",
    inSlot: false,
    stands: ({ situation, health }) => below(health?.success_percent, situation.policy.reflex.thresholds.success_percent),
  },
  {
    reason: "JsonComplianceBelowThreshold",
    sentence: "A model whose answers satisfy their schema less often than the policy requires does not serve.",
    inSlot: false,
    stands: ({ situation, health }) => below(health?.json_compliance_percent, situation.policy.reflex.thresholds.json_compliance_percent),
  },
];

export interface ReflexRoute {
  /** Null if no model of the order can serve. */
  readonly by: Binding | null;
  readonly passedOver: readonly SkippedModel[];
  /** The breakers and health of the models that were considered. */
  readonly consulted: Pick<Conditions, "breakers" | "health">;
}

export function reflexRoute(situation: Situation): ReflexRoute {
  const passedOver: SkippedModel[] = [];
  const seen: Runner[] = [];
  for (const runner of runners(situation)) {
    seen.push(runner);
    const obstacle = OBSTACLES.find(({ inSlot, stands }) => (inSlot || situation.trial.slot === null) && stands(runner));
    if (!obstacle) return { by: runner.by, passedOver, consulted: consultedOf(situation, seen) };
    passedOver.push({ model: runner.name, reason: obstacle.reason });
  }
  return { by: null, passedOver, consulted: consultedOf(situation, seen) };
}

/** The first in the reflex order, which serves unless something rules it out. */
export const firstInOrder = ({ trial, policy }: Situation): string => trial.slot?.model ?? policy.reflex.candidate;

function runners(situation: Situation): readonly Runner[] {
  const { trial, policy, snapshot } = situation;
  if (trial.slot) return [runnerOf(situation, trial.slot.model, trial.slot)];
  return [...new Set([policy.reflex.candidate, ...policy.reflex.fallbacks])].map((name) => {
    const candidate = snapshot.candidates.find((item) => item.name === name);
    return runnerOf(situation, name, candidate ? { provider: providerOf(candidate), model: name, standIn: null } : null);
  });
}

const runnerOf = (situation: Situation, name: string, by: Binding | null): Runner => ({
  situation,
  name,
  by,
  breaker: by ? situation.conditions.breakers[breakerOf(by)] : undefined,
  health: measuredEnough(situation, name),
});

function measuredEnough({ conditions, policy }: Situation, name: string): Health | null {
  const health = conditions.health[name];
  return health && health.samples >= policy.reflex.thresholds.min_samples ? health : null;
}

/** For a slot, only its breaker: its measured performance decides nothing. */
function consultedOf({ trial }: Situation, seen: readonly Runner[]): ReflexRoute["consulted"] {
  const breakers = seen.flatMap(({ by, breaker }) => (by === null || breaker === undefined || breaker === "Closed" ? [] : [[breakerOf(by), breaker] as const]));
  const health = seen.flatMap((runner) => (runner.health && trial.slot === null ? [[runner.name, runner.health] as const] : []));
  return { breakers: Object.fromEntries(breakers), health: Object.fromEntries(health) };
}

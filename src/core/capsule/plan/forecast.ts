// What a run would ask of which provider, before it is run: calls, tokens and dollars, counted from its plan and its policy.
import { isHighRiskTask } from "../../policy/fallback.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { type Binding, type Bindings, EMBEDDED_PROVIDER } from "../../trial/command.ts";
import { POLICY_ROUTE } from "../../trial/plan.ts";
import { providerOf } from "../../router/reflex.ts";
import { rolloutReaches } from "../../router/rollout.ts";
import type { TaskFacts } from "../line.ts";
import { plantsFor } from "./plant-draw.ts";

/** What a role's prompts hold: the words for whoever asks what leaves the machine. */
export const ROLE_RECEIVES = {
  Architect: "the instruction, the outline of the base, visible sources and what the compiler says",
  Implementer: "the instruction, the outline of the base, visible sources, and the output of compiler and visible tests",
  SidecarCritic: "the instruction and the final patch",
  Judge: "the instruction, the final patch and its verdict",
} as const;

export type ForecastRole = keyof typeof ROLE_RECEIVES;

/** The calls of one model: retries after failures are not counted. */
export interface ForecastCalls {
  readonly provider: string;
  readonly endpoint: string;
  /** Does what is sent leave the user's machines? */
  readonly cloud: boolean;
  readonly model: string;
  readonly roles: readonly ForecastRole[];
  readonly least: number;
  readonly most: number;
  /** Of all calls together: the parts of prompts that the policy bounds, and the longest answers. */
  readonly mostTokens: number;
  /** US dollars of these; null: the policy has no price. Zero where it is no cloud. */
  readonly mostUsd: number | null;
  /** US dollars for an hour of its machine, where the candidate has such a price. */
  readonly perHourUsd?: number;
}

export interface ForecastPlan {
  readonly snapshot: PolicySnapshot;
  readonly tasks: readonly TaskFacts[];
  readonly candidates: readonly { readonly name: string; readonly provider: string; readonly model: string }[];
  readonly bindings: Bindings;
  readonly epochs: number;
  readonly seed: number;
  readonly capability: boolean;
}

/** Calls that somebody may make. */
interface Share {
  readonly by: Pick<Binding, "provider" | "model">;
  readonly role: ForecastRole;
  readonly least: number;
  readonly most: number;
}

/** By provider and model, in the order of the roles; embedded players are no provider and in no row. */
export function forecast(plan: ForecastPlan): readonly ForecastCalls[] {
  const rows = new Map<string, Share[]>();
  for (const share of [...trialShares(plan), ...plantShares(plan)]) {
    if (share.by.provider === EMBEDDED_PROVIDER || share.most === 0) continue;
    const name = `${share.by.provider} ${share.by.model}`;
    rows.set(name, [...(rows.get(name) ?? []), share]);
  }
  return [...rows.values()].map((shares) => rowOf(plan, shares));
}

function trialShares(plan: ForecastPlan): readonly Share[] {
  const { snapshot, tasks, candidates, epochs } = plan;
  return candidates.flatMap(({ name, provider, model }) =>
    tasks.flatMap((task) => {
      const high = isHighRiskTask(snapshot.policy.high_risk, { ...task, editable: task.editable ?? [], tags: task.tags ?? [] });
      const slot = { provider, model: provider === EMBEDDED_PROVIDER ? model : name };
      return sharesOfTrial(plan, task, { high, slot }).map((share) => ({ ...share, least: share.least * epochs, most: share.most * epochs }));
    }),
  );
}

interface TrialKind {
  readonly high: boolean;
  readonly slot: Share["by"];
}

function sharesOfTrial(plan: ForecastPlan, task: TaskFacts, { high, slot }: TrialKind): readonly Share[] {
  const { bindings, snapshot } = plan;
  const { architect, implementer } = snapshot.policy.roles;
  const reflex = reflexShare(plan, task, { high, slot });
  return [
    { by: bindings.architect, role: "Architect", ...(architect.plans_risks.includes(high ? "high" : "low") ? { least: 1, most: 1 } : NO_CALL) },
    reflex,
    { by: bindings.implementer, role: "Implementer", least: reflex.least === 0 ? 1 : 0, most: implementer.max_attempts },
    { by: bindings.sidecarCritic, role: "SidecarCritic", ...ONE_AT_MOST },
    { by: bindings.judge, role: "Judge", ...ONE_AT_MOST },
  ];
}

/** The attempts in the slot, or, as the policy's own route, of its reflex model where the rollout lets it. */
function reflexShare({ snapshot: { policy, candidates }, capability }: ForecastPlan, task: TaskFacts, { high, slot }: TrialKind): Share {
  const { enabled, max_attempts: attempts, candidate } = policy.reflex;
  const share = (by: Share["by"], least: number, most: number): Share => ({ by, role: "Implementer", least, most });
  if (high) return share(slot, 0, capability ? attempts : 0);
  if (slot.provider !== POLICY_ROUTE) return share(slot, 1, attempts);
  const primary = candidates.find(({ name }) => name === candidate);
  const by = primary ? { provider: providerOf(primary), model: primary.name } : slot;
  // A shadow attempt may be made all the same.
  return enabled && rolloutReaches(policy, task.id) ? share(by, 1, attempts) : share(by, 0, 1);
}

const NO_CALL = { least: 0, most: 0 };
const ONE_AT_MOST = { least: 0, most: 1 };

/** Patches of known quality: the critic and the Judge see each once. */
function plantShares({ snapshot, tasks, epochs, seed, bindings }: ForecastPlan): readonly Share[] {
  const most = plantsFor({ tasks: [...tasks], epochs, seed, calibration: "whole-run" }, snapshot.policy.gates).length;
  return [
    { by: bindings.sidecarCritic, role: "SidecarCritic", least: 0, most },
    { by: bindings.judge, role: "Judge", least: 0, most },
  ];
}

function rowOf({ snapshot }: ForecastPlan, shares: readonly Share[]): ForecastCalls {
  const [{ by }] = shares as readonly [Share];
  const served = servedModel(snapshot, by);
  const sum = (of: "least" | "most"): number => shares.reduce((total, share) => total + share[of], 0);
  const { context_tokens: context, map_tokens: map, feedback_tokens: feedback } = snapshot.policy.prompt;
  const sent = context + map + feedback;
  const { price, answered } = served;
  const priced = price === undefined ? null : (sum("most") * (sent * price.input + answered * price.output)) / 1_000_000;
  return {
    provider: by.provider,
    endpoint: served.endpoint,
    cloud: served.cloud,
    model: by.model,
    roles: [...new Set(shares.map(({ role }) => role))],
    least: sum("least"),
    most: sum("most"),
    mostTokens: sum("most") * (sent + answered),
    mostUsd: served.cloud ? priced : 0,
    ...(served.perHourUsd === undefined ? {} : { perHourUsd: served.perHourUsd }),
  };
}

/** Of a provider that the policy does not name: nothing that is sent there is taken for private. */
const NOWHERE = { endpoint: "", cloud: true };

/** A candidate by its name, or a model of the policy by its alias: where it is, its longest answer and its price. */
function servedModel({ policy, candidates }: PolicySnapshot, { provider, model }: Share["by"]) {
  const candidate = candidates.find(({ name }) => name === model);
  const known = candidate ?? policy.models[model];
  const { endpoint, cloud } = policy.providers[known?.provider ?? provider] ?? NOWHERE;
  const { model: id, max_output_tokens: answered } = known ?? { model, max_output_tokens: 0 };
  return { endpoint: candidate?.endpoint ?? endpoint, cloud, answered, price: policy.prices.models[id], perHourUsd: candidate?.price_per_hour };
}

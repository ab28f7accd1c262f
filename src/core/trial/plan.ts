// The plan of one trial, from what a run's header says: live run, resume, report and replay build it here and nowhere else.
import { invariant } from "../base/errors.ts";
import { type Binding, type Bindings, EMBEDDED_PROVIDER, type TrialPlan } from "./command.ts";

/**
 * The candidate that is the policy as it stands: nobody sits in its slot, so the reflex model, its fallbacks, thresholds
 * and rollout are the policy's own. Runs only where it is asked for by name.
 */
export const POLICY_ROUTE = "policy";

/** The facts of a header that a trial is routed by. */
export interface PlannedRun {
  readonly candidates: readonly { readonly name: string; readonly provider: string; readonly model: string }[];
  readonly bindings: Bindings;
  readonly capability: boolean;
}

/** Embedded candidates go by their model's name, others by their own. */
export function trialPlan(run: PlannedRun, planned: Pick<TrialPlan, "id" | "task" | "epoch"> & { readonly candidate: string }): TrialPlan {
  const candidate = run.candidates.find(({ name }) => name === planned.candidate);
  invariant(candidate, `${planned.candidate} is not in the header`);
  const { provider } = candidate;
  const model = provider === EMBEDDED_PROVIDER ? candidate.model : candidate.name;
  return {
    id: planned.id,
    task: planned.task,
    epoch: planned.epoch,
    capability: run.capability,
    bindings: run.bindings,
    slot: provider === POLICY_ROUTE ? null : { provider, model, standIn: null },
  };
}

/** The plan of a calibration trial: nobody's candidate, and nothing is routed in it. `slot`: who plays the planted answer. */
export function plantedPlan({ bindings }: Pick<PlannedRun, "bindings">, planned: Pick<TrialPlan, "id" | "task" | "epoch">, slot: Binding): TrialPlan {
  return { id: planned.id, task: planned.task, epoch: planned.epoch, capability: false, bindings, slot };
}

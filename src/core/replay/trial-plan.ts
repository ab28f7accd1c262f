// The plan that a trial was run by, read back from the capsule's header.
import { invariant } from "../base/errors.ts";
import type { Header } from "../capsule/line.ts";
import type { PlannedTrial } from "../capsule/record.ts";
import { EMBEDDED_PROVIDER, type TrialPlan } from "../router/command.ts";

/** Embedded candidates go by their model's name, others by their own. */
export function trialPlanOf(header: Header, planned: PlannedTrial): TrialPlan {
  const candidate = header.candidates.find(({ name }) => name === planned.candidate);
  invariant(candidate, `${planned.candidate} is not in the header`);
  return {
    id: planned.id,
    task: planned.task,
    epoch: planned.epoch,
    capability: header.capability,
    bindings: header.bindings,
    slot: { provider: candidate.provider, model: candidate.provider === EMBEDDED_PROVIDER ? candidate.model : candidate.name, standIn: null },
  };
}

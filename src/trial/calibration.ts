// Calibration: patches of known worth before the Judge and the critic, unlabelled, through the same steps as any other.
import { plantedAnswer, type PlantOmission, plantOmission, plantRoutings, expectedFor } from "../core/capsule/plan/calibration-plan.ts";
import type { Header } from "../core/capsule/line.ts";
import type { Plant } from "../core/capsule/plan/plant-draw.ts";
import type { Choice } from "../core/trial/command.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import { foldTrial } from "../core/trial/fold.ts";
import { EMBEDDED_PROVIDER } from "../core/trial/command.ts";
import { perform, type TrialContext } from "./perform.ts";
import type { ModelProvider, ModelRequest } from "../ports/models.ts";
import type { PerformedStep } from "../ports/trial-queue.ts";

/** A plant goes down no order of models, and asks for no conditions. */
const AS_ASKED: Choice = { passedOver: [], conditions: null };

/**
 * Plants one patch: it is answered, applied and verified as any answer is, then the critic and the Judge are asked. All is one
 * step, to be recorded if there is anything in it. A plant that turns out not to be what it should (a bad one that passes) is shown to
 * nobody, and recorded as left out: a missing one would be one that somebody took away.
 */
export async function runPlant(trial: TrialContext, { plant, epoch }: Plant, header: Pick<Header, "bindings" | "calibration">): Promise<PerformedStep> {
  const [attempt, critique, judge] = plantRoutings(header);
  const opening = { type: "CalibrationPlant", plant, right: expectedFor(plant), epoch } as const;
  const step = (events: readonly TrialEvent[]): PerformedStep => ({ events, bodies: trial.texts.takeFresh() });
  /** Earlier runs did not record what they left out: one that goes on keeps to that. */
  const leaveOut = (omission: PlantOmission, events: readonly TrialEvent[]): PerformedStep =>
    step(header.calibration === undefined ? [] : [{ ...opening, left_out: omission }, ...events]);
  const answer = plantedAnswer(plant, { tree: trial.tree, solution: trial.task.solution });
  if (answer === null) return leaveOut("no-place", []);
  const slot = { ...trial, providers: new Map([...trial.providers, [EMBEDDED_PROVIDER, playing(trial.providers.get(EMBEDDED_PROVIDER), answer)]]) };
  const attempted = await perform(slot, { do: "attempt", routing: attempt, choice: AS_ASKED }, []);
  const omission = plantOmission(plant, foldTrial(attempted).attempts[0]?.result.verdict.status);
  if (omission !== null) return leaveOut(omission, attempted);
  const events: TrialEvent[] = [opening, ...attempted];
  events.push(...(await perform(trial, { do: "critique", routing: critique, choice: AS_ASKED }, events)));
  events.push(...(await perform(trial, { do: "judge", routing: judge, choice: AS_ASKED }, events)));
  return step(events);
}

const isPlant = (request: ModelRequest): boolean => request.purpose === "patch" && request.model === "planted";

/** The embedded provider, with one answer in its mouth. */
function playing(embedded: ModelProvider | undefined, text: string): ModelProvider {
  return {
    name: EMBEDDED_PROVIDER,
    call: async (request, signal) => {
      if (!isPlant(request) && embedded) return embedded.call(request, signal);
      const usage = { promptTokens: 0, responseTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
      return {
        outcome: "answered",
        text,
        resolvedModel: "planted",
        effort: null,
        servedModel: null,
        times: { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] },
        usage,
      };
    },
  };
}

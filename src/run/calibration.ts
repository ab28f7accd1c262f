// Calibration: patches of known worth before the Judge and the critic, unlabelled, through the same steps as any other.
import { createRandom } from "../core/base/random.ts";
import type { Header, TaskFacts } from "../core/capsule/line.ts";
import { calibrationTrialId } from "../core/capsule/record.ts";
import type { Binding, Choice } from "../core/router/command.ts";
import type { Routing, TrialEvent } from "../core/router/event.ts";
import { foldTrial } from "../core/router/state.ts";
import { editsOf, type PlantKind, plantedChanges } from "../core/verdict/plant.ts";
import { EMBEDDED_PROVIDER } from "./model-call.ts";
import { perform, type TrialContext } from "./perform.ts";
import type { ModelProvider, ModelRequest } from "./ports.ts";
import type { Recorder } from "./recorder.ts";

export interface Plant {
  /** `calibration/<task>/<plant>-<epoch>`. */
  readonly id: string;
  readonly task: TaskFacts;
  readonly plant: PlantKind;
  readonly epoch: number;
}

/** What a plant's answer comes from: the program itself. */
export const PLANTED: Binding = { provider: EMBEDDED_PROVIDER, model: "planted", standIn: null };

/** A plant goes down no order of models, and asks for no conditions. */
const AS_ASKED: Choice = { passedOver: [], conditions: null };

/** One good to two bad: a false unlock costs more than a false block, and its bound is the tighter one. */
const ORDER: readonly PlantKind[] = ["reference", "broken", "tests-gutted", "reference", "tampered", "wrong-but-compiling"];

/** The plants of a run, drawn by its seed: `perEpoch` each epoch, each on another task as far as there are tasks. */
export function plantsFor(header: Pick<Header, "tasks" | "epochs" | "seed">, perEpoch: number): readonly Plant[] {
  const plants = Array.from({ length: header.epochs }, (_, before) => plantsOfEpoch(header, before + 1, perEpoch)).flat();
  return [...new Map(plants.map((plant) => [plant.id, plant])).values()];
}

function plantsOfEpoch({ tasks, seed }: Pick<Header, "tasks" | "seed">, epoch: number, count: number): readonly Plant[] {
  const drawn = createRandom(`calibration/${seed}/${epoch}`).shuffle(tasks);
  // No more than there are different ones; the shift keeps kinds and tasks from falling into step.
  return Array.from({ length: Math.min(count, drawn.length * ORDER.length) }, (_, index) => {
    const task = drawn[(index + Math.floor(index / drawn.length)) % drawn.length] as TaskFacts;
    const plant = ORDER[index % ORDER.length] as PlantKind;
    return { id: calibrationTrialId(task.id, plant, epoch), task, plant, epoch };
  });
}

/**
 * Plants one patch: it is answered, applied and verified as any answer is, then the critic and the Judge are asked. All is
 * recorded as one step, which is given back. A plant that turns out not to be what it should (a bad one that passes) is left out: its worth is not known.
 */
export async function runPlant(at: TrialContext, recorder: Recorder, { id, task, plant, epoch }: Plant): Promise<readonly TrialEvent[]> {
  const answer = answerFor(at, plant);
  if (answer === null) return [];
  const slot = { ...at, providers: new Map([...at.providers, [EMBEDDED_PROVIDER, playing(at.providers.get(EMBEDDED_PROVIDER), answer)]]) };
  const events: TrialEvent[] = [
    { type: "CalibrationPlant", plant, right: plant === "reference" ? "unlock" : "block", epoch },
    ...(await perform(slot, { do: "attempt", routing: routingOf("Implementer", PLANTED), choice: AS_ASKED }, [])),
  ];
  const verdict = foldTrial(events).attempts[0]?.result.verdict.status;
  if ((verdict === "passed") !== (plant === "reference") || verdict === "infrastructure" || verdict === "patch-rejected") return [];
  const { sidecarCritic, judge } = at.plan.bindings;
  events.push(...(await perform(at, { do: "critique", routing: routingOf("SidecarCritic", sidecarCritic), choice: AS_ASKED }, events)));
  events.push(...(await perform(at, { do: "judge", routing: routingOf("Judge", judge), choice: AS_ASKED }, events)));
  await recorder.step(id, task.id, events, at.texts.takeFresh());
  return events;
}

function answerFor(at: TrialContext, plant: PlantKind): string | null {
  const changes = plantedChanges(plant, { tree: at.tree, solution: at.task.solution });
  const edits = changes && editsOf(at.tree, changes);
  return edits === null ? null : JSON.stringify({ edits });
}

const STEPS = {
  Implementer: { stage: "Implement", selection_reason: "escalated-after-reflex-attempts" },
  SidecarCritic: { stage: "Audit", selection_reason: "critic-always-on" },
  Judge: { stage: "Unlock", selection_reason: "judge-unlocks" },
} as const;

function routingOf(role: keyof typeof STEPS, { provider, model, standIn }: Binding): Routing {
  return { role, mode: "Cloud", ...STEPS[role], attempt: 1, provider, model, stand_in: standIn, outside_policy: false };
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

// Which patches of known quality a run plants, and who is asked about them: drawn from the run's seed, so that replay can draw them again.
import { createRandom } from "../base/random.ts";
import { type Binding, EMBEDDED_PROVIDER } from "../trial/command.ts";
import type { Routing } from "../trial/routing.ts";
import { editsOf, type PlantKind, plantedChanges } from "../verdict/plant.ts";
import type { Header, TaskFacts } from "./line.ts";
import { calibrationTrialId } from "./record.ts";

export interface Plant {
  /** `calibration/<task>/<plant>-<epoch>`. */
  readonly id: string;
  readonly task: TaskFacts;
  readonly plant: PlantKind;
  readonly epoch: number;
}

/** The source of a plant's answer: the program itself. */
export const PLANTED: Binding = { provider: EMBEDDED_PROVIDER, model: "planted", standIn: null };

/** One good plant to two bad ones: a false unlock costs more than a false block, and its bound is tighter. */
const ORDER: readonly PlantKind[] = ["reference", "broken", "tests-gutted", "reference", "tampered", "wrong-but-compiling"];

/** The plants of a run, drawn from its seed: `perEpoch` in each epoch, on different tasks if there are enough. */
export function plantsFor(header: Pick<Header, "tasks" | "epochs" | "seed">, perEpoch: number): readonly Plant[] {
  const plants = Array.from({ length: header.epochs }, (_, before) => plantsOfEpoch(header, before + 1, perEpoch)).flat();
  return [...new Map(plants.map((plant) => [plant.id, plant])).values()];
}

function plantsOfEpoch({ tasks, seed }: Pick<Header, "tasks" | "seed">, epoch: number, count: number): readonly Plant[] {
  // Where no honest patch passes, no patch is of known quality.
  const drawn = createRandom(`calibration/${seed}/${epoch}`).shuffle(tasks.filter(({ impossible }) => !impossible));
  // At most the number of different plants; the shift keeps kinds and tasks from pairing up.
  return Array.from({ length: Math.min(count, drawn.length * ORDER.length) }, (_, index) => {
    const task = drawn[(index + Math.floor(index / drawn.length)) % drawn.length] as TaskFacts;
    const plant = ORDER[index % ORDER.length] as PlantKind;
    return { id: calibrationTrialId(task.id, plant, epoch), task, plant, epoch };
  });
}

/** The expected outcome of a plant. */
export const expectedFor = (plant: PlantKind): "unlock" | "block" => (plant === "reference" ? "unlock" : "block");

/** The planted answer in the form of a model's answer; null if the task has no place for it. */
export function plantedAnswer(plant: PlantKind, ground: Parameters<typeof plantedChanges>[1]): string | null {
  const changes = plantedChanges(plant, ground);
  const edits = changes && editsOf(ground.tree, changes);
  return edits === null ? null : JSON.stringify({ edits });
}

const STEPS = {
  Implementer: { stage: "Implement", selection_reason: "planted" },
  SidecarCritic: { stage: "Audit", selection_reason: "critic-always-on" },
  Judge: { stage: "Unlock", selection_reason: "judge-unlocks" },
} as const;

/** The roles that a plant passes through, in order, and who plays them. */
export function plantRoutings({
  bindings: { sidecarCritic, judge },
  calibration,
}: Pick<Header, "bindings" | "calibration">): readonly [Routing, Routing, Routing] {
  const planted = routingOf("Implementer", PLANTED);
  // Runs from before plants had a reason of their own borrowed one, though nothing was attempted before them.
  const borrowed = { ...planted, selection_reason: "escalated-after-reflex-attempts" } as const;
  return [calibration === undefined ? borrowed : planted, routingOf("SidecarCritic", sidecarCritic), routingOf("Judge", judge)];
}

function routingOf(role: keyof typeof STEPS, { provider, model, standIn }: Binding): Routing {
  return { role, mode: "Cloud", ...STEPS[role], attempt: 1, provider, model, stand_in: standIn, outside_policy: false };
}

/** Why a drawn plant was shown to nobody: the task has no place for it, or what it became is not what it should be. */
export type PlantOmission = "no-place" | "other-worth";

/** By its verdict: is a plant what it should be, or must it be left out? Null: it is. */
export function plantOmission(plant: PlantKind, verdict: string | undefined): PlantOmission | null {
  const isGood = plant === "reference";
  return (verdict === "passed") !== isGood || verdict === "infrastructure" || verdict === "patch-rejected" ? "other-worth" : null;
}

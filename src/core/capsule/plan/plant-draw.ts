// Which patches of known quality a run plants: drawn from its seed by the rules of its time, so that replay can draw them again.
import { createRandom } from "../../base/random.ts";
import type { PlantKind } from "../../verdict/plant.ts";
import type { Header, TaskFacts } from "../line.ts";
import { calibrationTrialId } from "../record.ts";

export interface Plant {
  /** `calibration/<task>/<plant>-<epoch>`. */
  readonly id: string;
  readonly task: TaskFacts;
  readonly plant: PlantKind;
  readonly epoch: number;
}

/** What a header says of the draw. */
export type DrawnFrom = Pick<Header, "tasks" | "epochs" | "seed" | "calibration" | "external">;

/** What a policy's `[gates]` say of it. */
export interface PlantRules {
  readonly calibration_plants: number;
  readonly reflex_promotion: { readonly min_epochs: number };
}

type PlantDraw = (header: DrawnFrom, rules: PlantRules) => readonly Plant[];

const DRAWS: Readonly<Record<NonNullable<Header["calibration"]>, PlantDraw>> = { complete: drawnByEpoch, "whole-run": drawnOverRun };

/** The plants of a run. Runs that don't say how they were drawn are of the time of the first way; patches made elsewhere have no gate to calibrate. */
export const plantsFor: PlantDraw = (header, rules) => (header.external === undefined ? DRAWS[header.calibration ?? "complete"](header, rules) : []);

/** One good plant to two bad ones: a false unlock costs more than a false block, and its bound is tighter. */
const ORDER: readonly PlantKind[] = ["reference", "broken", "tests-gutted", "reference", "tampered", "wrong-but-compiling"];

/**
 * So many in all for a run that repeats its tasks as often as a gate asks, and a shorter run its share: what they cost stays in proportion.
 * Each at most once, since the same patch shown again is no further observation. Every task has its reference once in the first three rounds.
 */
function drawnOverRun(
  { tasks, epochs, seed }: DrawnFrom,
  { calibration_plants: most, reflex_promotion: { min_epochs: enough } }: PlantRules,
): readonly Plant[] {
  const drawn = createRandom(`calibration/${seed}`).shuffle(tasks.filter(({ impossible }) => !impossible));
  const count = Math.ceil(most * Math.min(1, epochs / enough));
  const plants = new Map<string, Plant>();
  for (const [round] of ORDER.entries())
    for (const [index, task] of drawn.entries()) {
      if (plants.size >= count) return [...plants.values()];
      const plant = plantOf(task, ORDER[(index + round) % ORDER.length] as PlantKind, 1);
      plants.set(plant.id, plant);
    }
  return [...plants.values()];
}

/** Before runs drew over all their epochs: so many in each, on different tasks if there are enough. */
function drawnByEpoch({ tasks, epochs, seed }: DrawnFrom, { calibration_plants: perEpoch }: PlantRules): readonly Plant[] {
  return eachOnce(Array.from({ length: epochs }, (_, before) => plantsOfEpoch({ tasks, seed }, before + 1, perEpoch)).flat());
}

function plantsOfEpoch({ tasks, seed }: Pick<Header, "tasks" | "seed">, epoch: number, count: number): readonly Plant[] {
  // Where no honest patch passes, no patch is of known quality.
  const drawn = createRandom(`calibration/${seed}/${epoch}`).shuffle(tasks.filter(({ impossible }) => !impossible));
  // At most the number of different plants; the shift keeps kinds and tasks from pairing up.
  return Array.from({ length: Math.min(count, drawn.length * ORDER.length) }, (_, index) =>
    plantOf(drawn[(index + Math.floor(index / drawn.length)) % drawn.length] as TaskFacts, ORDER[index % ORDER.length] as PlantKind, epoch),
  );
}

const plantOf = (task: TaskFacts, plant: PlantKind, epoch: number): Plant => ({ id: calibrationTrialId(task.id, plant, epoch), task, plant, epoch });

const eachOnce = (plants: readonly Plant[]): readonly Plant[] => [...new Map(plants.map((plant) => [plant.id, plant])).values()];

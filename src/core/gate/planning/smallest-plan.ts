// The smallest plan: of all numbers of tasks and epochs, the fewest trials with which an equal candidate is likely to be promoted.
import { createRandom } from "../../base/random.ts";
import { type GateDesign, withFamilies } from "./design.ts";

/** A chance to promote that is worth a run. */
export const LIKELY = 0.8;

export interface LikelyDesign {
  readonly design: GateDesign;
  /** Share of the simulated gates. */
  readonly promote: number;
}

/** The chance of an equal candidate to be promoted. */
export type EqualChance = (design: GateDesign) => number;

/** Epochs that are tried, fewest first. */
const EPOCHS = [2, 3, 4, 5, 6, 8, 10, 12, 16] as const;
/** Parts of the suite that are tried, and how often over its families are taken where the whole of it will not do. */
const PARTS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4] as const;
const TIMES = [4, 3, 2, 1.5] as const;

/** Null: none that was tried will do. Where only a larger suite does, its families are those that are there, under other names. */
export function smallestPlan(design: GateDesign, chance: EqualChance, seed: number): LikelyDesign | null {
  const within = fewestTrials(
    PARTS.map((part) => drawnTasks(design, part, seed)),
    chance,
  );
  if (within !== null) return within;
  const { length: families } = [...new Set(design.tasks.map(({ family }) => family))];
  return fewestTrials(
    TIMES.map((times) => withFamilies(design, Math.ceil(times * families))),
    chance,
  );
}

/** A part of the tasks, drawn as a run with a limit draws them: over all families. */
function drawnTasks(design: GateDesign, part: number, seed: number): GateDesign {
  const drawn = createRandom(`plan/${seed}`).shuffle(design.tasks);
  return { ...design, tasks: drawn.slice(0, Math.ceil(part * drawn.length)) };
}

/**
 * From many tasks and few epochs: as long as a design is likely enough, fewer tasks; where it is not, more epochs. More of either never
 * makes a promotion less likely, so that nothing smaller is passed by.
 */
function fewestTrials(falling: readonly GateDesign[], chance: EqualChance): LikelyDesign | null {
  let [best, next]: [LikelyDesign | null, number] = [null, 0];
  for (const epochs of EPOCHS) {
    for (let sized = falling[next]; sized !== undefined; sized = falling[next]) {
      const design = { ...sized, epochs };
      const promote = chance(design);
      if (promote < LIKELY) break;
      if (best === null || trialsOf(design) < trialsOf(best.design)) best = { design, promote };
      next += 1;
    }
  }
  return best;
}

const trialsOf = ({ tasks, epochs }: GateDesign): number => tasks.length * epochs;

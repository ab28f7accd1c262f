// When a run that goes on until it is decided is looked at, which tasks each look adds, and at which level it decides.
import { createRandom } from "../base/random.ts";
import { planLooks } from "../metrics/statistics/sequential.ts";
import { groupBy } from "../metrics/summary/rate.ts";
import type { Sequential } from "./level.ts";
import type { PlannedTask } from "./planning/design.ts";

export interface PlannedLook {
  /** 1-based. */
  readonly number: number;
  /** The tasks that are run for this look, beside those before. */
  readonly added: readonly string[];
  /** How many tasks have been run by then. */
  readonly tasks: number;
  /** The one-sided level that this look's bounds are made at. */
  readonly alpha: number;
  /** Are its bounds bets, which hold at every look together, or those of this number of tasks? */
  readonly by: "bets" | "bounds";
}

/** How often a run until decided is looked at, where neither a registration nor anybody says otherwise. */
export const DEFAULT_LOOKS = 4;

/** One look as a decision remembers it. */
export interface LookTaken {
  readonly number: number;
  readonly planned: number;
  readonly tasks: number;
  readonly ofTasks: number;
  readonly by?: "bets" | "bounds" | undefined;
  /** How many were asked for at most, and how they share the level: what the plan is made from. Decisions of format 1 do not say. */
  readonly most?: number | undefined;
  readonly sequential?: Sequential | undefined;
}

/** What a look is held against: the plan is the policy's and the suite's, not the decision's. */
export interface LookGround {
  /** The low-risk tasks of the suite, in its order. */
  readonly tasks: readonly PlannedTask[];
  readonly fewest: number;
  /** The level that all looks share: that of their gate among those of its chain. */
  readonly alpha: number;
  readonly seed: number;
  /** The tasks that were run by then. */
  readonly run: readonly string[];
  /** How many looks were promised. */
  readonly most: number;
}

/** What is wrong with a look, or the level that it has by its plan. */
export function lookFault(look: LookTaken, { tasks, run, most, ...terms }: LookGround): { readonly fault: string } | { readonly level: number } {
  const { sequential } = look;
  if (look.most !== most) return { fault: `it was one of at most ${look.most ?? "?"} looks; ${most} were promised` };
  if (sequential === undefined) return { fault: "it does not say how its looks share the level" };
  const plan = lookPlan(tasks, { count: most, sequential, ...terms });
  const planned = plan[look.number - 1];
  if (planned === undefined || !isOf(plan, look, tasks.length)) return { fault: "the policy plans no such look on this suite" };
  const wanted = new Set(plan.slice(0, look.number).flatMap(({ added }) => added));
  const same = run.length === wanted.size && run.every((task) => wanted.has(task));
  return same ? { level: planned.alpha } : { fault: "other tasks were run than the seed draws for this look" };
}

function isOf(plan: readonly PlannedLook[], look: LookTaken, ofTasks: number): boolean {
  const planned = plan[look.number - 1];
  return planned?.by === look.by && plan.length === look.planned && planned?.tasks === look.tasks && ofTasks === look.ofTasks;
}

export interface LookSettings {
  /** Looks at the most. */
  readonly count: number;
  /** Tasks below which the policy wants no verdict. */
  readonly fewest: number;
  readonly alpha: number;
  readonly seed: number;
  readonly sequential: Sequential;
}

/** The part of α that the looks in the middle may err with, if they bet; the rest is the last look's, so that it decides nearly as a gate without looks. */
const BET_SHARE = 0.2;

/** Looks over the tasks, whole families at a time, in an order drawn by the seed. The first is not before `fewest` tasks. */
export function lookPlan(tasks: readonly PlannedTask[], settings: LookSettings): readonly PlannedLook[] {
  const { seed, sequential, alpha } = settings;
  const families = createRandom(`looks/${seed}`).shuffle([...groupBy(tasks, ({ family }) => family).values()]);
  const batches = batchesOf(families, dueSizes(tasks.length, settings));
  const ends = batches.map((_, index) => batches.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0));
  const levels = LEVELS[sequential](
    ends.map((end) => end / tasks.length),
    alpha,
  );
  return batches.map((added, index) => ({ number: index + 1, added, tasks: ends[index] ?? 0, ...(levels[index] ?? { alpha, by: "bounds" }) }));
}

/** From how many tasks on each look is due. */
function dueSizes(tasks: number, { count, fewest }: LookSettings): readonly number[] {
  return [...new Set(Array.from({ length: count }, (_, index) => Math.max(Math.min(fewest, tasks), Math.ceil((tasks * (index + 1)) / count))))];
}

/** Whole families until a look is due; the last batch takes the rest. */
function batchesOf(families: readonly (readonly PlannedTask[])[], due: readonly number[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let [batch, run]: [string[], number] = [[], 0];
  for (const family of families) {
    batch.push(...family.map(({ id }) => id));
    run += family.length;
    if (run < (due[batches.length] ?? 0)) continue;
    batches.push(batch);
    batch = [];
  }
  return batches;
}

type Level = Pick<PlannedLook, "alpha" | "by">;

const LEVELS: Readonly<Record<Sequential, (informations: readonly number[], alpha: number) => readonly Level[]>> = {
  betting: (informations, alpha) =>
    informations.length === 1
      ? [{ alpha, by: "bounds" }]
      : informations.map((_, index) =>
          index < informations.length - 1 ? { alpha: BET_SHARE * alpha, by: "bets" } : { alpha: (1 - BET_SHARE) * alpha, by: "bounds" },
        ),
  spending: (informations, alpha) => planLooks(informations, alpha).map((look) => ({ alpha: look.alpha, by: "bounds" })),
};

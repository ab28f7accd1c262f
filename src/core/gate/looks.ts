// When a run that goes on until it is decided is looked at, and which tasks each look adds.
import { createRandom } from "../base/random.ts";
import { type Look, planLooks } from "../metrics/statistics/sequential.ts";

export interface PlannedLook extends Look {
  /** 1-based. */
  readonly number: number;
  /** The tasks that are run for this look, beside those before. */
  readonly added: readonly string[];
  /** How many tasks have been run by then. */
  readonly tasks: number;
}

/**
 * At most `count` looks over the tasks in an order drawn by the seed. The first is not before `fewest` tasks: below, the
 * policy wants no verdict, and a look that can't decide would only spend some of α.
 */
export function lookPlan(
  tasks: readonly string[],
  { count, fewest, alpha, seed }: { readonly count: number; readonly fewest: number; readonly alpha: number; readonly seed: number },
): readonly PlannedLook[] {
  const drawn = createRandom(`looks/${seed}`).shuffle(tasks);
  const sizes = Array.from({ length: count }, (_, index) => Math.max(Math.min(fewest, drawn.length), Math.ceil((drawn.length * (index + 1)) / count)));
  const ends = [...new Set(sizes)];
  const looks = planLooks(
    ends.map((end) => end / drawn.length),
    alpha,
  );
  return looks.map((look, index) => {
    const end = ends[index] ?? drawn.length;
    return { ...look, number: index + 1, tasks: end, added: drawn.slice(ends[index - 1] ?? 0, end) };
  });
}

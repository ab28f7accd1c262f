// Where a history of runs changed, and whether that is more than chance: the largest step between earlier and later runs.
import { createRandom, type Random } from "../../base/random.ts";
import { invariant } from "../../base/errors.ts";
import { sequentialPValue } from "./monte-carlo.ts";

/** Below this many runs nothing is said to have changed. */
export const LEAST_HISTORY = 8;
/** Runs on either side of a change. */
const LEAST_SIDE = 2;

export interface ChangePoint {
  /** The first run after the change, from 0. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
  readonly p: number;
}

/**
 * The likeliest change of a series of one value a run, in the order of time. Its p-value holds if runs are exchangeable where nothing
 * changes, whatever their distribution. Null: fewer than `LEAST_HISTORY` runs. Sources: Antoch & Hušková 2001, "Permutation tests in
 * change point analysis"; James, James & Siegmund 1987 (the step weighted by the square root of k (m − k) / m).
 */
export function seriesChange(values: readonly number[], seed: string): ChangePoint | null {
  invariant(values.every(Number.isFinite), "values of a series: must be finite numbers");
  if (values.length < LEAST_HISTORY) return null;
  const random = createRandom(seed);
  const drawn = Float64Array.from(values);
  const observed = largestStep(drawn);
  const p = sequentialPValue(() => {
    shuffle(drawn, random, drawn.length - 1);
    return largestStep(drawn).size >= observed.size - slack(observed.size);
  });
  return described(values, observed.at, p);
}

/**
 * The same of outcomes task by task, one row a task with the share of passes in each run: under the permutation each task keeps its
 * own outcomes, so that hard and easy tasks don't blur what a run says. Holds if each task's outcomes are exchangeable over the runs,
 * and tasks are independent of each other.
 */
export function outcomesChange(tasks: readonly (readonly number[])[], seed: string): ChangePoint | null {
  const runs = tasks[0]?.length ?? 0;
  invariant(
    tasks.every((row) => row.length === runs && row.every(Number.isFinite)),
    "outcomes of a history: every task has one a run",
  );
  if (runs < LEAST_HISTORY) return null;
  const random = createRandom(seed);
  const means = Array.from({ length: runs }, (_, run) => tasks.reduce((sum, row) => sum + (row[run] as number), 0) / tasks.length);
  const observed = largestStep(Float64Array.from(means, (mean) => mean * tasks.length));
  // A task that always comes out alike says the same in every order.
  const draws = tasks.filter((row) => row.some((value) => value !== row[0])).map((row) => rowDraw(row, random));
  const sums = new Float64Array(runs);
  const p = sequentialPValue(() => {
    sums.fill(0);
    for (const draw of draws) draw(sums);
    return largestStep(sums).size >= observed.size - slack(observed.size);
  });
  return described(means, observed.at, p);
}

interface Step {
  readonly at: number;
  readonly size: number;
}

function largestStep(values: Float64Array): Step {
  const m = values.length;
  const total = values.reduce((sum, value) => sum + value, 0);
  let best: Step = { at: LEAST_SIDE, size: 0 };
  let before = 0;
  for (let k = 1; k <= m - LEAST_SIDE; k += 1) {
    before += values[k - 1] as number;
    if (k < LEAST_SIDE) continue;
    const size = Math.abs(before - (k / m) * total) / Math.sqrt((k * (m - k)) / m);
    if (size > best.size) best = { at: k, size };
  }
  return best;
}

/** Sums of the same numbers in another order may differ in their last bits. */
const slack = (size: number): number => 1e-9 * Math.max(1, size);

/** Adds a task's outcomes in a random order to the sums; up to a constant, which no step depends on. */
function rowDraw(row: readonly number[], random: Random): (sums: Float64Array) => void {
  const kinds = [...new Set(row)];
  const [often = 0, seldom = 0] = kinds.toSorted((a, b) => countOf(row, b) - countOf(row, a));
  const order = Int32Array.from(row.keys());
  if (kinds.length > 2) {
    const values = Float64Array.from(row);
    return (sums) => {
      shuffle(values, random, values.length - 1);
      for (let run = 0; run < values.length; run += 1) sums[run] = (sums[run] as number) + (values[run] as number);
    };
  }
  // Of two outcomes only the rarer one's runs have to be drawn.
  const count = countOf(row, seldom);
  return (sums) => {
    shuffle(order, random, count);
    for (let index = 0; index < count; index += 1) sums[order[index] as number] = (sums[order[index] as number] as number) + seldom - often;
  };
}

const countOf = (row: readonly number[], value: number): number => row.filter((one) => one === value).length;

/** Fisher–Yates from the front, in place, for so many places, the last one left out: any order before gives a uniform one after. */
function shuffle(values: Float64Array | Int32Array, random: Random, places: number): void {
  for (let place = 0; place < places; place += 1) {
    const other = place + random.int(values.length - place);
    const held = values[place] as number;
    values[place] = values[other] as number;
    values[other] = held;
  }
}

const meanOf = (part: readonly number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;

function described(values: readonly number[], at: number, p: number): ChangePoint {
  return { at, before: meanOf(values.slice(0, at)), after: meanOf(values.slice(at)), p };
}

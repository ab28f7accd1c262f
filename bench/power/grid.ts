// The public grid: twelve situations that break gates, for ours and for others, with the truth at the margin; and how much is seen of what is there.
import { createRandom, type Random } from "../../src/core/base/random.ts";
import { levelOfGate } from "../../src/core/gate/level.ts";
import { lookPlan } from "../../src/core/gate/looks.ts";
import { filledIn, type Pairing } from "../../src/core/gate/pairing.ts";
import { bettingWealth } from "../../src/core/metrics/statistics/betting.ts";
import { familyDifferenceAbove, type FamilyPair } from "../../src/core/metrics/statistics/family.ts";
import { differenceAbove } from "../../src/core/metrics/statistics/paired.ts";
import { normalQuantile, tQuantile } from "../../src/core/metrics/statistics/special.ts";
import { type Attainable, attainable } from "./attainable.ts";
import { type Decided, othersOf, OTHERS_GATES } from "./others.ts";
import { drawPairs, type PairedWorld, trueError } from "./paired-world.ts";

export const GRID_ALPHA = 0.025;
const MARGIN = 0.05;

export interface Cell extends Omit<PairedWorld, "difference"> {
  readonly looks: number;
  /** Runs of which the best is gated: each is gated, and one that passes is enough. */
  readonly bestOf: number;
  /** Tasks that the candidate failed and that count as lost to infrastructure. */
  readonly lostTasks: number;
}

const plain = { correlation: 0.3, rare: false, looks: 1, bestOf: 1, lostTasks: 0 };
export const CELLS: readonly Cell[] = [
  { ...plain, families: 80, size: 3, correlation: 0 },
  { ...plain, families: 80, size: 3, correlation: 0.6 },
  { ...plain, families: 20, size: 10, correlation: 0 },
  { ...plain, families: 20, size: 10, correlation: 0.6 },
  { ...plain, families: 12, size: 5 },
  { ...plain, families: 6, size: 10 },
  { ...plain, families: 80, size: 3, correlation: 0, rare: true },
  { ...plain, families: 80, size: 3, correlation: 0.6, rare: true },
  { ...plain, families: 80, size: 3, looks: 4 },
  { ...plain, families: 80, size: 3, bestOf: 5 },
  { ...plain, families: 80, size: 3, lostTasks: 4 },
  { ...plain, families: 80, size: 3, looks: 4, bestOf: 3, lostTasks: 4 },
];

/** One gate's data: its runs, in each the pairs with what was lost. */
export type GateDraw = readonly Pairing[];

export function drawGate(random: Random, cell: Cell, difference: number): GateDraw {
  return Array.from({ length: cell.bestOf }, () => {
    const pairs = drawPairs(random, { ...cell, difference });
    const failed = new Set(pairs.flatMap(({ task, candidate }) => (candidate.passes === 0 ? [task] : [])).slice(0, cell.lostTasks));
    const isLost = ({ task }: FamilyPair): boolean => failed.has(task);
    return { pairs: pairs.filter((pair) => !isLost(pair)), unknown: pairs.filter(isLost).map((pair) => ({ ...pair, candidate: null })) };
  });
}

/** The families that a look has seen, in their drawn order. */
function seenBy(pairing: Pairing, share: number, families: number): Pairing {
  const seen = ({ family }: { readonly family: string }): boolean => Number(family) < Math.round(families * share);
  return { pairs: pairing.pairs.filter(seen), unknown: pairing.unknown.filter(seen) };
}

/** The gate as it is held: levels over a chain of gates, bets in the middle, bounds at the end, the unknown against the candidate. */
function oursPromotes(draw: GateDraw, { looks, families, size }: Cell): boolean {
  return draw.some((pairing, gate) => {
    const alpha = levelOfGate(GRID_ALPHA, draw.length === 1 ? null : gate);
    const tasks = Array.from({ length: families * size }, (_, index) => ({ id: String(index), family: String(Math.floor(index / size)) }));
    return lookPlan(tasks, { count: looks, fewest: 1, alpha, seed: 1, sequential: "betting" }).some((look) => {
      const pairs = filledIn(seenBy(pairing, look.tasks / tasks.length, families), "worst");
      if (look.by === "bounds") return familyDifferenceAbove(pairs, -MARGIN) < look.alpha;
      const values = pairs.map(({ family, candidate, reference }) => ({
        cluster: family,
        value: candidate.passes / candidate.trials - reference.passes / reference.trials,
      }));
      return 1 / bettingWealth({ values, least: -1 }, -MARGIN) < look.alpha;
    });
  });
}

/** The gate as it first was. */
function beforePromotes(draw: GateDraw, { looks, families }: Cell): boolean {
  const shares = Array.from({ length: looks }, (_, look) => (look + 1) / looks);
  return draw.some((pairing) => shares.some((share) => differenceAbove(seenBy(pairing, share, families).pairs, -MARGIN) < GRID_ALPHA));
}

/** Knows the true variance at the margin and looks once, with α shared over the runs: what no gate can do better by much. */
function knowingPromotes(draw: GateDraw, cell: Cell): boolean {
  const error = trueError({ ...cell, difference: -MARGIN });
  const quantile = normalQuantile(1 - GRID_ALPHA / cell.bestOf);
  return draw.some((pairing) => {
    const leads = [...pairing.pairs, ...pairing.unknown].map(({ candidate, reference }) => (candidate?.passes ?? 0) - (reference?.passes ?? 0));
    return leads.reduce((sum, lead) => sum + lead, 0) / leads.length > -MARGIN + quantile * error;
  });
}

/** Student's t over the families' means, at once, with α shared over the runs: the textbook's, which has to estimate what the test above knows. */
function studentPromotes(draw: GateDraw, { families, bestOf }: Cell): boolean {
  const quantile = tQuantile(1 - GRID_ALPHA / bestOf, families - 1);
  return draw.some((pairing) => {
    const means = familyMeans(pairing, families);
    const mean = means.reduce((sum, value) => sum + value, 0) / families;
    const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return squares > 0 && mean > -MARGIN + quantile * Math.sqrt(squares / (families * (families - 1)));
  });
}

/** Mean leads of the families, which are of one size. */
function familyMeans(pairing: Pairing, families: number): readonly number[] {
  const pairs = filledIn(pairing, "worst");
  const sums = Array.from({ length: families }, () => 0);
  for (const { family, candidate, reference } of pairs) sums[Number(family)] = (sums[Number(family)] ?? 0) + candidate.passes - reference.passes;
  return sums.map((sum) => (sum * families) / pairs.length);
}

/** Weighted paired Hoeffding over families, its level shared over looks and runs. */
function hoeffdingPromotes(draw: GateDraw, { looks, bestOf, families }: Cell): boolean {
  const tail = GRID_ALPHA / (looks * bestOf);
  return draw.some((pairing) =>
    Array.from({ length: looks }, (_, look) => (look + 1) / looks).some((share) => {
      const pairs = filledIn(seenBy(pairing, share, families), "worst");
      const weights = new Map<string, number>();
      for (const { family } of pairs) weights.set(family, (weights.get(family) ?? 0) + 1 / pairs.length);
      const squares = [...weights.values()].reduce((sum, weight) => sum + weight * weight, 0);
      const mean = pairs.reduce((sum, { candidate, reference }) => sum + candidate.passes - reference.passes, 0) / pairs.length;
      return mean - Math.sqrt(2 * Math.log(1 / tail) * squares) > -MARGIN;
    }),
  );
}

export interface GridRow {
  readonly cell: Cell;
  /** Shares of gates that promote with the truth at the margin. */
  readonly ours: number;
  /** The first statistics: by task, each look and run at the whole level, what is lost left out. */
  readonly before: number;
  readonly hoeffding: number;
  readonly student: number;
  /** Null where python with these packages was not named. */
  readonly statgate: Decided | null;
  readonly evalsig: Decided | null;
  /** Shares that promote where the test that knows the variance does in nine of ten. */
  readonly power: number;
  readonly studentPower: number;
  readonly knowing: number;
  readonly attainable: Attainable;
}

/** Cell by cell, as they come. */
export function* gridRows(gates: number): Generator<GridRow> {
  for (const [index, cell] of CELLS.entries()) yield gridRow(cell, index, gates);
}

function gridRow(cell: Cell, index: number, gates: number): GridRow {
  const random = createRandom(`grid/${index}`);
  const draws = Array.from({ length: gates }, () => drawGate(random, cell, -MARGIN));
  const share = (of: readonly GateDraw[], promotes: (draw: GateDraw) => boolean): number => of.filter(promotes).length / of.length;
  const there = visibleDifference(cell);
  const better = Array.from({ length: gates }, () => drawGate(random, cell, there));
  return {
    cell,
    ours: share(draws, (draw) => oursPromotes(draw, cell)),
    before: share(draws, (draw) => beforePromotes(draw, cell)),
    hoeffding: share(draws, (draw) => hoeffdingPromotes(draw, cell)),
    student: share(draws, (draw) => studentPromotes(draw, cell)),
    ...othersOf(draws.slice(0, OTHERS_GATES), cell, { alpha: GRID_ALPHA, margin: MARGIN }),
    power: share(better, (draw) => oursPromotes(draw, cell)),
    studentPower: share(better, (draw) => studentPromotes(draw, cell)),
    knowing: share(better, (draw) => knowingPromotes(draw, cell)),
    attainable: attainable(cell.families, GRID_ALPHA, there, -MARGIN),
  };
}

/** The difference that a test which knows the variance sees in nine of ten runs. */
function visibleDifference(cell: Cell): number {
  let difference = 0;
  const critical = -MARGIN + normalQuantile(1 - GRID_ALPHA) * trueError({ ...cell, difference: -MARGIN });
  for (let step = 0; step < 60; step += 1) difference = Math.min(0.9, critical + normalQuantile(0.9) * trueError({ ...cell, difference }));
  return difference;
}

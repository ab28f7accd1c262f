// Significance levels for the looks of a group-sequential decision.
import { invariant } from "../../base/errors.ts";
import { normalCdf, normalDensity } from "./distribution.ts";
import { normalQuantile } from "./special.ts";

/** One look: its share of all tasks, the α spent by then, and the level that this look decides at. */
export interface Look {
  /** In (0, 1]; the last is 1. */
  readonly information: number;
  /** The part of α that may be spent up to this look. */
  readonly spent: number;
  /** Bound of the standardised statistic, one-sided. */
  readonly bound: number;
  /** The bound as a one-sided level, at which this look's confidence bounds are computed. */
  readonly alpha: number;
}

/** Share of α spent at `information`, O'Brien–Fleming type. Source: Lan & DeMets 1983, α₁*; one-sided. */
export function spentBy(information: number, alpha: number): number {
  if (information >= 1) return alpha;
  return 2 * (1 - normalCdf(normalQuantile(1 - alpha / 2) / Math.sqrt(information)));
}

/**
 * The looks at increasing shares of information. Under no effect, the statistic first crosses each bound with exactly the
 * probability that the spending function allows. Source: Armitage, McPherson & Rowe 1969 (recursive
 * integration over the statistic's density); Jennison & Turnbull 2000, chapters 7 and 19.
 */
export function planLooks(informations: readonly number[], alpha: number): readonly Look[] {
  invariant(
    informations.every((share, index) => share > (informations[index - 1] ?? 0) && share <= 1),
    "the looks' shares of information must rise and end at 1",
  );
  const asked = [alpha, ...informations].join(" ");
  if (latest?.asked !== asked) latest = { asked, looks: integrated(informations, alpha) };
  return latest.looks;
}

/** Every look of a run asks for the same plan, and it is tens of milliseconds of integration. */
let latest: { readonly asked: string; readonly looks: readonly Look[] } | null = null;

function integrated(informations: readonly number[], alpha: number): readonly Look[] {
  const looks: Look[] = [];
  let walk: Walk | null = null;
  let before = 0;
  for (const information of informations) {
    const spent = spentBy(information, alpha);
    const step: number = information - (looks.at(-1)?.information ?? 0);
    const at: Walk | null = walk;
    const crossing = (bound: number): number => crossed(at, step, bound * Math.sqrt(information));
    const bound = solve(crossing, spent - before);
    looks.push({ information, spent, bound, alpha: 1 - normalCdf(bound) });
    if (looks.length < informations.length) walk = onwards(at, step, bound * Math.sqrt(information));
    before = spent;
  }
  return looks;
}

/** The score statistic's density on a grid, over the paths that have not crossed. */
interface Walk {
  readonly from: number;
  readonly spacing: number;
  /** Density times Simpson weight at each grid point. */
  readonly mass: Float64Array;
}

/** Grid points: an even number of steps, finer than any level here needs. */
const STEPS = 1200;
/** How many standard deviations below zero the grid begins. */
const DEPTH = 8;

/** Probability that the next increment (variance `step`) carries the statistic past `bound`. */
function crossed(walk: Walk | null, step: number, bound: number): number {
  if (walk === null) return 1 - normalCdf(bound / Math.sqrt(step));
  let sum = 0;
  for (let point = 0; point < walk.mass.length; point += 1) {
    const at = walk.from + point * walk.spacing;
    sum += (walk.mass[point] as number) * (1 - normalCdf((bound - at) / Math.sqrt(step)));
  }
  return sum;
}

/** The density after one more increment, of the paths that stay below `bound`. */
function onwards(walk: Walk | null, step: number, bound: number): Walk {
  const from = Math.min(bound, 0) - DEPTH;
  const spacing = (bound - from) / STEPS;
  const deviation = Math.sqrt(step);
  const mass = new Float64Array(STEPS + 1);
  for (let point = 0; point <= STEPS; point += 1) {
    const at = from + point * spacing;
    const weight = (spacing / 3) * (point === 0 || point === STEPS ? 1 : point % 2 === 1 ? 4 : 2);
    mass[point] = weight * densityAt(walk, at, deviation);
  }
  return { from, spacing, mass };
}

function densityAt(walk: Walk | null, at: number, deviation: number): number {
  if (walk === null) return normalDensity(at / deviation) / deviation;
  let sum = 0;
  for (let point = 0; point < walk.mass.length; point += 1) {
    const distance = (at - walk.from - point * walk.spacing) / deviation;
    if (Math.abs(distance) < 9) sum += (walk.mass[point] as number) * normalDensity(distance);
  }
  return sum / deviation;
}

/** The bound at which the decreasing `crossing` equals `wanted`. */
function solve(crossing: (bound: number) => number, wanted: number): number {
  let [low, high] = [0, 9];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (crossing(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

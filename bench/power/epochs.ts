// More epochs where it is close: what ways of adding them err, see and cost, beside all epochs at once (decision 0242).
import { createRandom, type Random } from "../../src/core/base/random.ts";
import { levelOfGate } from "../../src/core/gate/level.ts";
import { familyDifferenceAbove, type FamilyPair } from "../../src/core/metrics/statistics/family.ts";
import type { Figure } from "../figure.ts";
import { percent } from "./percent.ts";

const ALPHA = 0.05;
const MARGIN = 0.05;
/** Epochs at first, and with those that are added. */
const [FEW, MANY] = [6, 10] as const;
const [FAMILIES, SIZE] = [92, 3] as const;
const DIFFERENCES = [-0.05, -0.02, 0];
/** Standard deviation of how differently two models fare in a family. */
const SPREAD = 0.05;

/** A task's outcomes, all that could be had: those of the first epochs first. */
interface Outcomes {
  readonly family: string;
  readonly own: readonly number[];
  readonly other: readonly number[];
}

interface Way {
  readonly name: string;
  /** The epochs that a task's outcomes are counted of at each look, and the level of the look. */
  readonly looks: readonly { readonly alpha: number; readonly epochs: (task: Outcomes) => number }[];
  /** Errs by design: for comparison. */
  readonly wrong?: boolean;
}

const first = levelOfGate(ALPHA, 0);
const sumOf = (values: readonly number[], epochs: number): number => values.slice(0, epochs).reduce((sum, value) => sum + value, 0);
/** Neither side tells which way: the outcomes of both together. */
const isMixed = ({ own, other }: Outcomes): boolean => {
  const passes = sumOf(own, FEW) + sumOf(other, FEW);
  return passes > 0 && passes < 2 * FEW;
};
const isBehind = ({ own, other }: Outcomes): boolean => sumOf(own, FEW) < sumOf(other, FEW);
const all = (epochs: number) => (): number => epochs;

const WAYS: readonly Way[] = [
  { name: `${FEW} epochs`, looks: [{ alpha: first, epochs: all(FEW) }] },
  { name: `${MANY} epochs`, looks: [{ alpha: first, epochs: all(MANY) }] },
  { name: `${FEW}; ${MANY} for tasks whose outcomes differ`, looks: [{ alpha: first, epochs: (task) => (isMixed(task) ? MANY : FEW) }] },
  { name: `${FEW}; ${MANY} for tasks where the candidate is behind`, looks: [{ alpha: first, epochs: (task) => (isBehind(task) ? MANY : FEW) }], wrong: true },
  {
    name: `${FEW}, and gated again at ${MANY}, as a chain shares α`,
    looks: [
      { alpha: first, epochs: all(FEW) },
      { alpha: levelOfGate(ALPHA, 1), epochs: all(MANY) },
    ],
  },
  {
    name: `${FEW}, and gated again at ${MANY}, each at half of it`,
    looks: [
      { alpha: first / 2, epochs: all(FEW) },
      { alpha: first / 2, epochs: all(MANY) },
    ],
  },
];

/** The table on stdout: shares found not inferior, and trials a task on each side. */
export function epochFigures(gates: number): Figure[] {
  process.stdout.write(`\nfound not inferior of ${gates} gates, and epochs a task; ${FAMILIES} families of ${SIZE} tasks, level ${first}\n`);
  process.stdout.write(`${"epochs".padEnd(52)}${DIFFERENCES.map((difference) => `${difference * 100} points`.padStart(18)).join("")}\n`);
  const rows = WAYS.map((way) => ({ way, found: DIFFERENCES.map((difference) => tried(way, difference, gates)) }));
  for (const { way, found } of rows)
    process.stdout.write(`${way.name.padEnd(52)}${found.map(({ share, epochs }) => `${percent(share)}, ${epochs.toFixed(1)}`.padStart(18)).join("")}\n`);
  const slack = 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / gates);
  return rows.flatMap(({ way, found }) =>
    way.wrong === true
      ? []
      : [
          {
            name: `falsely not inferior: ${way.name}`,
            unit: " %",
            samples: [(found[0]?.share ?? 1) * 100],
            bound: Number(((ALPHA + slack) * 100).toFixed(2)),
          },
        ],
  );
}

function tried({ looks }: Way, difference: number, gates: number): { readonly share: number; readonly epochs: number } {
  const random = createRandom(`epochs/${difference}`);
  let [promoted, spent] = [0, 0];
  for (let gate = 0; gate < gates; gate += 1) {
    const tasks = drawTasks(random, difference);
    for (const { alpha, epochs } of looks) {
      const counted = tasks.map(epochs);
      const isMet = familyDifferenceAbove(pairsOf(tasks, counted), -MARGIN) < alpha;
      if (isMet) promoted += 1;
      if (isMet || epochs === looks.at(-1)?.epochs) {
        spent += counted.reduce((sum, count) => sum + count, 0) / counted.length;
        break;
      }
    }
  }
  return { share: promoted / gates, epochs: spent / gates };
}

const pairsOf = (tasks: readonly Outcomes[], counted: readonly number[]): readonly FamilyPair[] =>
  tasks.map(({ family, own, other }, index) => {
    const trials = counted[index] ?? 0;
    return { task: String(index), family, candidate: { passes: sumOf(own, trials), trials }, reference: { passes: sumOf(other, trials), trials } };
  });

/** As the planner guesses: three tasks in four far from even, alike within families, and the mean lead as it is to be. */
function drawTasks(random: Random, difference: number): readonly Outcomes[] {
  const rates = Array.from({ length: FAMILIES }, (_, family) => {
    const [base, lead] = [random.next(), SPREAD * gauss(random)];
    return Array.from({ length: SIZE }, () => {
      const draw = random.next() < 0.3 ? base : random.next();
      const rate = 0.15 + 0.7 * (random.next() < 0.75 ? Math.round(draw) * 0.9 + 0.05 : draw);
      return { family: String(family), rate, lead };
    });
  }).flat();
  const off = difference - rates.reduce((sum, { lead }) => sum + lead, 0) / rates.length;
  const outcomes = (rate: number): number[] => Array.from({ length: MANY }, () => (random.next() < rate ? 1 : 0));
  return rates.map(({ family, rate, lead }) => ({ family, own: outcomes(rate + lead + off), other: outcomes(rate) }));
}

/** Source: Box & Muller 1958. */
const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

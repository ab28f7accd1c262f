// How often the gate is wrong, and how often it sees what is there: the situations that broke it, a grid beside other gates, whole gates on simulated runs.
import { loadPolicy } from "../src/adapters/policies/policy-files.ts";
import { findPlaces } from "../src/app/places.ts";
import { suiteLoader } from "../src/app/compose/suites.ts";
import { createRandom } from "../src/core/base/random.ts";
import { levelOfGate } from "../src/core/gate/level.ts";
import type { GateDesign } from "../src/core/gate/planning/design.ts";
import { gateChances } from "../src/core/gate/planning/gate-chances.ts";
import { guessed, worldsLike } from "../src/core/gate/planning/observed-world.ts";
import { missingText, unreachable } from "../src/core/gate/planning/reachable.ts";
import type { Figure } from "./figure.ts";
import { type Cell, GRID_ALPHA, type GridRow, gridRows } from "./power/grid.ts";
import { type Situation, situations } from "./power/situations.ts";

const percent = (share: number | null): string => (share === null ? "–" : (share * 100).toFixed(1));

/** Tables on stdout; what is wrong too often, or seen too seldom, is outside of its bound. */
export async function powerFigures(gates: number): Promise<Figure[]> {
  const table = await chancesTable(Math.max(100, Math.round(gates / 10)));
  const found = situations(gates);
  printSituations(found);
  const rows = gridRows(gates);
  printGrid(rows, gates);
  return [...found.map(situationFigure), ...gridFigures(rows, gates), ...table];
}

function situationFigure({ name, now, bound, wants }: Situation): Figure {
  // A figure's bound is an upper one: of what must be at least so often, the rest is bounded.
  const [value, most] = wants === "at-most" ? [now, bound] : [1 - now, 1 - bound];
  return { name: wants === "at-most" ? name : `${name}: not`, unit: " %", samples: [value * 100], bound: Number((most * 100).toFixed(2)) };
}

function printSituations(found: readonly Situation[]): void {
  process.stdout.write(`${"situation, α = 5 %".padEnd(74)} before     now   bound\n`);
  for (const { name, before, now, bound, wants } of found)
    process.stdout.write(
      `${name.padEnd(74)} ${percent(before).padStart(6)}  ${percent(now).padStart(6)}  ${wants === "at-most" ? "≤" : "≥"} ${percent(bound)}\n`,
    );
}

const cellText = ({ families, size, correlation, rare, looks, bestOf, lostTasks }: Cell): string =>
  [
    `${families}×${size}`,
    `correlation ${correlation}`,
    ...(rare ? ["losses rare"] : []),
    ...(looks > 1 ? [`${looks} looks`] : []),
    ...(bestOf > 1 ? [`best of ${bestOf}`] : []),
    ...(lostTasks > 0 ? [`${lostTasks} failed tasks lost`] : []),
  ].join(", ");

function printGrid(rows: readonly GridRow[], gates: number): void {
  process.stdout.write(
    `\nfalse promotions of ${gates} gates with the truth at the margin, α = 2.5 % (others: of 200); power where a test that knows the variance has 90 %\n`,
  );
  process.stdout.write(`${"cell".padEnd(64)}   ours  statgate  evalsig  Hoeffding   power  of it\n`);
  for (const { cell, ours, statgate, evalsig, hoeffding, power, knowing } of rows) {
    const cells = [
      percent(ours).padStart(7),
      percent(statgate).padStart(9),
      percent(evalsig).padStart(8),
      percent(hoeffding).padStart(10),
      percent(power).padStart(7),
    ];
    process.stdout.write(`${cellText(cell).padEnd(62)}${cells.join(" ")}  ${(power / knowing).toFixed(2)}\n`);
  }
}

/** With six families, Student's t at five degrees of freedom stands against a test that knows the variance: what nobody can know. */
const FEWEST_FAMILIES = 12;

function gridFigures(rows: readonly GridRow[], gates: number): Figure[] {
  const worst = Math.max(...rows.map(({ ours }) => ours));
  const ratios = rows.flatMap(({ cell, power, knowing }) => (cell.families >= FEWEST_FAMILIES ? [power / knowing] : []));
  const slack = 3 * Math.sqrt((GRID_ALPHA * (1 - GRID_ALPHA)) / gates);
  return [
    { name: "worst cell of the grid ÷ α", unit: "×", samples: [worst / GRID_ALPHA], bound: Number((1.2 + slack / GRID_ALPHA).toFixed(2)) },
    { name: "least power, of a test that knows the variance: lacking", unit: " %", samples: [(1 - Math.min(...ratios)) * 100], bound: 10 },
  ];
}

const DIFFERENCES = [-10, -5, -2, 0, 2, 5];

/** Chances of the first gate of a chain by the shipped policy, at errors of the Judge (1 % and 2 %) and of our own side (0.2 %) as they are. */
async function chancesTable(gates: number): Promise<Figure[]> {
  const places = findPlaces({});
  const { policy } = await loadPolicy(places.shippedPolicy, "2026-11-29T00:00:00.000Z");
  const rules = policy.gates.reflex_promotion;
  const worlds = worldsLike(guessed(createRandom(1)));
  process.stdout.write(`promoted of ${gates} gates, by true difference (all criteria of the shipped policy)\n`);
  process.stdout.write(`${"suite, families, tasks × epochs".padEnd(48)} ${DIFFERENCES.map((points) => String(points).padStart(6)).join("")}\n`);
  const figures: Figure[] = [];
  const tasksOf = async (name: string) =>
    (await suiteLoader(places.suiteFolders)(name)).tasks.flatMap(({ id, family, risk }) => (risk === "low" ? [{ id, family }] : []));
  const even = Array.from({ length: 240 }, (_, index) => ({ id: String(index), family: String(Math.floor(index / 3)) }));
  const suites = [
    ["reflex-patchloop-v1", await tasksOf("reflex-patchloop-v1")],
    ["reflex-gate-v1", await tasksOf("reflex-gate-v1")],
    ["80 families of three tasks", even],
  ] as const;
  for (const [name, tasks] of suites) {
    for (const epochs of [rules.min_epochs, 10]) {
      const design: GateDesign = { tasks, epochs, alternatives: 1, plants: policy.gates.calibration_plants, rules, alpha: levelOfGate(rules.alpha, 0) };
      const chances = DIFFERENCES.map((points) => gateChances(design, worlds, { difference: points / 100, gates, seed: 1 }).promote);
      const families = new Set(tasks.map(({ family }) => family)).size;
      const missing = missingText(unreachable(design));
      const told = missing === "" ? "" : `  cannot promote: ${missing}`;
      process.stdout.write(
        `${`${name}, ${families}, ${tasks.length} × ${epochs}`.padEnd(48)} ${chances.map((share) => percent(share).padStart(6)).join("")}${told}\n`,
      );
      if (missing === "" && epochs === rules.min_epochs) figures.push(...promised(name, chances));
    }
  }
  process.stdout.write("\n");
  return figures;
}

function promised(suite: string, chances: readonly number[]): readonly Figure[] {
  const at = (points: number): number => chances[DIFFERENCES.indexOf(points)] ?? Number.NaN;
  return [
    { name: `${suite}: an equal candidate is not promoted`, unit: " %", samples: [(1 - at(0)) * 100], bound: 20 },
    { name: `${suite}: one that is five points worse is`, unit: " %", samples: [at(-5) * 100], bound: 5 },
  ];
}

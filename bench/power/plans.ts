// The planner's table: chances of whole gates by the shipped policy, by suite, epochs and true difference.
import { loadPolicy } from "../../src/adapters/policies/policy-files.ts";
import { findPlaces } from "../../src/app/places.ts";
import { suiteLoader } from "../../src/app/compose/parts/suites.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { levelOfGate } from "../../src/core/gate/level.ts";
import { type GateDesign, MOST_IMPOSSIBLE } from "../../src/core/gate/planning/design.ts";
import { gateChances } from "../../src/core/gate/planning/gate-chances.ts";
import { guessed, worldsLike } from "../../src/core/gate/planning/observed-world.ts";
import { missingText, unreachable } from "../../src/core/gate/planning/reachable.ts";
import type { Figure } from "../figure.ts";
import { percent } from "./percent.ts";

const DIFFERENCES = [-10, -5, -2, 0, 2, 5];

/** Chances of the first gate of a chain by the shipped policy, at errors of the Judge (1 % and 2 %) and of our own side (0.2 %) as they are. */
export async function planFigures(gates: number): Promise<Figure[]> {
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
      const plants = policy.gates.calibration_plants;
      const design: GateDesign = { tasks, epochs, alternatives: 1, plants, impossible: MOST_IMPOSSIBLE, rules, alpha: levelOfGate(rules.alpha, 0) };
      const missing = missingText(unreachable(design));
      const families = new Set(tasks.map(({ family }) => family)).size;
      const about = `${name}, ${families}, ${tasks.length} × ${epochs}`.padEnd(48);
      if (missing !== "") {
        process.stdout.write(`${about} cannot promote: ${missing}\n`);
        continue;
      }
      const chances = DIFFERENCES.map((points) => gateChances(design, worlds, { difference: points / 100, gates, seed: 1 }).promote);
      process.stdout.write(`${about} ${chances.map((share) => percent(share).padStart(6)).join("")}\n`);
      if (epochs === rules.min_epochs) figures.push(...promised(name, chances));
    }
  }
  return figures;
}

function promised(suite: string, chances: readonly number[]): readonly Figure[] {
  const at = (points: number): number => chances[DIFFERENCES.indexOf(points)] ?? Number.NaN;
  return [
    { name: `${suite}: an equal candidate is not promoted`, unit: " %", samples: [(1 - at(0)) * 100], bound: 20 },
    { name: `${suite}: one that is five points worse is`, unit: " %", samples: [at(-5) * 100], bound: 5 },
  ];
}

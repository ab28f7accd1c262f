// How often the gate is wrong, and how often it sees what is there: whole gates on simulated runs.
import { createRandom, type Random } from "../src/core/base/random.ts";
import { decideCandidates } from "../src/core/gate/decide.ts";
import type { GateRules } from "../src/core/gate/registration.ts";
import { lookPlan } from "../src/core/gate/looks.ts";
import { drawn, evidenceOf, RULES } from "../test/unit/core/gate/world.ts";
import type { Figure } from "./figure.ts";

interface World {
  readonly tasks: number;
  readonly epochs: number;
  /** Points that the candidate's rate on every task lies above the incumbent's. */
  readonly lead: number;
  /** The baseline that must be beaten equals the candidate. */
  readonly baselineIsEqual?: boolean;
  readonly rules: GateRules;
}

/** Parity and regressions are switched off where another criterion alone is on trial: else they would hide its errors. */
const only: GateRules = { ...RULES, success_parity_percent: 0, json_compliance_percent: 0 };

/** Task rates, three in four of them far from the middle, as a suite's are; kept so that any lead fits. */
function taskRates(random: Random, tasks: number): number[] {
  return Array.from({ length: tasks }, () => 0.15 + 0.7 * (random.next() < 0.75 ? Math.round(random.next()) * 0.9 + 0.05 : random.next()));
}

function evidenceFor({ tasks, epochs, lead, baselineIsEqual = false, rules }: World, random: Random) {
  const rates = taskRates(random, tasks);
  const shifted = rates.map((rate) => rate + lead);
  return evidenceOf(
    [
      drawn("new", shifted, epochs, random),
      drawn("old", rates, epochs, random),
      drawn("cloud", rates, epochs, random),
      drawn("rustc-suggestions", baselineIsEqual ? shifted : rates.map((rate) => rate * 0.2), epochs, random),
    ],
    { rules },
  );
}

function promotedShare(name: string, world: World, gates: number): number {
  const random = createRandom(`power/${name}`);
  let promotions = 0;
  for (let gate = 0; gate < gates; gate += 1) if (decideCandidates(evidenceFor(world, random), ["new"], "old")[0]?.verdict === "promote") promotions += 1;
  return promotions / gates;
}

/** α plus three standard errors of the simulation. */
const allowed = (gates: number): number => 0.05 + 3 * Math.sqrt((0.05 * 0.95) / gates);

/** False promotions of 2,000 gates each, and a table of power on stdout. */
export function powerFigures(gates: number): Figure[] {
  const beaten = promotedShare("aa", { tasks: 100, epochs: 3, lead: 0, baselineIsEqual: true, rules: { ...only, non_inferiority_margin_percent: 100 } }, gates);
  const margin = promotedShare("margin", { tasks: 100, epochs: 3, lead: -0.05, rules: { ...only, beat_rustc_suggestions: false } }, gates);
  const sequential = sequentialErrors(gates);
  powerTable(Math.max(100, Math.round(gates / 10)));
  const share = (name: string, value: number): Figure => ({ name, unit: " %", samples: [value * 100], bound: Number((allowed(gates) * 100).toFixed(2)) });
  return [
    share(`false promotions, ${gates} A/A gates: the candidate equals the baseline that it must beat`, beaten),
    share(`false promotions, ${gates} gates: the candidate is worse by just the margin`, margin),
    share(`false promotions, ${gates} runs of 4 looks each: worse by just the margin`, sequential.share),
  ];
}

/** Whole gates at each look: stops at promote or hold. */
function sequentialErrors(gates: number): { readonly share: number } {
  const random = createRandom("looks");
  const rules = { ...only, beat_rustc_suggestions: false, min_tasks: 25 };
  const names = Array.from({ length: 100 }, (_, index) => String(index));
  const plan = lookPlan(names, { count: 4, fewest: 25, alpha: RULES.alpha, seed: 1 });
  let wrong = 0;
  for (let gate = 0; gate < gates; gate += 1) {
    if (sequentialVerdict(plan, { tasks: 100, epochs: 3, lead: -0.05, rules }, random).verdict === "promote") wrong += 1;
  }
  return { share: wrong / gates };
}

function sequentialVerdict(plan: ReturnType<typeof lookPlan>, world: World, random: Random): { readonly verdict: string; readonly tasks: number } {
  const whole = evidenceFor(world, random);
  for (const { tasks, alpha } of plan) {
    const candidates = [...whole.candidates.values()].map((facts) => ({
      ...facts,
      tasks: new Map([...facts.tasks].slice(0, tasks)),
      attempts: facts.attempts.slice(0, tasks * world.epochs),
    }));
    const verdict =
      decideCandidates({ ...whole, candidates: new Map(candidates.map((facts) => [facts.name, facts])) }, ["new"], "old", alpha)[0]?.verdict ?? "inconclusive";
    if (verdict !== "inconclusive" || tasks === world.tasks) return { verdict, tasks };
  }
  return { verdict: "inconclusive", tasks: world.tasks };
}

/** Share of gates that promote, by true difference and size; the policy's own rules but for JSON's all-or-nothing. */
function powerTable(gates: number): void {
  const leads = [-0.1, -0.05, -0.02, 0, 0.02, 0.05];
  process.stdout.write(`share of ${gates} gates that promote (all criteria of the shipped policy), by true difference\n`);
  process.stdout.write(`tasks × epochs  ${leads.map((lead) => `${(lead * 100).toFixed(0).padStart(4)} pts`).join("  ")}  saved by 4 looks at +5\n`);
  for (const [tasks, epochs] of [
    [57, 3],
    [200, 3],
    [500, 3],
    [1000, 5],
  ] as const) {
    const shares = leads.map((lead) => promotedShare(`${tasks}/${lead}`, { tasks, epochs, lead, rules: RULES }, tasks > 400 ? Math.min(gates, 100) : gates));
    const saving = savedShare(tasks, epochs, tasks > 400 ? 40 : 100);
    process.stdout.write(
      `${`${tasks} × ${epochs}`.padEnd(14)}  ${shares.map((share) => `${(share * 100).toFixed(0).padStart(6)} %`).join("  ")}  ${(saving * 100).toFixed(0)} %\n`,
    );
  }
}

function savedShare(tasks: number, epochs: number, runs: number): number {
  const random = createRandom(`saved/${tasks}`);
  const plan = lookPlan(
    Array.from({ length: tasks }, (_, index) => String(index)),
    { count: 4, fewest: RULES.min_tasks, alpha: RULES.alpha, seed: 1 },
  );
  let used = 0;
  for (let run = 0; run < runs; run += 1) used += sequentialVerdict(plan, { tasks, epochs, lead: 0.05, rules: RULES }, random).tasks;
  return 1 - used / (runs * tasks);
}

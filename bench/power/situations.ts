// The situations in which a gate's figures did not hold: how often each went wrong as it was counted before, and how often it does now.
import { createRandom, type Random } from "../../src/core/base/random.ts";
import { decideCandidates } from "../../src/core/gate/decide.ts";
import { candidateFacts, type CandidateFacts, type GateTrial } from "../../src/core/gate/facts.ts";
import { levelOfGate } from "../../src/core/gate/level.ts";
import { BY_FAMILY_ROUGHLY } from "../../src/core/gate/statistics/by-family.ts";
import { BY_TASK } from "../../src/core/gate/statistics/by-task.ts";
import { bettingWealth } from "../../src/core/metrics/statistics/betting.ts";
import { clusteredQuantile } from "../../src/core/metrics/statistics/clustered-quantile.ts";
import { familyDifference, familyDifferenceAbove, type FamilyPair } from "../../src/core/metrics/statistics/family.ts";
import type { Estimate } from "../../src/core/metrics/statistics/interval.ts";
import { differenceAbove, pairedDifference } from "../../src/core/metrics/statistics/paired.ts";
import { quantileEstimate } from "../../src/core/metrics/statistics/quantile.ts";
import { evidenceOf, RULES, trialOf } from "../../test/unit/core/gate/world.ts";
import type { Situation } from "./situation.ts";
import { largeFamilySituations } from "./large-families.ts";
import { drawPairs, type PairedWorld } from "./paired-world.ts";

const ALPHA = 0.05;
const MARGIN = 0.05;

const SHAPES = [
  [20, 10],
  [6, 10],
  [12, 5],
] as const;

export function situations(gates: number): readonly Situation[] {
  return [
    ...SHAPES.map(([families, size]) => familySituation(families, size, gates)),
    ...SHAPES.map(([families, size]) => pairCoverage(families, size, gates)),
    ...[0.35, 0.5, 0.8, 0.9].map((between) => latencySituation(between, gates)),
    ...[0.5, 0.95].map((q) => coverageSituation(q, gates)),
    againSituation(gates),
    ...[3, 5, 10].map((runs) => bestOfSituation(`best of ${runs} runs`, runs, gates)),
    bestOfSituation("20 alternatives gated one by one", 20, gates),
    lostSituation(Math.min(gates, 300)),
    lookingSituation(Math.min(gates, 500)),
    ...largeFamilySituations(Math.min(gates, 500)),
  ];
}

/** Correlations within families: what is told of a shape is its worst. */
const CORRELATIONS = [0, 0.3, 0.45, 0.6, 0.9];

const world = (families: number, size: number, correlation = 0.45): PairedWorld => ({ families, size, correlation, rare: false, difference: -MARGIN });

const wrongBefore = (pairs: readonly FamilyPair[], alpha: number): boolean => differenceAbove(pairs, -MARGIN) < alpha;
const wrongNow = (pairs: readonly FamilyPair[], alpha: number): boolean => familyDifferenceAbove(pairs, -MARGIN) < alpha;

/** What the simulation itself may be off by: three standard errors. */
const slackOf = (gates: number): number => 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / gates);

/** One more point than α, and what the simulation itself may be off by. */
const atMost = (gates: number, extra: number): number => ALPHA + extra + slackOf(gates);

function rates(
  seed: string,
  gates: number,
  draw: (random: Random) => readonly [before: boolean, now: boolean],
): { readonly before: number; readonly now: number } {
  const random = createRandom(seed);
  const drawn = Array.from({ length: gates }, () => draw(random));
  return { before: drawn.filter(([before]) => before).length / gates, now: drawn.filter(([, now]) => now).length / gates };
}

function familySituation(families: number, size: number, gates: number): Situation {
  const found = CORRELATIONS.map((correlation) =>
    rates(`families/${families}/${correlation}`, gates, (random) => {
      const pairs = drawPairs(random, world(families, size, correlation));
      return [wrongBefore(pairs, ALPHA), wrongNow(pairs, ALPHA)];
    }),
  );
  const name = `${families} families of ${size} tasks, correlations 0 to 0.9: falsely not inferior`;
  return { name, ...worstOf(found), bound: atMost(gates, 0.01), wants: "at-most" };
}

function pairCoverage(families: number, size: number, gates: number): Situation {
  const holds = ({ low, high }: Estimate): boolean => (low ?? -1) <= -MARGIN && (high ?? 1) >= -MARGIN;
  const found = CORRELATIONS.map((correlation) =>
    rates(`pairs/${families}/${correlation}`, gates, (random) => {
      const pairs = drawPairs(random, world(families, size, correlation));
      return [!holds(pairedDifference(pairs)), !holds(familyDifference(pairs))];
    }),
  );
  const { before, now } = worstOf(found);
  const name = `${families} families of ${size} tasks, correlations 0 to 0.9: the interval holds the truth`;
  return { name, before: 1 - before, now: 1 - now, bound: 0.93 - slackOf(gates), wants: "at-least" };
}

const worstOf = (found: readonly { readonly before: number; readonly now: number }[]) => ({
  before: Math.max(...found.map(({ before }) => before)),
  now: Math.max(...found.map(({ now }) => now)),
});

const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

function latencies(random: Random, { tasks, repeats, between }: { readonly tasks: number; readonly repeats: number; readonly between: number }) {
  return Array.from({ length: tasks }, (_, task) => {
    const own = Math.sqrt(between) * gauss(random);
    return Array.from({ length: repeats }, () => ({ cluster: String(task), value: own + Math.sqrt(1 - between) * gauss(random) }));
  }).flat();
}

const NORMAL_95 = 1.6448536269514722;

function latencySituation(between: number, gates: number): Situation {
  const found = rates(`latency/${between}`, gates, (random) => {
    const samples = latencies(random, { tasks: 80, repeats: 6, between });
    const plain = quantileEstimate(
      samples.map(({ value }) => value),
      0.95,
      1 - 2 * ALPHA,
    );
    return [(plain.high ?? Infinity) < NORMAL_95, (clusteredQuantile(samples, 0.95, 1 - 2 * ALPHA).high ?? Infinity) < NORMAL_95];
  });
  return { name: `p95 limit falsely met, ${between * 100} % of the variance between tasks`, ...found, bound: atMost(gates, 0.01), wants: "at-most" };
}

function coverageSituation(q: number, gates: number): Situation {
  const truth = q === 0.5 ? 0 : NORMAL_95;
  const found = rates(`coverage/${q}`, gates, (random) => {
    const samples = latencies(random, { tasks: 57, repeats: 6, between: 0.6 });
    const plain = quantileEstimate(
      samples.map(({ value }) => value),
      q,
    );
    const clustered = clusteredQuantile(samples, q);
    const holds = ({ low, high }: { readonly low: number | null; readonly high: number | null }): boolean =>
      (low ?? -Infinity) <= truth && truth <= (high ?? Infinity);
    return [holds(plain), holds(clustered)];
  });
  return { name: `p${q * 100} interval of a report holds the truth`, ...found, bound: 0.93 - slackOf(gates), wants: "at-least" };
}

/** Up to five runs, pooled, gated after each at the full level; now each gate spends its own part of it. */
function againSituation(gates: number): Situation {
  const found = rates("again", gates, (random) => {
    const runs = Array.from({ length: 5 }, (_, run) => renamed(drawPairs(random, world(80, 3)), run));
    const pooled = runs.map((_, run) => runs.slice(0, run + 1).flat());
    return [pooled.some((pairs) => wrongBefore(pairs, ALPHA)), pooled.some((pairs, before) => wrongNow(pairs, levelOfGate(ALPHA, before)))];
  });
  return { name: "gated after each of five runs, pooled", ...found, bound: atMost(gates, 0), wants: "at-most" };
}

const renamed = (pairs: readonly FamilyPair[], run: number): readonly FamilyPair[] =>
  pairs.map((pair) => ({ ...pair, task: `${run}/${pair.task}`, family: `${run}/${pair.family}` }));

function bestOfSituation(name: string, count: number, gates: number): Situation {
  const found = rates(name, gates, (random) => {
    const runs = Array.from({ length: count }, () => drawPairs(random, world(80, 3)));
    return [runs.some((pairs) => wrongBefore(pairs, ALPHA)), runs.some((pairs, before) => wrongNow(pairs, levelOfGate(ALPHA, before)))];
  });
  return { name, ...found, bound: atMost(gates, 0), wants: "at-most" };
}

/** Nine candidates; one is seven points worse, and four of the tasks that it fails are lost to infrastructure. Whole gates. */
function lostSituation(gates: number): Situation {
  const rules = { ...RULES, success_parity_percent: 0, beat_rustc_suggestions: false, min_tasks: 50 };
  const found = rates("lost", gates, (random) => {
    const tasks = Array.from({ length: 240 }, (_, index) => ({ id: `t${index}`, family: `f${Math.floor(index / 3)}`, rate: random.next() < 0.6 ? 0.97 : 0.4 }));
    const trialsOf = (lead: number): GateTrial[] =>
      tasks.flatMap(({ id, family, rate }) => Array.from({ length: 3 }, () => ({ ...trialOf(id, random.next() < rate + lead), family })));
    const own = trialsOf(-0.07);
    const failed = [...new Set(own.filter(({ passed }) => !passed).map(({ task }) => task))].filter((task) =>
      own.every((trial) => trial.task !== task || !trial.passed),
    );
    const lost = new Set(failed.slice(0, 4 * 4));
    const hidden = own.map((trial): GateTrial => (lost.has(trial.task) ? { ...trial, standing: "infrastructure", attempts: [] } : trial));
    const incumbent = trialsOf(0);
    const promotes = (statistics: typeof BY_TASK): boolean => {
      const facts = (name: string, trials: readonly GateTrial[]): CandidateFacts => candidateFacts(name, trials, (trial) => statistics.counts(trial, true));
      const evidence = evidenceOf([facts("new", hidden), facts("old", incumbent)], { rules, statistics, reference: null, harness: HARNESS });
      return decideCandidates(evidence, ["new"], "old")[0]?.findings.every(({ criterion, outcome }) => outcome === "met" || !ABOUT.has(criterion)) ?? false;
    };
    return [promotes(BY_TASK), promotes(BY_FAMILY_ROUGHLY)];
  });
  return { name: "seven points worse, and tasks that it fails are lost to infrastructure", ...found, bound: atMost(gates, 0), wants: "at-most" };
}

/** Of nine candidates, eight of which lost nothing. */
const HARNESS = { trials: 9 * 720, infrastructure: 48, repeatedTrees: 500, disagreeing: 0 };
const ABOUT: ReadonlySet<string> = new Set(["not-inferior", "infrastructure-rate"]);

/** An interval of a mean that is looked at every 50 tasks, to 1,000. */
function lookingSituation(gates: number): Situation {
  const found = rates("looking", gates, (random) => {
    const values = Array.from({ length: 1000 }, (_, index) => ({
      cluster: String(index),
      value: (random.next() < 0.5 - MARGIN ? 1 : 0) - (random.next() < 0.5 ? 1 : 0),
    }));
    const looks = Array.from({ length: 20 }, (_, look) => values.slice(0, 50 * (look + 1)));
    const plain = looks.some((seen) => {
      const mean = seen.reduce((sum, { value }) => sum + value, 0) / seen.length;
      const variance = seen.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / seen.length;
      return mean - 1.645 * Math.sqrt(variance / seen.length) > -MARGIN;
    });
    return [plain, looks.some((seen) => bettingWealth({ values: seen, least: -1 }, -MARGIN) >= 1 / ALPHA)];
  });
  return { name: "looked at every 50 tasks to 1,000", ...found, bound: atMost(gates, 0), wants: "at-most" };
}

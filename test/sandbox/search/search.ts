// A seeded search for a patch that passes without a repair: it goes on from what came furthest.
import { createRandom } from "../../../src/core/base/random.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import type { BaseName } from "../corpus/bases.ts";
import type { Tried } from "../corpus/bench.ts";
import { COMPILING, type Deed, DISGUISES, EQUALITIES, type Gene, type Genome, HEARTS, KNOWLEDGE, PAYLOADS, SHOWS, TESTS, TRIGGERS } from "./genes.ts";

type Random = ReturnType<typeof createRandom>;

export interface SearchStep extends Tried {
  readonly genome: Genome;
}

/** What of the genes makes sense on a base. */
export interface Ground {
  /** Nothing is held out there: what is learnt by heart, and an equality that lies for all that is seen, are no forgeries. */
  readonly isOpen: boolean;
  readonly hasMacro: boolean;
}

const CLOSED: Ground = { isOpen: false, hasMacro: false };

export const GROUNDS: Readonly<Record<BaseName, Ground>> = {
  meter: CLOSED,
  raw: CLOSED,
  helpers: CLOSED,
  long: CLOSED,
  macros: { isOpen: false, hasMacro: true },
  macro: { isOpen: true, hasMacro: true },
  open: { isOpen: true, hasMacro: false },
};

export interface SearchOptions {
  readonly seed: string;
  readonly ground: Ground;
  readonly attempts: number;
  readonly judge: (genome: Genome) => Promise<Tried>;
  /** Ends the search: a forgery was found, or there is no point in going on. */
  readonly isOver: (step: SearchStep) => boolean;
}

/** How many of the best it goes on from, the latest first, and how often it begins anew. */
const ELITE = 16;
const FRESH = 0.25;

/** Every attempt that was made, in order: each gene by itself, then what comes of changing and crossing the best; no genome twice. */
export async function search({ seed, ground, attempts, judge, isOver }: SearchOptions): Promise<readonly SearchStep[]> {
  const draw: Draw = { random: createRandom(seed), ground, learnt: new Map() };
  const steps: SearchStep[] = [];
  const seen = new Set<string>();
  const corpus = draw.random.shuffle(singleGenes(ground));
  while (steps.length < attempts) {
    const genome = corpus.pop() ?? nextGenome(draw, steps);
    const key = JSON.stringify(genome);
    if (seen.has(key)) continue;
    seen.add(key);
    const step = { genome, ...(await judge(genome)) };
    steps.push(step);
    learn(draw, step);
    if (isOver(step)) break;
  }
  return steps;
}

function nextGenome(draw: Draw, steps: readonly SearchStep[]): Genome {
  const { random } = draw;
  if (steps.length === 0 || random.next() < FRESH) return freshGenome(draw);
  const best = steps
    .toReversed()
    .toSorted((a, b) => reach(b.verdict) - reach(a.verdict))
    .slice(0, ELITE);
  const [one, other] = [random.pick(best).genome, random.pick(best).genome];
  return changed(draw, random.next() < 0.3 ? crossed(random, one, other) : one);
}

/** How far a patch came: a compiled one further than one that does not, and so on to a disputed one. */
export function reach(verdict: Verdict): number {
  switch (verdict.status) {
    case "passed":
      return 6;
    case "disputed":
      return 5;
    case "failed":
      return reachedConfirmation(verdict) ? 4 : 2;
    case "tampered":
      return verdict.afterLoop ? 4 : 1;
    case "timeout":
      return 1;
    case "compile-error":
    case "patch-rejected":
    case "infrastructure":
      return 0;
  }
}

/** A verdict that is not deserved, or something held out in what the next prompt would say. */
export const isForged = ({ verdict, leaks }: Tried): boolean => verdict.status === "passed" || leaks.length > 0;

/** Did it get past the loop? */
export function reachedConfirmation(verdict: Verdict): boolean {
  if (verdict.status === "failed") return verdict.tests.some(({ heldOut, status }) => heldOut && status !== "passed");
  return verdict.status === "disputed" || (verdict.status === "tampered" && verdict.afterLoop === true);
}

interface Draw {
  readonly random: Random;
  readonly ground: Ground;
  /** How far patches with a gene came: their number, and the sum. */
  readonly learnt: Map<Gene<unknown>, { readonly count: number; readonly sum: number }>;
}

/** One of those that make sense on the base: rather one that came far, or that was not tried yet. */
function index({ random, ground, learnt }: Draw, genes: readonly Gene<unknown>[]): number {
  const weights = genes.map((gene) => {
    if (!usable(ground, gene)) return 0;
    const { count, sum } = learnt.get(gene) ?? { count: 0, sum: 0 };
    return ((sum + UNTRIED) / (count + 1)) ** 2;
  });
  let left = random.next() * weights.reduce((all, weight) => all + weight, 0);
  const found = weights.findIndex((weight) => (left -= weight) < 0);
  return found < 0 ? 0 : found;
}

/** As far as a gene is expected to come of which nothing is known. */
const UNTRIED = 3;

function learn({ learnt }: Draw, { genome, verdict }: SearchStep): void {
  const own = [
    HEARTS[genome.heart],
    KNOWLEDGE[genome.knowledge],
    EQUALITIES[genome.equality],
    SHOWS[genome.show],
    TESTS[genome.tests],
    COMPILING[genome.compiling],
  ];
  const done = genome.deeds.flatMap(({ payload, trigger }) => [PAYLOADS[payload], TRIGGERS[trigger]]);
  for (const gene of new Set<Gene<unknown> | undefined>([...own, ...done])) {
    if (gene === undefined) continue;
    const { count, sum } = learnt.get(gene) ?? { count: 0, sum: 0 };
    learnt.set(gene, { count: count + 1, sum: sum + reach(verdict) });
  }
}

/** The parts that are mostly as they should be: an odd one is drawn now and then. */
const seldom = (draw: Draw, genes: readonly Gene<unknown>[]): number => (draw.random.next() < 0.75 ? 0 : index(draw, genes));

const usable = (ground: Ground, { isLie, wantsMacro }: Gene<unknown>): boolean => !(isLie && ground.isOpen) && (!wantsMacro || ground.hasMacro);

/** Patches that do one thing each; where values are held out, what is visible is known by heart, or none of them would come to the confirmation. */
function singleGenes(ground: Ground): Genome[] {
  const plain: Genome = { heart: ground.isOpen ? 0 : 1, knowledge: 0, equality: 0, show: 0, tests: 0, compiling: 0, deeds: [] };
  const each = (genes: readonly Gene<unknown>[], change: (at: number) => Partial<Genome>): Genome[] =>
    genes.flatMap((gene, at) => (usable(ground, gene) ? [{ ...plain, ...change(at) }] : []));
  return [
    ...each(HEARTS, (heart) => ({ heart })),
    ...each(KNOWLEDGE, (knowledge) => ({ knowledge })),
    ...each(EQUALITIES, (equality) => ({ equality })),
    ...each(SHOWS, (show) => ({ show })),
    ...each(TESTS, (tests) => ({ tests })),
    ...each(COMPILING, (compiling) => ({ compiling })),
    ...each(PAYLOADS, (payload) => ({ deeds: [{ payload, trigger: 0, disguise: 0 }] })),
  ];
}

const freshDeed = (draw: Draw): Deed => ({ payload: index(draw, PAYLOADS), trigger: index(draw, TRIGGERS), disguise: index(draw, DISGUISES) });

function freshGenome(draw: Draw): Genome {
  const deeds = Array.from({ length: draw.random.int(3) }, () => freshDeed(draw));
  return {
    heart: index(draw, HEARTS),
    knowledge: draw.random.next() < 0.5 ? 0 : index(draw, KNOWLEDGE),
    equality: draw.random.next() < 0.3 ? 0 : index(draw, EQUALITIES),
    show: seldom(draw, SHOWS),
    tests: seldom(draw, TESTS),
    compiling: seldom(draw, COMPILING),
    deeds,
  };
}

function crossed(random: Random, one: Genome, other: Genome): Genome {
  const from = (): Genome => (random.next() < 0.5 ? one : other);
  return {
    heart: from().heart,
    knowledge: from().knowledge,
    equality: from().equality,
    show: from().show,
    tests: from().tests,
    compiling: from().compiling,
    deeds: from().deeds,
  };
}

const CHANGES: readonly ((draw: Draw, genome: Genome) => Partial<Genome>)[] = [
  (draw) => ({ heart: index(draw, HEARTS) }),
  (draw) => ({ knowledge: index(draw, KNOWLEDGE) }),
  (draw) => ({ equality: index(draw, EQUALITIES) }),
  (draw) => ({ show: index(draw, SHOWS) }),
  (draw) => ({ tests: index(draw, TESTS), compiling: seldom(draw, COMPILING) }),
  (draw, { deeds }) => ({ deeds: deeds.length < 3 ? [...deeds, freshDeed(draw)] : deeds.slice(1) }),
  (draw, { deeds }) => ({ deeds: deeds.slice(1), compiling: index(draw, COMPILING) }),
  (draw, { deeds }) => ({ deeds: deeds.map((deed) => (draw.random.next() < 0.5 ? { ...deed, ...partOf(draw) } : deed)) }),
];

const changed = (draw: Draw, genome: Genome): Genome => ({ ...genome, ...draw.random.pick(CHANGES)(draw, genome) });

const partOf = (draw: Draw): Partial<Deed> =>
  draw.random.pick<Partial<Deed>>([{ payload: index(draw, PAYLOADS) }, { trigger: index(draw, TRIGGERS) }, { disguise: index(draw, DISGUISES) }]);

// A seeded search for a patch that passes without a repair: it goes on from what came furthest.
import { createRandom } from "../../../src/core/base/random.ts";
import type { Verdict } from "../../../src/core/verdict/verdict.ts";
import { type Deed, DISGUISES, EQUALITIES, type Genome, HEARTS, PAYLOADS, SHOWS, TRIGGERS } from "./genes.ts";

type Random = ReturnType<typeof createRandom>;

export interface SearchStep {
  readonly genome: Genome;
  readonly verdict: Verdict;
}

export interface SearchOptions {
  readonly seed: string;
  readonly attempts: number;
  readonly judge: (genome: Genome) => Promise<Verdict>;
  /** Ends the search: a forgery was found, or there is no point in going on. */
  readonly isOver: (step: SearchStep) => boolean;
}

/** How many of the best it goes on from, and how often it begins anew. */
const ELITE = 24;
const FRESH = 0.25;

/** Every attempt that was made, in order; no genome twice. */
export async function search({ seed, attempts, judge, isOver }: SearchOptions): Promise<readonly SearchStep[]> {
  const random = createRandom(seed);
  const steps: SearchStep[] = [];
  const seen = new Set<string>();
  while (steps.length < attempts) {
    const genome = nextGenome(random, steps);
    const key = JSON.stringify(genome);
    if (seen.has(key)) continue;
    seen.add(key);
    const step = { genome, verdict: await judge(genome) };
    steps.push(step);
    if (isOver(step)) break;
  }
  return steps;
}

function nextGenome(random: Random, steps: readonly SearchStep[]): Genome {
  if (steps.length === 0 || random.next() < FRESH) return freshGenome(random);
  const best = steps.toSorted((a, b) => reach(b.verdict) - reach(a.verdict)).slice(0, ELITE);
  const [one, other] = [random.pick(best).genome, random.pick(best).genome];
  return changed(random, random.next() < 0.3 ? crossed(random, one, other) : one);
}

/** How far a patch came: a compiled one further than one that does not, and so on to a disputed one. */
export function reach(verdict: Verdict): number {
  switch (verdict.status) {
    case "passed":
      return 6;
    case "disputed":
      return 5;
    case "failed":
      return verdict.tests.some(({ status, heldOut }) => status !== "passed" && !heldOut) ? 2 : 4;
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

const index = (random: Random, genes: readonly unknown[]): number => random.int(genes.length);
const freshDeed = (random: Random): Deed => ({ payload: index(random, PAYLOADS), trigger: index(random, TRIGGERS), disguise: index(random, DISGUISES) });

function freshGenome(random: Random): Genome {
  const deeds = Array.from({ length: random.int(3) }, () => freshDeed(random));
  return { heart: index(random, HEARTS), equality: index(random, EQUALITIES), show: index(random, SHOWS), deeds };
}

function crossed(random: Random, one: Genome, other: Genome): Genome {
  const from = (): Genome => (random.next() < 0.5 ? one : other);
  return { heart: from().heart, equality: from().equality, show: from().show, deeds: from().deeds };
}

function changed(random: Random, genome: Genome): Genome {
  switch (random.int(5)) {
    case 0:
      return { ...genome, heart: index(random, HEARTS) };
    case 1:
      return { ...genome, equality: index(random, EQUALITIES) };
    case 2:
      return { ...genome, show: index(random, SHOWS) };
    case 3:
      return { ...genome, deeds: genome.deeds.length < 3 ? [...genome.deeds, freshDeed(random)] : genome.deeds.slice(1) };
    default:
      return { ...genome, deeds: genome.deeds.map((deed) => (random.next() < 0.5 ? { ...deed, ...partOf(random) } : deed)) };
  }
}

const partOf = (random: Random): Partial<Deed> =>
  random.pick<Partial<Deed>>([{ payload: index(random, PAYLOADS) }, { trigger: index(random, TRIGGERS) }, { disguise: index(random, DISGUISES) }]);

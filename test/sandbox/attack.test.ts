// An adaptive attack: a seeded search that knows the verifier finds no patch that passes without a repair; with a defence switched off it does.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BaseName } from "./corpus/bases.ts";
import { CorpusBench, type Tried } from "./corpus/bench.ts";
import { honestVariants } from "./corpus/honest/variants.ts";
import { keepFound } from "./search/found.ts";
import type { Genome } from "./search/genes.ts";
import { describeGenome, patchOf } from "./search/patch.ts";
import { GROUNDS, isForged, reachedConfirmation, search, type SearchStep } from "./search/search.ts";
import { isCutHere, nameOf, SWITCHES } from "./search/switches.ts";
import { openUndefended } from "./search/undefended.ts";

/** Attempts on the verifier as it is, by base. */
const ATTEMPTS: Readonly<Partial<Record<BaseName, number>>> = { meter: 500, raw: 200, macros: 150, open: 150 };
/** With a defence switched off, so many attempts must be enough. */
const UNDEFENDED = 200;
/** Honest patches that are generated and tried beside them. */
const HONEST = 600;
const SEED = "attack";

/** Says how far it is: such a search takes the better part of an hour. */
function told(isOver: (step: SearchStep) => boolean): (step: SearchStep) => boolean {
  const steps: SearchStep[] = [];
  return (step) => {
    steps.push(step);
    if (isForged(step)) console.log(`attempt ${steps.length}: ${describeGenome(step.genome)}: ${step.verdict.status} ${step.leaks.join(", ")}`);
    if (steps.length % 100 === 0) console.log(`${steps.length} attempts:\n${tableOf(steps)}`);
    return isOver(step);
  };
}

const minutes = (count: number): number => count * 60_000;
const passes = ({ verdict }: SearchStep): boolean => verdict.status === "passed";
const named = (steps: readonly SearchStep[]): string[] => steps.map(({ genome }) => describeGenome(genome));

async function judgeOn(bench: CorpusBench, base: BaseName): Promise<(genome: Genome) => Promise<Tried>> {
  const at = await bench.patchOf(base);
  return (genome) => bench.tryFiles(base, patchOf(genome, at));
}

describe("the search", () => {
  let bench: CorpusBench;
  beforeAll(() => {
    bench = new CorpusBench();
  });
  afterAll(() => bench.close());

  it.each(Object.entries(ATTEMPTS) as [BaseName, number][])(
    "finds no forgery on the base %s in %i attempts, and nothing held out in a prompt",
    async (base, attempts) => {
      const judge = await judgeOn(bench, base);
      const steps = await search({ seed: SEED, ground: GROUNDS[base], attempts, judge, isOver: told(() => false) });
      console.log(`${base}\n${tableOf(steps)}`);
      expect(named(steps.filter(passes))).toEqual([]);
      expect(named(steps.filter(({ verdict }) => verdict.status === "infrastructure"))).toEqual([]);
      expect(named(steps.filter(({ leaks }) => leaks.length > 0))).toEqual([]);
      expect(steps.length).toBe(attempts);
      // It proves little if it never gets as far as the confirmation.
      expect(steps.filter(({ verdict }) => reachedConfirmation(verdict)).length).toBeGreaterThan(attempts / 20);
    },
    minutes(90),
  );
});

describe("honest patches", () => {
  let bench: CorpusBench;
  beforeAll(() => {
    bench = new CorpusBench();
  });
  afterAll(() => bench.close());

  it(
    `are not rejected: none of ${HONEST}`,
    async () => {
      const rejected: string[] = [];
      for (const { name, files } of honestVariants(await bench.patchOf("meter"), SEED, HONEST)) {
        const { verdict } = await bench.tryFiles("meter", files);
        if (verdict.status !== "passed") rejected.push(`${name}: ${JSON.stringify(verdict).slice(0, 300)}`);
      }
      console.log(`${HONEST - rejected.length} of ${HONEST} honest patches pass`);
      expect(rejected).toEqual([]);
    },
    minutes(90),
  );
});

describe.each(SWITCHES.map((one) => [nameOf(one), one] as const))("without %s", (name, { off, base }) => {
  it(
    `the search finds a forgery within ${UNDEFENDED} attempts`,
    async () => {
      const undefended = new CorpusBench(() => openUndefended(off));
      try {
        if (!isCutHere(off, await undefended.tier())) return;
        const steps = await search({ seed: SEED, ground: GROUNDS[base], attempts: UNDEFENDED, judge: await judgeOn(undefended, base), isOver: isForged });
        const last = steps.at(-1);
        console.log(
          `${name}: ${last && isForged(last) ? `found at attempt ${steps.length}: ${describeGenome(last.genome)}` : "nothing found"}\n${tableOf(steps)}`,
        );
        expect(last && isForged(last)).toBe(true);
        if (last) await keepFound(name, { attempt: steps.length, genome: last.genome });
      } finally {
        await undefended.close();
      }
    },
    minutes(30),
  );
});

function tableOf(steps: readonly SearchStep[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of steps) {
    const name = reachedConfirmation(verdict) ? `${verdict.status}, in the confirmation` : verdict.status;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${String(count).padStart(5)} ${name}`).join("\n");
}

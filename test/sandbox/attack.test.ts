// An adaptive attack: a seeded search that knows the verifier finds no patch that passes without a repair; with a defence switched off it does.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../../src/core/suite/suite.ts";
import type { Verdict } from "../../src/core/verdict/verdict.ts";
import { CorpusBench } from "./corpus/bench.ts";
import { CORPUS_BASES } from "./corpus/bases.ts";
import { honestVariants } from "./corpus/honest/variants.ts";
import { type FixtureBench, never, openFixtureBench } from "./fixture-bench.ts";
import { MeterPatch } from "./meter-patches.ts";
import { describeGenome, type Genome, patchOf } from "./search/genes.ts";
import { search, type SearchStep } from "./search/search.ts";

const ATTEMPTS = 1000;
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
    if (steps.length % 100 === 0) console.log(`${steps.length} attempts:\n${tableOf(steps)}`);
    return isOver(step);
  };
}

const minutes = (count: number): number => count * 60_000;
const passes = ({ verdict }: SearchStep): boolean => verdict.status === "passed";

describe("the search", () => {
  let bench: CorpusBench;
  beforeAll(() => {
    bench = new CorpusBench();
  });
  afterAll(() => bench.close());

  it(
    `finds no forgery in ${ATTEMPTS} attempts, and nothing held out in a prompt`,
    async () => {
      const leaks: string[] = [];
      const at = await bench.patchOf("meter");
      const judge = async (genome: Genome): Promise<Verdict> => {
        const tried = await bench.tryFiles("meter", patchOf(genome, at));
        leaks.push(...tried.leaks);
        return tried.verdict;
      };
      const steps = await search({ seed: SEED, attempts: ATTEMPTS, judge, isOver: told(passes) });
      console.log(tableOf(steps));
      expect(steps.filter(passes).map(({ genome }) => describeGenome(genome))).toEqual([]);
      expect(steps.filter(({ verdict }) => verdict.status === "infrastructure").map(({ genome }) => describeGenome(genome))).toEqual([]);
      expect(leaks).toEqual([]);
      expect(steps.length).toBe(ATTEMPTS);
      // It proves little if it never gets as far as the confirmation.
      expect(steps.filter(({ verdict }) => reachedConfirmation(verdict)).length).toBeGreaterThan(ATTEMPTS / 10);
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

/** What is switched off, and how: the same search against a verifier without that part. */
const SWITCHES: readonly {
  readonly defence: string;
  readonly open: () => Promise<FixtureBench>;
  readonly judge: (bench: FixtureBench, task: Task, files: ReadonlyMap<string, string>) => Promise<Verdict>;
}[] = [
  {
    defence: "the confirmation",
    open: () => openFixtureBench(),
    judge: async (bench, task, files) => bench.verdict({ ...task, base: { ...task.base, contradictory: [] } }, files),
  },
  {
    defence: "the values that held-out tests see",
    open: () => openFixtureBench(),
    judge: async ({ bench }, task, files) => (await bench.verify({ task, changes: files, whole: true }, never)).verdict,
  },
];

describe.each(SWITCHES)("without $defence", ({ open, judge }) => {
  let bench: FixtureBench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  it(
    `the search finds a forgery within ${UNDEFENDED} attempts`,
    async () => {
      const task = await CORPUS_BASES.meter();
      const at = new MeterPatch(task);
      const steps = await search({
        seed: SEED,
        attempts: UNDEFENDED,
        judge: (genome) => judge(bench, task, new Map(Object.entries(patchOf(genome, at)))),
        isOver: passes,
      });
      const last = steps.at(-1);
      console.log(`found at attempt ${steps.length}: ${last && passes(last) ? describeGenome(last.genome) : "nothing"}\n${tableOf(steps)}`);
      expect(steps.some(passes)).toBe(true);
    },
    minutes(30),
  );
});

function reachedConfirmation(verdict: Verdict): boolean {
  if (verdict.status === "failed") return verdict.tests.some(({ heldOut, status }) => heldOut && status !== "passed");
  return verdict.status === "disputed" || (verdict.status === "tampered" && verdict.afterLoop === true);
}

function tableOf(steps: readonly SearchStep[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of steps) {
    const name = reachedConfirmation(verdict) ? `${verdict.status}, in the confirmation` : verdict.status;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${String(count).padStart(5)} ${name}`).join("\n");
}

// Making tasks of a repository's own code: one mutant's verification against the floor, and whole suites against the clock.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clock, cores } from "../src/app/compose/parts/system.ts";
import { benchOpener } from "../src/app/compose/parts/workbench.ts";
import type { OpenBench } from "../src/ports/workbench.ts";
import { composeSuite } from "../src/app/compose/suite.ts";
import { findPlaces } from "../src/app/places.ts";
import { OPERATORS } from "../src/core/mutation/operators/operator.ts";
import { type Mutant, findMutants, mutatedSource } from "../src/core/mutation/mutant.ts";
import { createRandom } from "../src/core/base/random.ts";
import { type MutatedSuite, makeMutatedSuite } from "../src/suite-making/mutated-suite.ts";
import { settleBase, type SettledBase } from "../src/suite-making/mutation-base.ts";
import { MutantTrials } from "../src/suite-making/mutant-trials.ts";
import type { RepositoryCopy } from "../src/ports/repository.ts";
import { type Figure, median } from "./figure.ts";
import { Floor } from "./floor.ts";

const { packageRoot, cacheRoot } = findPlaces({});

const { signal } = new AbortController();
const LIMITS = { compile_timeout_s: 120, test_timeout_s: 20 };
/** Remembers nothing: each verification is a real one. */
const emptyShelf = { find: async () => null, keep: async () => undefined };

/**
 * The repository is the workspace of the default suite, its held-out tests as plain ones: 4,467 lines. `pairs` mutants are
 * verified one by one with the whole machine, each beside its floor; then a suite of `tasks` is made from nothing, the base's preparation included.
 */
export async function mutateFigures(pairs: number, tasks: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-"));
  cpSync(join(packageRoot, "suites/reflex-patchloop-v1/base"), folder, { recursive: true });
  try {
    const copy = await (await composeSuite(findPlaces({})).repositories(signal)).copy(folder, { allowDirty: true, include: [] }, signal);
    const { ratios, mutantMs, key } = await withBench(1, (open) => timedPairs(open, copy, pairs));
    rmSync(join(cacheRoot, "bases", key), { recursive: true, force: true });
    const start = clock.now();
    const made = await withBench(cores(), (open) => suiteOf(open, copy, tasks));
    const minutes = (clock.now() - start) / 60_000;
    const all = `${made.funnel.tried} mutants tried, ${made.tasks.length} tasks proved, ${made.verifications} verifications besides the proofs`;
    return [
      { name: "one mutant ÷ floor (cargo test --no-run and the test binaries, no sandbox)", unit: "×", samples: ratios, bound: 1.5 },
      { name: "one mutant", unit: " ms", samples: mutantMs, bound: Number.POSITIVE_INFINITY },
      { name: `a suite from nothing: ${all}`, unit: " min", samples: [minutes], bound: 10 },
      { name: "the same for 200 mutants tried", unit: " min", samples: [(minutes / made.funnel.tried) * 200], bound: 10 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withBench<T>(cargoSlots: number, work: (open: OpenBench) => Promise<T>): Promise<T> {
  const open = await benchOpener(cacheRoot)(cargoSlots, signal);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

function suiteOf(open: OpenBench, copy: RepositoryCopy, max: number): Promise<MutatedSuite> {
  const { parser, search, taskSlot } = composeSuite(findPlaces({}));
  return parser().then((parse) =>
    makeMutatedSuite({
      copy,
      shown: "bench",
      bench: open.bench,
      shelf: emptyShelf,
      search,
      parse,
      operators: OPERATORS,
      seed: 1,
      features: [],
      packages: [],
      max,
      maxTried: null,
      strength: false,
      dropWeak: false,
      signal,
      taskSlot,
      progress: () => undefined,
      note: (text) => void process.stdout.write(`  ${(clock.now() / 1000).toFixed(1)} s ${text}\n`),
    }),
  );
}

async function timedPairs(open: OpenBench, copy: RepositoryCopy, count: number): Promise<{ ratios: number[]; mutantMs: number[]; key: string }> {
  const parse = await composeSuite(findPlaces({})).parser();
  const settled = await settleBase({ copy, shown: "bench", bench: open.bench, seed: 1, features: [], packages: [], signal, note: () => undefined });
  const { base, prepared } = settled;
  const trials = new MutantTrials({ bench: open.bench, base, prepared, packages: copy.workspace.packages, shelf: emptyShelf, limits: LIMITS, signal });
  const floor = new Floor(base.tree);
  const [ratios, mutantMs]: [number[], number[]] = [[], []];
  try {
    for (const mutant of someMutants(settled, parse, count)) {
      const floorMs = floor.time(new Map([[mutant.path, mutatedSource(trials.sourceOf(mutant.path), mutant.change)]]));
      floor.restore([mutant.path]);
      const start = clock.now();
      await trials.outcome(mutant);
      mutantMs.push(clock.now() - start);
      ratios.push((mutantMs.at(-1) ?? 0) / floorMs);
    }
  } finally {
    floor.close();
  }
  process.stdout.write(`  floor ${median(mutantMs.map((ms, index) => ms / (ratios[index] ?? 1))).toFixed(0)} ms\n`);
  return { ratios, mutantMs, key: prepared.key };
}

function someMutants({ base }: SettledBase, parse: Parameters<typeof findMutants>[2], count: number): readonly Mutant[] {
  const files = [...base.tree].flatMap(([path, source]) =>
    path.endsWith(".rs") && path.includes("/src/") && typeof source === "string" && !base.hidden.includes(path) ? [{ path, source }] : [],
  );
  return createRandom(1)
    .shuffle(findMutants(files, OPERATORS, parse))
    .slice(0, count);
}

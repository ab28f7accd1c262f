// Making tasks of a repository's own code: one mutant's verification against the floor, and a whole suite against the clock.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseCache, clock, openBench, slots, suiteMaking, workspaceSearch } from "../src/cli/compose.ts";
import { PACKAGE_ROOT } from "../src/cli/places.ts";
import { OPERATORS } from "../src/core/mutation/operator.ts";
import { type Mutant, findMutants, mutatedSource } from "../src/core/mutation/mutant.ts";
import { createRandom } from "../src/core/base/random.ts";
import { makeMutatedSuite } from "../src/run/mutated-suite.ts";
import { settleBase, type SettledBase } from "../src/run/mutation-base.ts";
import { MutantTrials } from "../src/run/mutant-trials.ts";
import { type Figure, median } from "./figure.ts";

const { signal } = new AbortController();
const LIMITS = { compile_timeout_s: 120, test_timeout_s: 20 };
/** Remembers nothing: each verification is a real one. */
const emptyShelf = { find: async () => null, keep: async () => undefined };

/** The repository: the workspace of the default suite, with its held-out tests as plain ones. About 5,000 lines. */
function layRepository(folder: string): void {
  cpSync(join(PACKAGE_ROOT, "suites/reflex-patchloop-v1/base"), folder, { recursive: true });
}

export async function mutateFigures(pairs: number, tasks: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bakeoff-bench-"));
  layRepository(folder);
  const open = await openBench(Math.max(1, slotsWanted()), signal);
  try {
    const copy = await (await suiteMaking.repositories(signal)).copy(folder, { allowDirty: true }, signal);
    const parse = await suiteMaking.parser();
    const settled = await settleBase({ copy, bench: open.bench, parse, seed: 1, signal, note: () => undefined });
    const trials = new MutantTrials({
      bench: open.bench,
      base: settled.base,
      prepared: settled.prepared,
      packages: copy.workspace.packages,
      shelf: emptyShelf,
      limits: LIMITS,
      signal,
    });
    const files = [...settled.base.tree].flatMap(([path, source]) =>
      path.endsWith(".rs") && path.includes("/src/") && typeof source === "string" && !settled.base.hidden.includes(path) ? [{ path, source }] : [],
    );
    const mutants = createRandom(1)
      .shuffle(findMutants(files, OPERATORS, parse))
      .slice(0, pairs);
    const ratios = await timedPairs(settled, trials, mutants);
    const start = clock.now();
    const some = slots(slotsWanted() + 1);
    const made = await makeMutatedSuite({
      copy,
      bench: open.bench,
      shelf: emptyShelf,
      search: workspaceSearch(),
      parse,
      operators: OPERATORS,
      seed: 1,
      max: tasks,
      strength: false,
      dropWeak: false,
      signal,
      taskSlot: (work) => some(work),
      progress: () => undefined,
      note: () => undefined,
    });
    const minutes = (clock.now() - start) / 60_000;
    return [
      { name: "one mutant ÷ floor (cargo test --no-run and the test binaries, no sandbox)", unit: "×", samples: ratios.ratios, bound: 1.5 },
      { name: "one mutant", unit: " ms", samples: ratios.mutantMs, bound: Number.POSITIVE_INFINITY },
      { name: `mutants tried for ${made.tasks.length} proved tasks, minutes for 200`, unit: " min", samples: [(minutes / made.tried) * 200], bound: 10 },
    ];
  } finally {
    await open.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const slotsWanted = (): number => 2;

async function timedPairs(settled: SettledBase, trials: MutantTrials, mutants: readonly Mutant[]): Promise<{ ratios: number[]; mutantMs: number[] }> {
  const floor = new Floor(join(baseCache().root, "bases", settled.prepared.key, "tree"));
  const [ratios, mutantMs]: [number[], number[]] = [[], []];
  try {
    for (const mutant of mutants) {
      const source = trials.sourceOf(mutant.path);
      const floorMs = floor.time(mutant.path, mutatedSource(source, mutant.change), source);
      const start = clock.now();
      await trials.outcome(mutant);
      const took = clock.now() - start;
      mutantMs.push(took);
      ratios.push(took / floorMs);
    }
  } finally {
    floor.close();
  }
  process.stdout.write(`  floor ${median(mutantMs.map((ms, index) => ms / (ratios[index] ?? 1))).toFixed(0)} ms\n`);
  return { ratios, mutantMs };
}

/** A warm folder of its own, in which cargo and the tests run directly. */
class Floor {
  private readonly folder = mkdtempSync(join(tmpdir(), "bakeoff-floor-"));

  constructor(prepared: string) {
    cpSync(prepared, this.folder, { recursive: true, filter: (path) => !path.startsWith(join(prepared, "target")) });
    this.cargo();
  }

  /** Wall time of building and testing the mutated file; the file is put back and built again outside of it. */
  time(path: string, mutated: string, original: string): number {
    writeFileSync(join(this.folder, path), mutated);
    const start = clock.now();
    this.cargo();
    const took = clock.now() - start;
    writeFileSync(join(this.folder, path), original);
    this.cargo();
    return took;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private cargo(): void {
    const env = { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0", CARGO_INCREMENTAL: "1", CARGO_TARGET_DIR: join(this.folder, "target") };
    spawnSync("cargo", ["test", "--offline", "-q", "--workspace", "--tests", "--no-fail-fast"], { cwd: this.folder, env, stdio: "ignore", timeout: 120_000 });
  }
}

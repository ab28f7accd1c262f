// From a repository to a proven draft suite of mutants: settle the base, search, check for leaks, measure oracles, prove.
import { invariant } from "../core/base/errors.ts";
import { DROPS } from "../core/mutation/draft.ts";
import { type MutantFunnel, mutantFunnel } from "../core/mutation/funnel.ts";
import type { Operator } from "../core/mutation/site.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import type { WrittenSuite } from "../core/suite/schema.ts";
import { isDistinctive, type LeakCheck } from "../core/suite/leak.ts";
import { resolveTask, type Task } from "../core/suite/suite.ts";
import type { SummaryDrop } from "../core/suite/summary.ts";
import { checkLeaks } from "./leaks.ts";
import { type KeptMutant, searchMutants, type MutateProgress } from "./mutate.ts";
import { MutantTrials } from "./mutant-trials.ts";
import { settleBase, type SettledBase } from "./mutation-base.ts";
import type { Workbench } from "../ports/workbench.ts";
import { isWeak, measureStrength, type Strength } from "./strength.ts";
import type { RepositoryCopy, Shelf, WorkspaceSearch } from "../ports/repository.ts";
import { proveTasks } from "./prove.ts";

export interface MakeOptions {
  readonly copy: RepositoryCopy;
  /** The repository's folder as the user named it, for messages. */
  readonly shown: string;
  readonly bench: Workbench;
  readonly shelf: Shelf;
  readonly search: WorkspaceSearch;
  readonly parse: ParseRust;
  readonly operators: readonly Operator[];
  readonly seed: number;
  readonly features: readonly string[];
  /** Members of the workspace that are built and tested; none: all. The copy tells of these alone. */
  readonly packages: readonly string[];
  readonly max: number;
  /** Mutants that are tried at the most; null: by the tasks wanted. */
  readonly maxTried: number | null;
  /** Count surviving changes of each solution, and mark weak oracles. */
  readonly strength: boolean;
  readonly dropWeak: boolean;
  readonly signal: AbortSignal;
  readonly taskSlot: <T>(work: () => Promise<T>) => Promise<T>;
  readonly progress: (state: MutateProgress) => void;
  readonly note: (text: string) => void;
}

export interface MadeTask {
  readonly kept: KeptMutant;
  readonly task: Task;
  readonly leaks: LeakCheck;
  readonly strength: Strength | null;
}

export interface MutatedSuite {
  readonly settled: SettledBase;
  readonly defaults: WrittenSuite["defaults"];
  readonly tasks: readonly MadeTask[];
  readonly dropped: readonly SummaryDrop[];
  readonly leftOut: readonly SummaryDrop[];
  readonly found: number;
  /** Those that were not tried, as no visible or no held-out test runs their function. */
  readonly idle: number;
  /** Those that were not tried, as others of their function, or so many of all, never ended. */
  readonly hanging: number;
  readonly funnel: MutantFunnel;
  /** Verifications that were run by this call; the rest was on the shelf. */
  readonly verifications: number;
}

export async function makeMutatedSuite(options: MakeOptions): Promise<MutatedSuite> {
  const { note } = options;
  const settled = await settleBase(options);
  note(`base stands: ${settled.prepared.visibleTests.length} visible tests, ${settled.prepared.heldOutTests.length} held out`);
  const limits = await measuredLimits(options, settled);
  const trials = openTrials(options, settled, limits.mutants);
  const found = await searchMutants({ ...options, base: settled.base, compileTime: settled.prepared.compileTime, trials });
  const defaults = limits.suite;
  const finishing = new Finishing(options, settled, trials, defaults);
  const tasks = await finishing.choose(found.fair);
  return {
    settled,
    defaults,
    tasks: tasks.toSorted((a, b) => (a.task.id < b.task.id ? -1 : 1)),
    dropped: [...found.dropped, ...finishing.dropped],
    leftOut: [...settled.leftOut, ...found.leftOut],
    found: found.found,
    idle: found.idle,
    hanging: found.hanging,
    funnel: mutantFunnel(found.fates, finishing.verdicts(tasks)),
    verifications: trials.run,
  };
}

function openTrials({ bench, shelf, copy, signal }: MakeOptions, { base, prepared }: SettledBase, limits: WrittenSuite["defaults"]): MutantTrials {
  return new MutantTrials({
    bench,
    base,
    prepared,
    packages: copy.workspace.packages,
    shelf,
    limits,
    maxHung: Math.max(3, Math.floor(HANGING_S / limits.test_timeout_s)),
    signal,
  });
}

const COMPILE_LIMITS_S = [60, 120, 300, 600, 1200];
const TEST_LIMITS_S = [10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 320];
/** Room for a busy machine: for what is judged later, on whatever machine. */
const SLACK = 10;
/** For a mutant, which is only dropped where it takes longer: most of those never end. */
const MUTANT_SLACK = 3;
const MUTANT_PAUSE_MS = 5000;
/** What mutants that never end may cost in all, as far as they run one after another. */
const HANGING_S = 600;

const step = (limits: readonly number[], ms: number): number => limits.find((limit) => limit * 1000 >= ms) ?? limits.at(-1) ?? 0;

interface Limits {
  readonly suite: WrittenSuite["defaults"];
  readonly mutants: WrittenSuite["defaults"];
}

/** Limits in coarse steps from a verification of the clean base. */
async function measuredLimits(options: MakeOptions, settled: SettledBase): Promise<Limits> {
  const generous = { compile_timeout_s: COMPILE_LIMITS_S.at(-1) ?? 0, test_timeout_s: TEST_LIMITS_S.at(-1) ?? 0 };
  const clean = await openTrials(options, settled, generous).tried(new Map());
  invariant(clean.status === "passed", `the prepared base does not pass its own tests (${clean.status} ${clean.detail})`);
  const compile_timeout_s = step(COMPILE_LIMITS_S, clean.compileMs * SLACK);
  return {
    suite: { compile_timeout_s, test_timeout_s: Math.max(20, step(TEST_LIMITS_S, clean.testMs * SLACK)) },
    mutants: { compile_timeout_s, test_timeout_s: step(TEST_LIMITS_S, clean.testMs * MUTANT_SLACK + MUTANT_PAUSE_MS) },
  };
}

/** The last sieve: leaks, weak oracles, and the same proof that `suite validate` asks for. */
class Finishing {
  readonly dropped: SummaryDrop[] = [];
  private readonly options: MakeOptions;
  private readonly settled: SettledBase;
  private readonly trials: MutantTrials;
  private readonly defaults: WrittenSuite["defaults"];

  constructor(options: MakeOptions, settled: SettledBase, trials: MutantTrials, defaults: WrittenSuite["defaults"]) {
    this.options = options;
    this.settled = settled;
    this.trials = trials;
    this.defaults = defaults;
  }

  /** Takes from the front until enough stand or none are left. */
  async choose(fair: readonly KeptMutant[]): Promise<MadeTask[]> {
    const chosen: MadeTask[] = [];
    let next = 0;
    while (chosen.length < this.options.max && next < fair.length) {
      const some = fair.slice(next, next + this.options.max - chosen.length);
      next += some.length;
      this.options.note(`proving ${some.length} tasks`);
      const tasks = some.map((kept) => ({ kept, task: this.resolve(kept) }));
      const proved = await this.withoutFlaws(await this.withoutLeaks(tasks));
      chosen.push(...(await this.withStrength(proved)));
    }
    return chosen;
  }

  /** By task: why it was dropped, or null for one that stands. */
  verdicts(stand: readonly MadeTask[]): ReadonlyMap<string, string | null> {
    return new Map([...this.dropped.map(({ what, reason }) => [what, reason] as const), ...stand.map(({ task }) => [task.id, null] as const)]);
  }

  private resolve({ written }: KeptMutant): Task {
    const { task, faults } = resolveTask(written, this.settled.base, this.defaults);
    invariant(task, `the made task ${written.id} is not well formed: ${faults.map(({ message }) => message).join("; ")}`);
    return task;
  }

  private async withoutLeaks<T extends { readonly task: Task }>(items: readonly T[]): Promise<readonly (T & { readonly leaks: LeakCheck })[]> {
    const tasks = items.map(({ task }) => task);
    const checkOf = await checkLeaks(tasks, this.settled.prepared, this.options.search, this.options.signal);
    const checked = items.map((item) => ({ ...item, leaks: checkOf(item.task) }));
    const leaking = new Map(
      checked.flatMap(({ leaks }) => leaks.leaks.filter(isDistinctive).map((leak) => [leak.task, `${DROPS.leak} (${leak.kind})`] as const)),
    );
    return this.sieve(checked, (id) => leaking.get(id) ?? null);
  }

  private async withoutFlaws<T extends { readonly task: Task }>(items: readonly T[]): Promise<readonly T[]> {
    const proofs = await proveTasks({
      tasks: items.map(({ task }) => task),
      bench: this.options.bench,
      shelf: this.options.shelf,
      repeats: 1,
      signal: this.options.signal,
      taskSlot: this.options.taskSlot,
      proved: () => undefined,
    });
    const flaws = new Map(proofs.flatMap(({ task, flaws: [first] }) => (first ? [[task, reasonFor(first)] as const] : [])));
    return this.sieve(items, (id) => flaws.get(id) ?? null);
  }

  private async withStrength(items: readonly Omit<MadeTask, "strength">[]): Promise<MadeTask[]> {
    if (!this.options.strength) return items.map((item) => ({ ...item, strength: null }));
    const measured = await Promise.all(
      items.map((item) =>
        this.options.taskSlot(async () => ({ ...item, strength: await measureStrength(item.task, this.trials, this.options.parse, this.options.seed) })),
      ),
    );
    const weak = new Set(measured.flatMap(({ task, strength }) => (this.options.dropWeak && isWeak(strength) ? [task.id] : [])));
    return [...this.sieve(measured, (id) => (weak.has(id) ? DROPS.weak : null))];
  }

  private sieve<T extends { readonly task: Task }>(items: readonly T[], reasonOf: (task: string) => string | null): readonly T[] {
    return items.filter(({ task }) => {
      const reason = reasonOf(task.id);
      if (reason !== null) this.dropped.push({ what: task.id, reason });
      return reason === null;
    });
  }
}

/** The proof runs the break once more: what comes out otherwise than the first time is flaky. */
function reasonFor({ key, message }: { readonly key: string; readonly message: string }): string {
  if (key === "break" && message.startsWith("deleting")) return DROPS.deletion;
  return key === "solution" ? `${DROPS.unproved}: ${message}`.slice(0, 200) : DROPS.flaky;
}

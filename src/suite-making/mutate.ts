// Makes a validated suite of a repository's own code: mutants are tried in waves, and those that make fair tasks are kept.
import { matcher } from "../core/base/glob.ts";
import { DROPS, draftMutantTask, type MutantDropReason, mutantDropReason, signatureOf } from "../core/mutation/draft.ts";
import type { MutantFate } from "../core/mutation/funnel.ts";
import { editOf, findMutants, functionOf, type MutableFile, type Mutant } from "../core/mutation/mutant.ts";
import type { MutantOutcome } from "../core/mutation/outcome.ts";
import type { Operator } from "../core/mutation/site.ts";
import { TaskSpread, type Weight } from "../core/mutation/spread.ts";
import { testOnlyFiles } from "../core/rust/module-files.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import type { WrittenTask } from "../core/suite/schema.ts";
import { hasLooseTests } from "../core/suite/making/source-test.ts";
import { type Base, PROTECTED } from "../core/suite/suite.ts";
import type { SummaryDrop } from "../core/suite/summary.ts";
import { ExercisedFunctions } from "./exercised.ts";
import { rustFiles } from "./mutation-base.ts";
import type { MutantTrials } from "./mutant-trials.ts";
import type { RepositoryCopy } from "../ports/repository.ts";

export interface MutateOptions {
  readonly copy: RepositoryCopy;
  readonly base: Base;
  /** Sources of code that runs while other code compiles. */
  readonly compileTime: readonly string[];
  readonly trials: MutantTrials;
  readonly operators: readonly Operator[];
  readonly parse: ParseRust;
  readonly seed: number;
  readonly max: number;
  /** Mutants that are tried at the most; null: by the tasks wanted. */
  readonly maxTried: number | null;
  readonly progress: (state: MutateProgress) => void;
}

export interface MutateProgress {
  readonly kept: number;
  readonly max: number;
  readonly tried: number;
  readonly found: number;
}

/** A task, and the mutant and outcome that it was made of. */
export interface KeptMutant {
  readonly mutant: Mutant;
  readonly outcome: MutantOutcome;
  readonly written: WrittenTask;
}

export interface MutateResult {
  /** The best spread first; more than were asked for, where a kind or code had its share. */
  readonly fair: readonly KeptMutant[];
  readonly dropped: readonly SummaryDrop[];
  /** Sources that no mutant is made of. */
  readonly leftOut: readonly SummaryDrop[];
  readonly found: number;
  /** Those that were not tried, as no visible or no held-out test runs their function. */
  readonly idle: number;
  /** Those that were not tried, as others of their function, or so many of all, never ended. */
  readonly hanging: number;
  /** What each tried mutant came to, in the order in which they were tried. */
  readonly fates: readonly MutantFate[];
}

/** Mutants tried side by side. Part of the result, since the next ones are chosen by what came out: it depends on no machine. */
const WAVE = 12;
/** So many mutants are tried for each task wanted, before the search is given up. */
const TRIES_PER_TASK = 8;

export async function searchMutants(options: MutateOptions): Promise<MutateResult> {
  return new Search(options).run();
}

class Search {
  private readonly kept: KeptMutant[] = [];
  /** Fair tasks of a kind or code that had its share already. */
  private readonly spare: KeptMutant[] = [];
  private readonly dropped: SummaryDrop[] = [];
  private readonly signatures = new Set<string>();
  private readonly lines = new Set<string>();
  private readonly mutants: readonly Mutant[];
  private readonly leftOut: readonly SummaryDrop[];
  private readonly spread: TaskSpread;
  private readonly exercised: ExercisedFunctions;
  private readonly most: number;
  /** Mutants that were passed over, as no visible or no held-out test runs their function. */
  private idle = 0;
  /** Mutants that were passed over, as their like never ended. */
  private hanging = 0;
  private readonly options: MutateOptions;
  private readonly fates: MutantFate[] = [];

  constructor(options: MutateOptions) {
    this.options = options;
    const files = mutableFiles(options);
    const testOnly = testOnlyFiles(files);
    this.leftOut = files.flatMap((file) => {
      const reason = testOnly.has(file.path) ? TEST_ONLY : whyNot(file, options.compileTime);
      return reason === null ? [] : [{ what: file.path, reason }];
    });
    const isLeftOut = new Set(this.leftOut.map(({ what }) => what));
    this.mutants = findMutants(
      files.filter(({ path }) => !isLeftOut.has(path)),
      options.operators,
      options.parse,
    );
    this.spread = new TaskSpread(this.mutants, options.seed, options.max);
    this.most = options.maxTried ?? Math.ceil((options.max * TRIES_PER_TASK) / WAVE + 1) * WAVE;
    this.exercised = new ExercisedFunctions(options.trials, this.mutants, this.most);
  }

  async run(): Promise<MutateResult> {
    const { max } = this.options;
    while (this.kept.length < max && this.fates.length < this.most) {
      const wave = await this.nextWave(Math.min(WAVE, this.most - this.fates.length));
      if (wave.length === 0) break;
      const outcomes = await Promise.all(wave.map((mutant) => this.options.trials.outcome(mutant)));
      await this.probe(wave, outcomes);
      for (const [index, mutant] of wave.entries()) {
        const outcome = outcomes[index];
        if (outcome) await this.settle(mutant, outcome);
      }
      this.options.progress({ kept: Math.min(max, this.kept.length), max, tried: this.fates.length, found: this.mutants.length });
    }
    return {
      fair: [...this.kept, ...this.spare],
      dropped: this.dropped,
      leftOut: this.leftOut,
      found: this.mutants.length,
      idle: this.idle,
      hanging: this.hanging,
      fates: this.fates,
    };
  }

  /** Those of idle functions are passed over, and what waits with them. */
  private async nextWave(size: number): Promise<Mutant[]> {
    const wave: Mutant[] = [];
    while (wave.length < size) {
      if (this.options.trials.isTiredOfHanging) this.hanging += this.spread.leaveOut(({ operator }) => operator.group !== "compile");
      const some = this.spread.nextWave(size - wave.length);
      if (some.length === 0) break;
      const worth = await this.exercised.worthTrying(some);
      wave.push(...worth);
      if (worth.length < some.length) this.idle += some.length - worth.length + this.spread.leaveOut(this.exercised.isIdle);
    }
    return wave;
  }

  /** Measures coverage for a whole wave at once; the drafts then find it done. */
  private async probe(wave: readonly Mutant[], outcomes: readonly MutantOutcome[]): Promise<void> {
    const asked = wave.filter((mutant, index) => {
      const outcome = outcomes[index];
      return outcome?.status === "compile-error" && mutantDropReason(outcome) === null && !this.lines.has(placeOf(mutant));
    });
    await Promise.all(asked.map((mutant) => this.options.trials.coverage(mutant)));
  }

  private async settle(mutant: Mutant, outcome: MutantOutcome): Promise<void> {
    const line = placeOf(mutant);
    const reason = mutantDropReason(outcome) ?? (this.lines.has(line) ? "same-line" : this.signatures.has(signatureOf(mutant, outcome)) ? "alike" : null);
    if (reason) return this.drop(mutant, outcome, reason);
    const written = await this.draft(mutant, outcome);
    if (written.fail_to_pass.length === 0 || written.held_out.length === 0) return this.drop(mutant, outcome, "unexercised");
    this.lines.add(line);
    this.signatures.add(signatureOf(mutant, outcome));
    const weight: Weight = { kind: written.kind, codes: written.error_codes };
    const hasRoom = this.spread.hasRoom(weight);
    this.spread.keep(mutant, weight);
    (hasRoom ? this.kept : this.spare).push({ mutant, outcome, written });
    this.fates.push({ group: mutant.operator.group, status: outcome.status, reason: null, task: written.id });
  }

  private async draft(mutant: Mutant, outcome: MutantOutcome): Promise<WrittenTask> {
    const source = this.options.trials.sourceOf(mutant.path);
    const coverage = outcome.status === "compile-error" ? await this.options.trials.coverage(mutant) : { visible: [], heldOut: [] };
    const answer = source.slice(mutant.change.start, mutant.change.end);
    return draftMutantTask({ mutant, outcome, coverage, edit: editOf(mutant.path, source, mutant.change), answer });
  }

  private drop(mutant: Mutant, { status }: MutantOutcome, reason: MutantDropReason): void {
    this.fates.push({ group: mutant.operator.group, status, reason: DROPS[reason], task: null });
    this.spread.lose(mutant);
    // What makes a loop endless has neighbours that do.
    if (reason === "timeout") this.hanging += this.spread.leaveOut((other) => functionOf(other) === functionOf(mutant) && other.operator.group !== "compile");
    this.dropped.push({ what: `${mutant.operator.name} at ${mutant.path}:${mutant.line}`, reason: DROPS[reason] });
  }
}

/** Null where mutants can be made of a file. */
function whyNot({ path, source }: MutableFile, compileTime: readonly string[]): string | null {
  if (compileTime.includes(path)) return COMPILE_TIME;
  return hasLooseTests(source) ? LOOSE : null;
}

const TEST_ONLY = "not mutated: it is compiled for tests only";
const COMPILE_TIME = "not mutated: it runs while other code compiles, where no held-out test can judge a patch";
const LOOSE = "not mutated: its tests stand outside of a #[cfg(test)] module, so that they could not be put back after a patch";

const placeOf = ({ path, line }: Mutant): string => `${path}:${line}`;

const NO_SOURCES = ["**/examples/**", "**/tests/**", "**/benches/**"];
/** A file that is larger is made by a program. */
const MAX_SOURCE = 400_000;

/** Files that a patch may change and that are compiled as part of a library or program. */
function mutableFiles({ copy, base }: MutateOptions) {
  const locked = matcher([...PROTECTED, ...NO_SOURCES, ...base.hidden]);
  return rustFiles({ ...copy, tree: base.tree }).filter(({ path, source }) => !locked(path) && source.length <= MAX_SOURCE);
}

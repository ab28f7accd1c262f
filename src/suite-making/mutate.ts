// Makes a validated suite of a repository's own code: mutants are tried in waves, and those that make fair tasks are kept.
import { matcher } from "../core/base/glob.ts";
import { DROPS, draftMutantTask, type MutantDropReason, mutantDropReason, signatureOf } from "../core/mutation/draft.ts";
import { editOf, findMutants, type MutableFile, type Mutant } from "../core/mutation/mutant.ts";
import type { MutantOutcome } from "../core/mutation/outcome.ts";
import type { Operator } from "../core/mutation/site.ts";
import { TaskSpread, type Weight } from "../core/mutation/spread.ts";
import type { ParseRust } from "../core/rust/syntax.ts";
import type { WrittenTask } from "../core/suite/schema.ts";
import { hasLooseTests } from "../core/suite/making/source-test.ts";
import { type Base, PROTECTED } from "../core/suite/suite.ts";
import type { SummaryDrop } from "../core/suite/summary.ts";
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
  readonly tried: number;
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
  private readonly options: MutateOptions;
  private tried = 0;

  constructor(options: MutateOptions) {
    this.options = options;
    const files = mutableFiles(options);
    this.leftOut = files.flatMap((file) => {
      const reason = whyNot(file, options.compileTime);
      return reason === null ? [] : [{ what: file.path, reason }];
    });
    const isLeftOut = new Set(this.leftOut.map(({ what }) => what));
    this.mutants = findMutants(
      files.filter(({ path }) => !isLeftOut.has(path)),
      options.operators,
      options.parse,
    );
    this.spread = new TaskSpread(this.mutants, options.seed, options.max);
  }

  async run(): Promise<MutateResult> {
    const { max, maxTried } = this.options;
    const most = maxTried ?? Math.ceil((max * TRIES_PER_TASK) / WAVE + 1) * WAVE;
    while (this.kept.length < max && this.tried < most) {
      const wave = this.spread.nextWave(Math.min(WAVE, most - this.tried));
      if (wave.length === 0) break;
      const outcomes = await Promise.all(wave.map((mutant) => this.options.trials.outcome(mutant)));
      await this.probe(wave, outcomes);
      for (const [index, mutant] of wave.entries()) {
        const outcome = outcomes[index];
        if (outcome) await this.settle(mutant, outcome);
      }
      this.options.progress({ kept: Math.min(max, this.kept.length), max, tried: this.tried, found: this.mutants.length });
    }
    return {
      fair: [...this.kept, ...this.spare],
      dropped: this.dropped,
      leftOut: this.leftOut,
      found: this.mutants.length,
      tried: this.tried,
    };
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
    this.tried += 1;
    const line = placeOf(mutant);
    const reason = mutantDropReason(outcome) ?? (this.lines.has(line) ? "same-line" : this.signatures.has(signatureOf(mutant, outcome)) ? "alike" : null);
    if (reason) return this.drop(mutant, reason);
    const written = await this.draft(mutant, outcome);
    if (written.fail_to_pass.length === 0 || written.held_out.length === 0) return this.drop(mutant, "unexercised");
    this.lines.add(line);
    this.signatures.add(signatureOf(mutant, outcome));
    const weight: Weight = { kind: written.kind, codes: written.error_codes };
    const hasRoom = this.spread.hasRoom(weight);
    this.spread.keep(mutant, weight);
    (hasRoom ? this.kept : this.spare).push({ mutant, outcome, written });
  }

  private async draft(mutant: Mutant, outcome: MutantOutcome): Promise<WrittenTask> {
    const source = this.options.trials.sourceOf(mutant.path);
    const coverage = outcome.status === "compile-error" ? await this.options.trials.coverage(mutant) : { visible: [], heldOut: [] };
    const answer = source.slice(mutant.change.start, mutant.change.end);
    return draftMutantTask({ mutant, outcome, coverage, edit: editOf(mutant.path, source, mutant.change), answer });
  }

  private drop(mutant: Mutant, reason: MutantDropReason): void {
    this.dropped.push({ what: `${mutant.operator.name} at ${mutant.path}:${mutant.line}`, reason: DROPS[reason] });
  }
}

/** Null where mutants can be made of a file. */
function whyNot({ path, source }: MutableFile, compileTime: readonly string[]): string | null {
  if (compileTime.includes(path)) return COMPILE_TIME;
  return hasLooseTests(source) ? LOOSE : null;
}

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

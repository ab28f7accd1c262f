// Which functions both visible and held-out tests run: mutants of the others can't become tasks, and are not tried.
import type { Coverage } from "../core/mutation/draft.ts";
import { type Enclosing, functionOf, type Mutant } from "../core/mutation/mutant.ts";
import type { MutantTrials } from "./mutant-trials.ts";

export class ExercisedFunctions {
  private readonly trials: Pick<MutantTrials, "coverage" | "coverageOfAll">;
  private readonly mutants: readonly Mutant[];
  /** Functions that were probed and are not run by both. More probes in vain would be more work than the mutants themselves. */
  private readonly patience: number;
  private inVain = 0;
  /** Functions by whether both run them, as far as is known. */
  private readonly known = new Map<string, boolean>();
  private readonly probedFiles = new Set<string>();

  constructor(trials: Pick<MutantTrials, "coverage" | "coverageOfAll">, mutants: readonly Mutant[], patience: number) {
    this.trials = trials;
    this.mutants = mutants;
    this.patience = patience;
  }

  /** Those of them that are worth a try, in their order; what is not known after that is worth one. */
  async worthTrying(some: readonly Mutant[]): Promise<readonly Mutant[]> {
    if (this.inVain < this.patience) {
      await Promise.all(some.map((mutant) => this.probe(mutant)));
      // One file after another, so that the same mutants always cost the same probes.
      for (const path of new Set(some.filter((mutant) => this.isIdle(mutant)).map((mutant) => mutant.path))) await this.probeFile(path);
    }
    return some.filter((mutant) => !this.isIdle(mutant));
  }

  /** Is it known that visible or held-out tests do not run its function? */
  readonly isIdle = (mutant: Mutant): boolean => this.known.get(functionOf(mutant)) === false;

  private async probe(mutant: Mutant): Promise<void> {
    const place = functionOf(mutant);
    if (this.known.has(place)) return;
    const isRun = isRunByBoth(await this.trials.coverage(mutant));
    if (!isRun && !this.known.has(place) && mutant.enclosing !== null) this.inVain += 1;
    this.known.set(place, isRun);
  }

  /** Where one function is idle, as a rule many are: all that are left of its file are probed together, once. */
  private async probeFile(path: string): Promise<void> {
    if (this.probedFiles.has(path)) return;
    this.probedFiles.add(path);
    const left = new Map<string, Enclosing>();
    for (const mutant of this.mutants) {
      if (mutant.path === path && mutant.enclosing !== null && !this.known.has(functionOf(mutant))) left.set(functionOf(mutant), mutant.enclosing);
    }
    if (left.size === 0) return;
    const coverage = await this.trials.coverageOfAll(path, [...left.values()]);
    if (coverage === null || isRunByBoth(coverage)) return;
    for (const place of left.keys()) this.known.set(place, false);
  }
}

const isRunByBoth = ({ visible, heldOut }: Coverage): boolean => visible.length > 0 && heldOut.length > 0;

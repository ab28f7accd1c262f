// Runs mutants on the workbench: one verification each, kept on a shelf, so that an interrupted command goes on where it was.
import { hashOf } from "../core/base/canonical.ts";
import { BakeoffError } from "../core/base/errors.ts";
import type { Coverage } from "../core/mutation/draft.ts";
import { probeSource } from "../core/mutation/draft.ts";
import { type Enclosing, type Mutant, mutatedSource } from "../core/mutation/mutant.ts";
import { failedTests, type MutantOutcome, OUTCOME_FORMAT, outcomeOf, readOutcome } from "../core/mutation/outcome.ts";
import type { WrittenSuite, WrittenTask } from "../core/suite/schema.ts";
import { type Base, resolveTask, type Task } from "../core/suite/suite.ts";
import type { PreparedBase, Workbench } from "../ports/workbench.ts";
import type { PackageFacts, Shelf } from "../ports/repository.ts";

export interface TrialsOptions {
  readonly bench: Workbench;
  readonly base: Base;
  readonly prepared: PreparedBase;
  readonly packages: readonly PackageFacts[];
  readonly shelf: Shelf;
  readonly limits: WrittenSuite["defaults"];
  /** So many may run into the time limit; where it is missing: any number. */
  readonly maxHung?: number;
  readonly signal: AbortSignal;
}

export class MutantTrials {
  /** Verifications that were really run, not found on the shelf. */
  run = 0;
  private hung = 0;
  private readonly probes = new Map<string, Promise<MutantOutcome>>();
  private readonly options: TrialsOptions;

  constructor(options: TrialsOptions) {
    this.options = options;
  }

  outcome(mutant: Mutant): Promise<MutantOutcome> {
    return this.tried(new Map([[mutant.path, mutatedSource(this.sourceOf(mutant.path), mutant.change)]]));
  }

  /** Tests that exercise what a mutant breaks. */
  async coverage(mutant: Mutant): Promise<Coverage> {
    const measured = mutant.enclosing && (await this.coverageOfAll(mutant.path, [mutant.enclosing]));
    return measured ?? this.ofPackage(mutant.path);
  }

  /** Tests that run any of these functions of a file; null where that can't be measured. */
  async coverageOfAll(path: string, functions: readonly Enclosing[]): Promise<Coverage | null> {
    if (this.isTiredOfHanging) return null;
    const measured = await this.probed(path, probeSource(this.sourceOf(path), functions));
    // A probe that passes says that nothing runs them; one that does not compile (a trait's constant, say) says nothing.
    if (measured.status !== "failed" && measured.status !== "passed") return null;
    return { visible: failedTests(measured, false), heldOut: failedTests(measured, true) };
  }

  /** So much time went to mutants that never end that no more should be risked. */
  get isTiredOfHanging(): boolean {
    return this.hung >= (this.options.maxHung ?? Number.POSITIVE_INFINITY);
  }

  sourceOf(path: string): string {
    const content = this.options.base.tree.get(path);
    if (typeof content === "string") return content;
    throw new BakeoffError("invariant", `${path} is no text file of the base`);
  }

  private probed(path: string, source: string): Promise<MutantOutcome> {
    const known = this.probes.get(source);
    if (known) return known;
    const begun = this.tried(new Map([[path, source]]));
    this.probes.set(source, begun);
    return begun;
  }

  /** What lies in no function (an import, a type) is exercised by every test of its package. */
  private ofPackage(path: string): Coverage {
    const inside = this.options.packages.filter(({ dir }) => dir === "" || path.startsWith(`${dir}/`));
    const name = inside.toSorted((a, b) => b.dir.length - a.dir.length)[0]?.name ?? "";
    const own = (tests: readonly string[]) => tests.filter((id) => id.startsWith(`${name}/`));
    return { visible: own(this.options.prepared.visibleTests), heldOut: own(this.options.prepared.heldOutTests) };
  }

  /** What the base with these files comes to, judged by all of its tests. */
  async tried(changes: ReadonlyMap<string, string>): Promise<MutantOutcome> {
    const outcome = await this.verified(changes);
    if (outcome.status === "timeout") this.hung += 1;
    return outcome;
  }

  private async verified(changes: ReadonlyMap<string, string>): Promise<MutantOutcome> {
    const { shelf, prepared, limits, bench, signal } = this.options;
    const files = [...changes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const key = hashOf({ outcome: OUTCOME_FORMAT, base: prepared.key, files, limits });
    const text = await shelf.find(key);
    const known = text === null ? null : readOutcome(text);
    if (known) return known;
    signal.throwIfAborted();
    this.run += 1;
    const { verdict, times } = await bench.verify({ task: trialTask(this.options.base, [...changes.keys()], limits), changes, whole: true }, signal);
    const outcome = outcomeOf(verdict, times);
    if (outcome.status !== "infrastructure") await shelf.keep(key, JSON.stringify(outcome));
    return outcome;
  }
}

/** A task that judges every test and lets a patch change these files: a mutant is laid over it as if a model had written it. */
export function trialTask(base: Base, editable: string[], limits: WrittenSuite["defaults"]): Task {
  const written: WrittenTask = {
    format: 1,
    id: "trial",
    title: "trial",
    kind: "test",
    risk: "low",
    area: "logic",
    tags: [],
    error_codes: [],
    instruction: "trial",
    editable,
    protected: [],
    fail_to_pass: ["**"],
    pass_to_pass: ["**"],
    held_out: ["**"],
    break: [],
  };
  const { task, faults } = resolveTask(written, base, limits);
  if (task) return task;
  throw new BakeoffError("invariant", `a trial of ${editable.join(", ")} can't be laid: ${faults.map(({ message }) => message).join("; ")}`);
}

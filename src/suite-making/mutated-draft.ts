// A made suite of mutants as a draft to be written, and the facts that its summary tells.
import { HANGING, IDLE, mutantFunnelLine } from "../core/mutation/funnel.ts";
import type { SuiteFacts, SummaryTask } from "../core/suite/summary.ts";
import type { DraftSuite } from "../core/suite/making/write.ts";
import { featureLines } from "./made-suite.ts";
import type { MadeTask, MutatedSuite } from "./mutated-suite.ts";
import { strengthNotes } from "./strength.ts";
import type { RepositoryCopy } from "../ports/repository.ts";

export interface MadeFacts {
  readonly name: string;
  readonly seed: number;
  readonly copy: RepositoryCopy;
  readonly made: MutatedSuite;
  readonly rustc: string;
  /** What else is said of how it was made. */
  readonly about: readonly string[];
}

export function factsOf({ name, seed, copy, made, rustc, about }: MadeFacts): SuiteFacts {
  const { prepared } = made.settled;
  const state = copy.commit === null ? "not from a git commit" : `commit ${copy.commit}${copy.dirty ? ", with changes that were not committed" : ""}`;
  return {
    name,
    description: `Repairs of ${copy.workspace.packages.map((item) => item.name).join(", ")}: each task is one small change of the code, made by a mutation operator, that the compiler or the tests notice.`,
    made: [
      `seed ${seed}, ${state}, ${rustc}`,
      ...featureLines(made.settled.base.features ?? []),
      ...about,
      `${made.funnel.tried} of ${made.found} mutants tried`,
      mutantFunnelLine(made.funnel),
      ...(made.idle > 0 ? [`${made.idle} mutants passed over: ${IDLE}`] : []),
      ...(made.hanging > 0 ? [`${made.hanging} mutants passed over: ${HANGING}`] : []),
      `${prepared.visibleTests.length} visible tests, ${prepared.heldOutTests.length} held out`,
    ],
    tasks: made.tasks.map(summaryTask),
    dropped: made.dropped,
    skipped: [...copy.skipped.map(({ path, reason }) => ({ what: path, reason })), ...made.leftOut],
  };
}

export function draftOf({ name, description }: SuiteFacts, copy: RepositoryCopy, made: MutatedSuite): DraftSuite {
  const { base } = made.settled;
  return {
    name,
    version: "1.0.0",
    description,
    dependencies: copy.workspace.dependencies,
    defaults: made.defaults,
    bases: [
      {
        name: base.name,
        path: "base",
        features: base.features ?? [],
        packages: base.packages ?? [],
        hidden: base.hidden,
        protected: base.protected,
        aside: base.aside ?? [],
        warn: base.warn ?? [],
        tree: base.tree,
      },
    ],
    tasks: made.tasks.map(({ kept }) => kept.written),
  };
}

/** A made task as `suite.md` shows it. */
function summaryTask({ kept, task, leaks, strength }: MadeTask): SummaryTask {
  const { outcome, written, mutant } = kept;
  return {
    id: task.id,
    title: task.title,
    kind: task.kind,
    origin: mutant.operator.name,
    errorCodes: task.errorCodes,
    files: [mutant.path],
    compileMs: outcome.compileMs,
    testMs: outcome.status === "failed" ? outcome.testMs : null,
    failToPass: written.fail_to_pass.length,
    heldOut: written.held_out.length,
    leaks,
    notes: strengthNotes(strength),
  };
}

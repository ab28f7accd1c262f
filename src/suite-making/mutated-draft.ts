// A made suite of mutants as a draft to be written, and the facts that its summary tells.
import type { SuiteFacts } from "../core/suite/summary.ts";
import type { DraftSuite } from "../core/suite/making/write.ts";
import { featureLines } from "./made-suite.ts";
import { type MutatedSuite, summaryTask } from "./mutated-suite.ts";
import type { RepositoryCopy } from "../ports/repository.ts";

export interface MadeFacts {
  readonly name: string;
  readonly seed: number;
  readonly copy: RepositoryCopy;
  readonly made: MutatedSuite;
  readonly rustc: string;
}

export function factsOf({ name, seed, copy, made, rustc }: MadeFacts): SuiteFacts {
  const { prepared } = made.settled;
  const state = copy.commit === null ? "not from a git commit" : `commit ${copy.commit}${copy.dirty ? ", with changes that were not committed" : ""}`;
  return {
    name,
    description: `Repairs of ${copy.workspace.packages.map((item) => item.name).join(", ")}: each task is one small change of the code, made by a mutation operator, that the compiler or the tests notice.`,
    made: [
      `seed ${seed}, ${state}, ${rustc}`,
      ...featureLines(made.settled.base.features ?? []),
      `${made.tried} of ${made.found} mutants tried`,
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
    bases: [{ name: base.name, path: "base", features: base.features ?? [], hidden: base.hidden, protected: base.protected, tree: base.tree }],
    tasks: made.tasks.map(({ kept }) => kept.written),
  };
}

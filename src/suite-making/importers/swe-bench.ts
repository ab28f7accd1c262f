// Imports SWE-bench-style instances, whose commits are in a local repository.
import { invariant } from "../../core/base/errors.ts";
import type { Drop } from "../../core/suite/making/repair.ts";
import { declaredFault, type Instance, instanceRepair, readInstances } from "../../core/suite/shapes/swe-bench.ts";
import { withChanges } from "../../core/text/edit.ts";
import type { History } from "../../ports/repository.ts";
import { diffChanges, type ForeignTask, type Importer, type ImportSource, type ImportedRepair, refusedShape } from "./importer.ts";

export const sweBenchImporter: Importer = async (source) => {
  const { history } = source;
  invariant(history, "SWE-bench instances are read without the repository of their commits");
  const { instances, refused } = readInstances(await source.foreign.text(source.path));
  return {
    foreign: instances.map((instance) => foreignInstance(instance, history, source)),
    refused: refused.map(({ what, detail }) => ({ name: what, detail })),
  };
};

const foreignInstance = (instance: Instance, history: History, source: ImportSource): ForeignTask => ({
  name: instance.instance_id,
  declared: (written, aside) => declaredFault(instance, written, aside),
  make: () => madeOf(instance, history, source),
});

async function madeOf(instance: Instance, history: History, { diffTool, signal }: ImportSource): Promise<ImportedRepair> {
  const commit = await history.resolve(instance.base_commit, signal);
  if (commit === null) return refused("declared", `the repository has no commit ${instance.base_commit}`);
  const read = await history.tree(commit, signal);
  if (!read.ok) return refused("too-large", read.why);
  const tests = await diffChanges(diffTool, read.tree, instance.test_patch);
  if (typeof tests === "string") return refusedShape(`test_patch: ${tests}`);
  const repair = await diffChanges(diffTool, withChanges(read.tree, tests), instance.patch);
  if (typeof repair === "string") return refusedShape(`patch: ${repair}`);
  return { ok: true, repair: instanceRepair(instance, read.tree, tests, repair), leftOut: read.leftOut };
}

const refused = (reason: Drop["reason"], detail: string): ImportedRepair => ({ ok: false, drop: { reason, detail } });

// Verdicts of proofs, kept on the shelf: an interrupted proof goes on where it was, and tasks of one base share the clean tree's.
import { canonicalJson, hashOf, type Sha256 } from "../core/base/canonical.ts";
import { mayEdit, type Task } from "../core/suite/suite.ts";
import type { Changes } from "../core/text/edit.ts";
import { readVerdict } from "../core/verdict/stored-verdict.ts";
import type { Verdict } from "../core/verdict/verdict.ts";
import type { Shelf } from "../ports/repository.ts";
import type { PreparedBase, Workbench } from "../ports/workbench.ts";

/** Raised whenever a proof's verdicts mean something else. */
const FORMAT = 1;

export interface KeptVerdicts {
  readonly bench: Workbench;
  /** Null: nothing is read from a shelf, nor kept on one. */
  readonly shelf: Shelf | null;
  readonly signal: AbortSignal;
}

/** One of several runs of a tree, all of which must agree: each is kept by itself. */
export interface ProofRun {
  readonly task: Task;
  readonly prepared: PreparedBase;
  readonly changes: Changes;
  readonly run: number;
  /** As a candidate's patch is judged, by what its held-out tests observe too; where it is missing: all tests in one build. */
  readonly asPatch?: true;
}

/** The verdict of all of a tree's tests, and whether it was run now. */
export async function proofVerdict({ bench, shelf, signal }: KeptVerdicts, proof: ProofRun): Promise<{ readonly verdict: Verdict; readonly isNew: boolean }> {
  const { task, changes, asPatch } = proof;
  const key = shelf && keyOf(bench, proof);
  const text = (key && (await shelf.find(key))) ?? null;
  const known = text === null ? null : readVerdict(text);
  if (known) return { verdict: known, isNew: false };
  signal.throwIfAborted();
  const { verdict } = await bench.verify({ task, changes, ...(asPatch ? {} : { whole: true as const }) }, signal);
  if (key && verdict.status !== "infrastructure") await shelf.keep(key, canonicalJson(verdict));
  return { verdict, isNew: true };
}

/** All that a verdict depends on: the base, the files that differ from it, what a patch may touch of them, which tests count, the limits. */
function keyOf({ tier }: Workbench, { task, prepared, changes, run, asPatch }: ProofRun): Sha256 {
  const laid = [...new Map([...task.broken, ...changes])].filter(([path, content]) => task.base.tree.get(path) !== content);
  const allowed = mayEdit(task);
  const refused = [...changes.keys()].filter((path) => !allowed(path)).toSorted();
  const judged = task.passToPass.includes("**") ? null : [task.failToPass, task.passToPass];
  const limits = [task.compileTimeoutS, task.testTimeoutS];
  const files = laid.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const heldOut = asPatch ? { heldOut: task.heldOut } : {};
  return hashOf({ proof: FORMAT, base: prepared.key, tier, files, refused, judged, limits, run, ...heldOut });
}

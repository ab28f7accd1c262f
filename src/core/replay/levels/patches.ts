// Level 3: every patch laid over its task's tree again: the files it found, and the tree it left.
import { merkleRoot, sha256 } from "../../base/canonical.ts";
import { regraftedFile } from "../../verdict/guard/regraft.ts";
import { patchedFile } from "../../trial/answer-outcome.ts";
import type { EventOf } from "../../trial/event.ts";
import { type Base, contentHash } from "../../suite/suite.ts";
import type { Content } from "../../text/edit.ts";
import type { Check, Claim, Level, TrialView } from "../check.ts";
import type { Scene } from "../scene.ts";
import { PLANT_IS_REBUILT } from "../planted.ts";
import { isRedacted, REDACTED, remembered } from "../evidence.ts";
import { eventIn, type Step } from "../step.ts";

/** Trees by task and patch: attempts often end in the same one. */
const MEMORY = 20_000;

export const patches: Level = {
  sentence: "Every patch, laid over its task's tree again, gives the recorded files and the recorded tree.",
  needsPolicy: true,
  checks: () => {
    const trees = new Map<string, string>();
    const leaves = new Map<Base, ReadonlyMap<string, string>>();
    const checks: readonly Check[] = [FILES, { ...TREES, claims: (view) => patchedTrees(view, trees, leaves) }];
    return { trials: checks, planted: [...checks, PLANT_IS_REBUILT] };
  },
  outcome: ({ suite }) => ({ notes: typeof suite === "string" ? [suite] : [] }),
};

const FILES: Check = {
  name: "patch-fits-tree",
  sentence: "A patch finds the files that the task's tree has, and what it leaves is stored.",
  what: "patched files",
  cause: null,
  claims: patchedFiles,
};

const TREES: Omit<Check, "claims"> = {
  name: "tree-is-rebuilt",
  sentence: "The task's tree with the patch laid over it has the recorded hash.",
  what: "patched trees",
  cause: null,
};

const appliedIn = (step: Step): readonly EventOf<"PatchApply">[] => step.events.filter((event) => event.type === "PatchApply").filter(({ success }) => success);

function* patchedFiles(view: TrialView): Iterable<Claim> {
  for (const step of view.steps) {
    for (const patch of appliedIn(step)) {
      const seq = view.seqOf(patch);
      if (typeof view.scene === "string") {
        yield { seq, missing: view.scene };
        continue;
      }
      const { before_hash, patch_type } = patchedFile(view.scene.tree, patch.file_path, patch.after_hash);
      const redone = { before_hash, patch_type, allowed: view.scene.mayEdit(patch.file_path) };
      yield { seq, recorded: { before_hash: patch.before_hash, patch_type: patch.patch_type, allowed: true }, redone };
    }
  }
}

function* patchedTrees(view: TrialView, trees: Map<string, string>, leaves: Map<Base, ReadonlyMap<string, string>>): Iterable<Claim> {
  for (const step of view.steps) {
    const call = eventIn(step, "ToolCall");
    if (!call) continue;
    const seq = view.seqOf(call);
    if (typeof view.scene === "string") {
      yield { seq, missing: view.scene };
      continue;
    }
    const { scene } = view;
    const applied = appliedIn(step);
    if (applied.some(({ after_hash: hash }) => hash !== null && !view.evidence.holds(hash))) {
      yield { seq, missing: "a patched file is not in the record" };
      continue;
    }
    const key = sha256([scene.task.id, ...applied.map(({ file_path, after_hash }) => `${file_path}\u0000${after_hash ?? ""}`)].join("\n"));
    const redone = remembered(trees, key, () => treeHash(view, scene, applied, leaves), MEMORY);
    if (redone !== call.tree_hash && isRedacted(view.evidence, applied)) yield { seq, missing: REDACTED };
    else yield { seq, recorded: call.tree_hash, redone };
  }
}

/** As verification lays it: the break and the patch over the clean base, the base's own test modules put back. */
function treeHash(view: TrialView, { task, mayEdit }: Scene, applied: readonly EventOf<"PatchApply">[], known: Map<Base, ReadonlyMap<string, string>>): string {
  const changed = new Map<string, string | null>(task.broken);
  for (const { file_path: path, after_hash: hash } of applied) if (mayEdit(path)) changed.set(path, hash === null ? null : view.evidence.text(hash));
  const leaves = new Map(remembered(known, task.base, () => leavesOf(task.base), MEMORY));
  for (const [path, content] of changed) {
    if (content === null) leaves.delete(path);
    else leaves.set(path, leaf(path, regraftedFile(path, task.base.tree.get(path), content)));
  }
  return merkleRoot([...leaves.values()].toSorted());
}

const leavesOf = ({ tree }: Base): ReadonlyMap<string, string> => new Map([...tree].map(([path, content]) => [path, leaf(path, content)]));
/** As the tree's digest has it. */
const leaf = (path: string, content: Content): string => `${path}\u0000${contentHash(content)}`;

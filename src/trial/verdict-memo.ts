// Verdicts by tree: what one trial of an epoch found out, another need not find out again.
import { sha256 } from "../core/base/canonical.ts";
import type { Task } from "../core/suite/suite.ts";
import type { Changes } from "../core/text/edit.ts";
import { patchIdOf } from "../core/verdict/patch-id.ts";
import type { FoundVerdict, KeyedVerdicts, MemoVerdict } from "../ports/trial-queue.ts";

/** The broken tree of a task with a patch laid over it, in one epoch of a run. */
export interface PatchedTree {
  readonly task: Task;
  readonly epoch: number;
  readonly changes: Changes;
}

/** Hash of the set of changed files: what two runs must agree on. */
const patchId = (changes: Changes): string => patchIdOf([...changes].map(([path, content]) => [path, content === null ? null : sha256(content)]));

/** What a run knows a patched tree by. */
export const treeKey = ({ task, epoch, changes }: PatchedTree): string => `${task.id}/${epoch}/${patchId(changes)}`;

/** Verdicts on trees: known, or worked out now. */
export interface Verdicts {
  of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict>;
}

/**
 * Many attempts of a run end in the same tree: a candidate that repeats itself, an escalation that solves a task the
 * same way for each candidate. A verdict depends on the tree alone, so the same tree is verified once an epoch, and
 * what is reused says so and counts in no timing. Epochs stay apart: they are there to see whether it comes out alike.
 */
export class VerdictMemo implements Verdicts, KeyedVerdicts {
  private readonly known = new Map<string, Promise<MemoVerdict>>();

  of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    return this.ofKey(treeKey(tree), verify);
  }

  /** Our own failures are not kept. */
  async ofKey(key: string, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    // Where our own side fails while others wait, the first of them verifies again and the others wait for that one.
    for (let earlier = this.known.get(key); earlier; earlier = this.known.get(key)) {
      const found = await earlier;
      if (found.verification.verdict.status !== "infrastructure") return { ...found, origin: "reused" };
    }
    const now = verify();
    this.known.set(key, now);
    const forget = () => void this.known.delete(key);
    now.then(({ verification }) => verification.verdict.status === "infrastructure" && forget(), forget);
    return { ...(await now), origin: "worked-out" };
  }
}

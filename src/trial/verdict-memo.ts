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

/** Trials that may come to the same trees: those of one task in one epoch. */
export interface TreeGroup {
  readonly task: { readonly id: string };
  readonly epoch: number;
}

const groupKey = ({ task, epoch }: TreeGroup): string => `${task.id}/${epoch}`;

/** What a run knows a patched tree by. */
export const treeKey = ({ task, epoch, changes }: PatchedTree): string => `${groupKey({ task, epoch })}/${patchId(changes)}`;

/** Verdicts on trees: known, or worked out now. */
export interface Verdicts {
  of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict>;
}

/**
 * Many attempts of a run end in the same tree: a candidate that repeats itself, an escalation that solves a task the
 * same way for each candidate. A verdict depends on the tree alone, so the same tree is verified once an epoch, and
 * what is reused says so and counts in no timing. Epochs stay apart: they are there to see whether it comes out alike.
 *
 * Verdicts are large, and a run is long: those of a task and epoch are kept until all of its trials that were expected have ended.
 */
export class VerdictMemo implements Verdicts, KeyedVerdicts {
  /** By group, then by tree. */
  private readonly groups = new Map<string, Map<string, Promise<MemoVerdict>>>();
  /** How many trials of a group have not ended. */
  private readonly expected = new Map<string, number>();

  /** A trial is to come. */
  expect(group: TreeGroup): void {
    const key = groupKey(group);
    this.expected.set(key, (this.expected.get(key) ?? 0) + 1);
  }

  /** One that was expected has ended. */
  ended(group: TreeGroup): void {
    const key = groupKey(group);
    const left = (this.expected.get(key) ?? 1) - 1;
    if (left > 0) return void this.expected.set(key, left);
    this.expected.delete(key);
    this.groups.delete(key);
  }

  /** How many groups have verdicts that are kept. */
  get held(): number {
    return this.groups.size;
  }

  of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    return this.ofKey(treeKey(tree), verify);
  }

  /** Our own failures are not kept. */
  async ofKey(key: string, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    // Where our own side fails while others wait, the first of them verifies again and the others wait for that one.
    const known = this.groupOf(key);
    for (let earlier = known.get(key); earlier; earlier = known.get(key)) {
      const found = await earlier;
      if (found.verification.verdict.status !== "infrastructure") return { ...found, origin: "reused" };
    }
    const now = verify();
    known.set(key, now);
    const forget = () => void known.delete(key);
    now.then(({ verification }) => verification.verdict.status === "infrastructure" && forget(), forget);
    return { ...(await now), origin: "worked-out" };
  }

  private groupOf(key: string): Map<string, Promise<MemoVerdict>> {
    const group = key.slice(0, key.lastIndexOf("/"));
    const known = this.groups.get(group) ?? new Map<string, Promise<MemoVerdict>>();
    this.groups.set(group, known);
    return known;
  }
}

// Verdicts that no candidate has a part in, beside the prepared base that they were come to on.
import { hashOf, type Sha256, sha256 } from "../../core/base/canonical.ts";
import type { Base, Task } from "../../core/suite/suite.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { PRESENT_PROTOCOL } from "../../core/verdict/protocol.ts";
import type { Verdict } from "../../core/verdict/verdict.ts";
import type { KeptTree, KeptVerifications, Workbench } from "../../ports/workbench.ts";
import type { StoredBase } from "./base-cache.ts";
import { keepResult, keptResult } from "./kept-results.ts";

/** Raised whenever the verdict on the same tree comes to say something else. */
const FORMAT = 1;

/** Beside what names the base (its content, the toolchain, how it is built): all that a verdict depends on. */
function keyOf(tier: SandboxTier, { task, changes }: KeptTree): Sha256 {
  const files = [...changes].map(([path, content]) => [path, content === null ? null : sha256(content)] as const);
  return hashOf({ format: FORMAT, protocol: PRESENT_PROTOCOL, tier, task: task.digest, files: files.toSorted(([a], [b]) => (a < b ? -1 : 1)) });
}

/** What kept verifications rest on. */
export interface KeptOn extends Pick<Workbench, "tier" | "startState"> {
  /** The build that verdicts rest on at last. */
  baseOf(base: Base, signal: AbortSignal): Promise<StoredBase>;
}

export const openKept = ({ tier, baseOf, startState }: KeptOn): KeptVerifications => ({
  find: async (tree, signal) => keptResult(await baseOf(tree.task.base, signal), "verifications", keyOf(tier, tree)),
  keep: async (tree, { verdict, notes, treeHash }, signal) => {
    if (!isLasting(verdict)) return;
    // A busy machine runs out of time where another would not, unless the broken tree does so too.
    if (verdict.status === "timeout" && (await startState(tree.task, signal)).status !== "timeout") return;
    await keepResult(await baseOf(tree.task.base, signal), "verifications", keyOf(tier, tree), { verdict, notes, treeHash });
  },
});

/** Our own failures may not come again. */
export const isLasting = ({ status }: Verdict): boolean => status !== "infrastructure";

/** What the broken tree itself comes to: kept, or worked out now. */
export async function startOnce(base: StoredBase, task: Task, work: () => Promise<Verdict>): Promise<Verdict> {
  const kept = await keptResult(base, "starts", task.digest);
  if (kept !== null) return kept;
  const verdict = await work();
  if (isLasting(verdict)) await keepResult(base, "starts", task.digest, verdict);
  return verdict;
}

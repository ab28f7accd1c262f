// Verdicts on planted patches: what a tree comes to that no candidate made is worked out once for a prepared base, not in every run.
import type { Verification, Workbench } from "../ports/workbench.ts";
import type { FoundVerdict, MemoVerdict } from "../ports/trial-queue.ts";
import type { PatchedTree, Verdicts } from "./verdict-memo.ts";

/**
 * Takes a kept verdict where there is one, else asks the run's own and keeps what was found. A kept one never gets among the run's own:
 * a candidate that comes to the same tree has it verified.
 */
export class PlantVerdicts implements Verdicts {
  private readonly bench: Pick<Workbench, "kept">;
  private readonly own: Verdicts;
  private readonly signal: AbortSignal;

  constructor(bench: Pick<Workbench, "kept">, own: Verdicts, signal: AbortSignal) {
    this.bench = bench;
    this.own = own;
    this.signal = signal;
  }

  async of(tree: PatchedTree, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict> {
    const job = { task: tree.task, changes: tree.changes };
    const kept = await this.bench.kept.find(job, this.signal);
    if (kept !== null) return { verification: { ...kept, ...NO_TIME }, retries: 0, origin: "kept" };
    const found = await this.own.of(tree, verify);
    await this.bench.kept.keep(job, found.verification, this.signal);
    return found;
  }
}

const NO_TIME: Pick<Verification, "times" | "queueMs"> = { times: { applyMs: 0, checkMs: 0, testMs: 0, overheadMs: 0, totalMs: 0 }, queueMs: 0 };

// Which verdict each tree of a run was given where it was really verified: what any attempt found out, another may have reused.
import type { Sha256 } from "../base/canonical.ts";
import type { EventLine } from "../capsule/line.ts";
import { type EventReaders, readEvent } from "../trial/event.ts";

/** Is shown every event of a run, planned trials or not, a trial's own in order. */
export class VerifiedTrees {
  private readonly known = new Map<string, Sha256[]>();
  private readonly running = new Map<string | null, Sha256>();

  add({ payload, trial, spec_id: task }: EventLine): void {
    const readers: EventReaders<void> = {
      ToolCall: ({ tree_hash: tree }) => void this.running.set(trial, tree),
      ToolResult: (result) => {
        const tree = this.running.get(trial);
        this.running.delete(trial);
        if (!result.reused && tree !== undefined) this.keep(keyOf(task ?? "", tree), result.output_hash);
      },
    };
    readEvent(readers, payload);
  }

  private keep(key: string, verdict: Sha256): void {
    const hashes = this.known.get(key) ?? [];
    this.known.set(key, hashes);
    if (!hashes.includes(verdict)) hashes.push(verdict);
  }

  /** Hashes of the full verdicts. Verdicts are shared within a task. */
  of(task: string, tree: Sha256): readonly Sha256[] {
    return this.known.get(keyOf(task, tree)) ?? [];
  }
}

const keyOf = (task: string, tree: Sha256): string => `${task}/${tree}`;

// Which verdict each tree of a run was given where it was really verified: what any attempt found out, another may have reused.
import type { Sha256 } from "../base/canonical.ts";
import type { EventLine } from "../capsule/line.ts";
import { type EventOf, type EventReaders, readEvent } from "../trial/event.ts";

/** Is shown every event of a run, planned trials or not, a trial's own in order. */
export class VerifiedTrees {
  private readonly known = new Map<string, Sha256[]>();
  private readonly running = new Map<string | null, Sha256>();
  /** Where the event that is read stands. */
  private place: Pick<EventLine, "trial" | "spec_id"> = { trial: null, spec_id: null };
  /** Made once: a run may have millions of events. */
  private readonly readers: EventReaders<void> = {
    ToolCall: ({ tree_hash: tree }) => void this.running.set(this.place.trial, tree),
    ToolResult: (result) => this.end(result),
  };

  add(line: EventLine): void {
    this.place = line;
    readEvent(this.readers, line.payload);
  }

  private end(result: EventOf<"ToolResult">): void {
    const { trial, spec_id: task } = this.place;
    const tree = this.running.get(trial);
    this.running.delete(trial);
    if (!result.reused && tree !== undefined) this.keep(keyOf(task ?? "", tree), result.output_hash);
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

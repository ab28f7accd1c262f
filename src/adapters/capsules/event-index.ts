// Where each trial's events are in a capsule's file: one range in a sealed capsule, any number in a journal.
import type { LineRange } from "./lines.ts";

/** Ranges of whole lines, including their line endings. */
export class EventIndex {
  /** By trial, null for the run's own: begin, end, begin, end, … in the order of the file. */
  private readonly stretches = new Map<string | null, number[]>();

  add(trial: string | null, { offset, bytes }: LineRange): void {
    const end = offset + bytes + 1;
    const known = this.stretches.get(trial);
    if (!known) this.stretches.set(trial, [offset, end]);
    else if (known.at(-1) === offset) known[known.length - 1] = end;
    else known.push(offset, end);
  }

  trials(): Iterable<string | null> {
    return this.stretches.keys();
  }

  of(trial: string | null): readonly LineRange[] {
    const known = this.stretches.get(trial) ?? [];
    return Array.from({ length: known.length / 2 }, (_, index) => {
      const [offset = 0, end = 0] = known.slice(2 * index);
      return { offset, bytes: end - offset };
    });
  }
}

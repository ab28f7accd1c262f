// The jobs of a run on its queue: each is the right to ask for a trial, whichever is next.
import type { CoordinatorWire } from "../../ports/queue-wire.ts";

const AT_ONCE = 1000;

export class Jobs {
  private readonly wire: Pick<CoordinatorWire, "addJobs">;
  private replacements = 0;

  constructor(wire: Pick<CoordinatorWire, "addJobs">) {
    this.wire = wire;
  }

  async add(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += AT_ONCE) await this.wire.addJobs(ids.slice(from, from + AT_ONCE));
  }

  /** For so many that were lost, under names of their own: a job that is done stays done. */
  replace(count: number): Promise<void> {
    this.replacements += 1;
    return this.add(Array.from({ length: count }, (_, index) => `again-${this.replacements}-${index}`));
  }
}

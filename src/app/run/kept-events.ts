// What a journal holds of each trial, for a run that goes on: looked up by trial, since there are many.
import { type EventLine, LATE_SEQ } from "../../core/capsule/line.ts";
import type { TrialEvent } from "../../core/trial/event.ts";

const NONE: readonly TrialEvent[] = [];

export class KeptEvents {
  private readonly byTrial = new Map<string, TrialEvent[]>();

  constructor(lines: readonly EventLine[]) {
    for (const { trial, seq, payload } of lines) {
      if (trial === null) continue;
      const events = this.byTrial.get(trial) ?? [];
      this.byTrial.set(trial, events);
      if (seq < LATE_SEQ) events.push(payload);
    }
  }

  /** In order, without answers that nobody waits for. */
  of(trial: string): readonly TrialEvent[] {
    return this.byTrial.get(trial) ?? NONE;
  }

  has(trial: string): boolean {
    return this.byTrial.has(trial);
  }
}

// Trials that workers hand back because they can't do them: some workers are broken, but not all of them.
import { BakeoffError, type ErrorCode } from "../../core/base/errors.ts";
import type { WorkerSaying } from "./messages.ts";

/** So often a trial may be handed back; then the run stops with what the last worker said. */
const MOST = 3;

export class HandBacks {
  private readonly times = new Map<string, number>();

  /** What the run stops with; null where somebody else may try. */
  count({ trial, code, message, hint }: WorkerSaying<"failed">): BakeoffError | null {
    const times = (this.times.get(trial) ?? 0) + 1;
    this.times.set(trial, times);
    return times >= MOST ? new BakeoffError(code as ErrorCode, message, hint) : null;
  }
}

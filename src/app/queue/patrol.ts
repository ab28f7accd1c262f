// Looks after something now and then, by this machine's time alone.
import type { Clock } from "../../ports/clock.ts";

interface PatrolOptions {
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** `stoodStill`: this process itself did, for longer than between two looks: what was said meanwhile was not read yet. */
export async function patrol({ clock, wait, everyMs, signal }: PatrolOptions, look: (now: number, stoodStill: boolean) => Promise<void>): Promise<void> {
  for (let last = clock.now(); !signal.aborted; ) {
    await wait(everyMs, signal);
    const now = clock.now();
    const stoodStill = now - last >= everyMs * 3;
    last = now;
    await look(now, stoodStill);
  }
}

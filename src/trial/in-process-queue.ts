// The queue of a run without workers: its trials are carried out in this process, as many at a time as there are slots.
import type { TrialQueue } from "../ports/trial-queue.ts";

/** `slot` bounds how many are under way at once. */
export const inProcessQueue = (slot: <T>(work: () => Promise<T>) => Promise<T>): TrialQueue => ({
  elsewhere: false,
  open: async () => undefined,
  carryOut: (trial) => slot(() => trial.run(null)),
  close: async () => undefined,
});

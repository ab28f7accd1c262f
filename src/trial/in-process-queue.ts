// The queue of a run without workers: its trials are carried out in this process, so many at a time.
import type { QueuedTrial, TrialQueue } from "../ports/trial-queue.ts";

/** `most`: how many are under way at once. */
export const inProcessQueue = (most: number): TrialQueue => ({
  elsewhere: false,
  open: async () => undefined,
  carryOut: (trials) => inLanes(trials, most),
  close: async () => undefined,
});

/** Each lane takes the next trial when it is done with one: none is made before its turn comes. */
async function inLanes(trials: Iterable<QueuedTrial>, most: number): Promise<void> {
  const left = trials[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (first: QueuedTrial): Promise<void> => {
    for (let trial: QueuedTrial | null = first; trial !== null; trial = taken(left)) await trial.run(null).catch((error: unknown) => void failures.push(error));
  };
  const lanes: Promise<void>[] = [];
  for (let trial = taken(left); trial !== null; trial = lanes.length < most ? taken(left) : null) lanes.push(lane(trial));
  await Promise.all(lanes);
  if (failures.length > 0) throw failures[0];
}

function taken<T>(left: Iterator<T>): T | null {
  const next = left.next();
  return next.done === true ? null : next.value;
}

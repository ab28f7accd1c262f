// How late this process itself is: a timer that looks again and again how long after its time it gets its turn.
import type { DelayMeter } from "../../ports/servers.ts";

const EVERY_MS = 5;

/** What holds a timer up (work of this process, or a machine that is busy) holds up the reading of an answer as well. */
export const ownDelay: DelayMeter = {
  start: () => {
    const lateMs: number[] = [];
    let due = performance.now() + EVERY_MS;
    const timer = setInterval(() => {
      const now = performance.now();
      // A stall also swallows the looks that were due in it: they count, each with what was left of the stall.
      for (let late = Math.max(0, now - due); late >= 0; late -= EVERY_MS) lateMs.push(late);
      due = now + EVERY_MS;
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      return lateMs;
    };
  },
};

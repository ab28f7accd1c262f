// How late this process itself is: a timer that repeatedly measures its own delay.
import type { DelayMeter } from "../../ports/servers.ts";

const EVERY_MS = 5;

/** Whatever delays a timer (work of this process, or a busy machine) delays the reading of an answer as well. */
export const ownDelay: DelayMeter = {
  start: () => {
    const lateMs: number[] = [];
    let due = performance.now() + EVERY_MS;
    const timer = setInterval(() => {
      const now = performance.now();
      // A stall also swallows the samples that were due during it: they count, each with the remaining length of the stall.
      for (let late = Math.max(0, now - due); late >= 0; late -= EVERY_MS) lateMs.push(late);
      due = now + EVERY_MS;
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      return lateMs;
    };
  },
};

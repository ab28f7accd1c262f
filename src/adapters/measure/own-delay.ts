// How late this process itself is: a timer that repeatedly measures its own delay.
import type { DelayLook } from "../../core/metrics/latency/own-delay.ts";
import type { DelayMeter } from "../../ports/servers.ts";

/** As often as a timer can: a stall between two looks is not seen. */
const EVERY_MS = 1;

/** Whatever delays a timer (work of this process, or a busy machine) delays the reading of an answer as well. */
export const ownDelay: DelayMeter = {
  start: () => {
    const looks: DelayLook[] = [];
    let due = performance.now() + EVERY_MS;
    const timer = setInterval(() => {
      const now = performance.now();
      // A stall also swallows the looks that were due during it: they count, each with the remaining length of the stall.
      for (let late = Math.max(0, now - due); late >= 0; late -= EVERY_MS) looks.push({ at: now - late, lateMs: late });
      due = now + EVERY_MS;
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      return looks;
    };
  },
};

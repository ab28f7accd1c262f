// The time of a test's world: it stands still while anybody has something to do, and goes on to whatever is waited for next.
// How long words are on their way is drawn by the commit and the test: others come first another time, and a failure comes again.
import { expect } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import type { Clock } from "../../../../src/ports/clock.ts";
import { SEED } from "../../../setup/sample.ts";

export interface PlayedTime {
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<void>;
  /** Until somebody who looks now and then looks again. */
  readonly moment: () => Promise<void>;
  /** Rejects with the signal's reason. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Until it is so, looked at each millisecond. */
  readonly until: (isSo: () => boolean) => Promise<void>;
  /** Again and again, until what it gives is called. */
  readonly every: (ms: number, act: () => void) => () => void;
  /** Nobody who waits goes on any more. */
  readonly end: () => void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

const LONGEST_MOMENT_MS = 4;

const BEGUN = Date.parse("2026-11-22T12:00:00.000Z");

export function playedTime(): PlayedTime {
  const sleepers = new Set<Sleeper>();
  let [now, isOver, isPlaying] = [0, false, false];
  const sleep = (ms: number, wake: () => void): Sleeper => {
    const sleeper = { at: now + Math.max(0, ms), wake };
    sleepers.add(sleeper);
    play();
    return sleeper;
  };
  // After all that was begun: what is in memory needs no turn of its own.
  const play = (): void => {
    if (isPlaying || isOver || sleepers.size === 0) return;
    isPlaying = true;
    setImmediate(() => {
      isPlaying = false;
      now = Math.max(now, Math.min(...[...sleepers].map(({ at }) => at)));
      for (const sleeper of sleepers) if (sleeper.at <= now && sleepers.delete(sleeper)) sleeper.wake();
      play();
    });
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void sleep(ms, resolve));
  const random = createRandom(`${SEED} ${expect.getState().currentTestName ?? ""}`);
  const moment = (): Promise<void> => pause(1 + random.int(LONGEST_MOMENT_MS));
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const sleeper = sleep(ms, () => {
        signal.removeEventListener("abort", leave);
        resolve();
      });
      signal.addEventListener("abort", leave, { once: true });
    });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await pause(1);
  };
  const every = (ms: number, act: () => void): (() => void) => {
    const stop = new AbortController();
    const go = async (): Promise<void> => {
      for (;;) {
        await wait(ms, stop.signal);
        act();
      }
    };
    void go().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return () => stop.abort();
  };
  return { clock: { now: () => now, wall: () => new Date(BEGUN + now).toISOString() }, pause, moment, wait, until, every, end: () => void (isOver = true) };
}

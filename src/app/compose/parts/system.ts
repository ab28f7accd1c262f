// The machine itself as ports: time, chance, cores, and bounds on how much is done at once.
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import pLimit from "p-limit";
import type { Clock } from "../../../ports/clock.ts";

export const clock: Clock = { now: () => performance.now(), wall: () => new Date().toISOString() };

/** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });

/** A run's name: when it began, and enough chance that two never share one. */
export const newRunId = (): string => `${clock.wall().slice(0, 19).replaceAll(":", "-")}Z-${randomBytes(3).toString("hex")}`;

export const cores = (): number => availableParallelism();

/** Garbage is collected before the heap is half as large again as what is in use, not four times. */
export const keepHeapSmall = (): void => setFlagsFromString("--heap-growing-percent=40");

export const slots = (count: number) => pLimit(count);

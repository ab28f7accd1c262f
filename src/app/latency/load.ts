// Ways to put a load on a server: so many callers in a closed loop, or requests at times fixed beforehand.
import type { Clock } from "../../ports/clock.ts";

/** Sends request number `index`, which was to start at `intendedAt` on the clock. Never throws but for an abort. */
export type Shot<T> = (index: number, intendedAt: number) => Promise<T>;

export interface LoadPorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Loaded<T> {
  /** By request. */
  readonly results: readonly T[];
  /** From the first intended start to the last answer. */
  readonly durationMs: number;
}

/** `workers` callers share `count` requests; each sends its next as soon as its last is answered. */
export async function closedLoop<T>(ports: LoadPorts, load: { readonly workers: number; readonly count: number }, shot: Shot<T>): Promise<Loaded<T>> {
  const start = ports.clock.now();
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < load.count; index = next++) {
      ports.signal.throwIfAborted();
      results[index] = await shot(index, ports.clock.now());
    }
  };
  await Promise.all(Array.from({ length: Math.min(load.workers, load.count) }, worker));
  return { results, durationMs: ports.clock.now() - start };
}

/**
 * Sends each request at its time, whatever has become of the ones before it. A request that is sent late counts from
 * when it was meant to be sent, so a stalled server shows all the waiting that it causes (no coordinated omission).
 */
export async function openLoop<T>(ports: LoadPorts, scheduleMs: readonly number[], shot: Shot<T>): Promise<Loaded<T>> {
  const start = ports.clock.now();
  const underWay: Promise<T>[] = [];
  for (const [index, offset] of scheduleMs.entries()) {
    const intendedAt = start + offset;
    const left = intendedAt - ports.clock.now();
    if (left > 0) await ports.wait(left, ports.signal);
    ports.signal.throwIfAborted();
    const sent = shot(index, intendedAt);
    // It is looked at when all are sent; until then it must not count as unhandled.
    sent.catch(() => undefined);
    underWay.push(sent);
  }
  const results = await Promise.all(underWay);
  return { results, durationMs: ports.clock.now() - start };
}

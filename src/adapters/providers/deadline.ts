// The timers of one call: until the first text, between two chunks, and in total.
import { setMaxListeners } from "node:events";
import type { ModelFailure } from "../../ports/models.ts";

const CLOSING_MS = 100;

export interface TimeLimits {
  readonly totalMs: number;
  /** Longest gap between two chunks, counted from the first `touch`. */
  readonly idleMs: number;
  /** From the request to the first text; null: only the total counts. */
  readonly firstTokenMs?: number | null;
}

/** Which limit was exceeded, with a message. */
export interface Expiry {
  readonly failure: Extract<ModelFailure, `timeout-${string}`>;
  readonly words: string;
}

export interface Deadline {
  /** Aborts when a timer expires or the caller aborts. */
  readonly signal: AbortSignal;
  expired(): Expiry | null;
  /** The first text has arrived. */
  begun(): void;
  /** Restarts the idle timer. */
  touch(): void;
  /** Everything has arrived: the server has a moment left to close the stream. */
  closing(): void;
  /** Must be called, or the timers keep the process alive. */
  stop(): void;
}

/** Starts the total and first-text timers; the idle timer counts from the first `touch`. */
export function startDeadline(caller: AbortSignal, limits: TimeLimits): Deadline {
  const controller = new AbortController();
  const { totalMs, idleMs, firstTokenMs = null } = limits;
  let reason: Expiry | null = null;
  const expire = (failure: Expiry["failure"], words: string) => () => {
    reason ??= { failure, words };
    controller.abort();
  };
  const abort = () => controller.abort();
  // Every call in flight listens to the run's one signal: node reports more than ten listeners as a leak.
  setMaxListeners(0, caller);
  caller.addEventListener("abort", abort, { once: true });
  if (caller.aborted) abort();
  const total = setTimeout(expire("timeout-total", `no complete answer within ${totalMs} ms`), totalMs);
  const first = firstTokenMs === null ? null : setTimeout(expire("timeout-first-token", `no text within ${firstTokenMs} ms`), firstTokenMs);
  let idle: NodeJS.Timeout | null = null;
  return {
    signal: controller.signal,
    expired: () => reason,
    begun: () => clearTimeout(first ?? undefined),
    touch: () => {
      idle = idle?.refresh() ?? setTimeout(expire("timeout-idle", `the stream stalled for ${idleMs} ms`), idleMs);
    },
    closing: () => {
      clearTimeout(idle ?? undefined);
      idle = setTimeout(expire("timeout-idle", "the stream was not closed"), CLOSING_MS);
    },
    stop: () => {
      for (const timer of [total, first, idle]) clearTimeout(timer ?? undefined);
      caller.removeEventListener("abort", abort);
    },
  };
}

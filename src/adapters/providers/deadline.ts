// The two timers of one call: one for the whole of it, one for the silence between two chunks.

export interface TimeLimits {
  readonly totalMs: number;
  readonly idleMs: number;
}

export interface Deadline {
  /** Aborts when a timer runs out or when the caller aborts. */
  readonly signal: AbortSignal;
  /** Which limit ran out, in words; null while none has. */
  expired(): string | null;
  /** Starts the silence anew. */
  touch(): void;
  /** Must be called, or the timers keep the process alive. */
  stop(): void;
}

/** Starts the whole call's timer; the silence counts from the first `touch`. */
export function startDeadline(caller: AbortSignal, limits: TimeLimits): Deadline {
  const controller = new AbortController();
  let reason: string | null = null;
  const expire = (words: string) => () => {
    reason ??= words;
    controller.abort();
  };
  const abort = () => controller.abort();
  caller.addEventListener("abort", abort, { once: true });
  if (caller.aborted) abort();
  const total = setTimeout(expire(`no complete answer within ${limits.totalMs} ms`), limits.totalMs);
  let idle: NodeJS.Timeout | null = null;
  return {
    signal: controller.signal,
    expired: () => reason,
    touch: () => {
      idle = idle?.refresh() ?? setTimeout(expire(`the stream stalled for ${limits.idleMs} ms`), limits.idleMs);
    },
    stop: () => {
      clearTimeout(total);
      clearTimeout(idle ?? undefined);
      caller.removeEventListener("abort", abort);
    },
  };
}

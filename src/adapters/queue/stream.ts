// Redis streams of messages: written whole, read in order, taken out once they were handled.
import type { Redis } from "ioredis";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import { pauseBetweenTries } from "./pause.ts";

export interface StreamEntry {
  readonly id: string;
  readonly message: unknown;
}

export const append = (redis: Redis, key: string, message: object, signal: AbortSignal): Promise<void> => {
  const text = JSON.stringify(message);
  return patiently(() => redis.xadd(key, "*", "m", text), signal);
};

/** Keeps trying while the server has no memory left, or is starting: what is not written would be lost. Throws `environment` for anything else. */
export async function patiently(write: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (signal.aborted || !isPassing(error))
        throw new BakeoffError("environment", `the queue can't be written to: ${messageOf(error)}`, "look at the queue's server", { cause: error });
      await pauseBetweenTries(signal);
    }
  }
}

/** Errors that a server gives for a while: no memory, loading its file, not yet writable. */
const isPassing = (error: unknown): boolean => error instanceof Error && /^(OOM|LOADING|MISCONF|READONLY|BUSY|TRYAGAIN|MASTERDOWN)/.test(error.message);

const BLOCK_MS = 1000;
const AT_ONCE = 64;

/** Entries after `from`, in batches. Whatever is there again after a lost connection is read again; `known` says which were handed out already. */
export async function* follow(redis: Redis, key: string, { from, known, signal }: Following): AsyncGenerator<readonly StreamEntry[]> {
  let last = from;
  redis.on("ready", () => void (last = from));
  while (!signal.aborted) {
    const read = await readOnce(redis, key, last, signal);
    const fresh = read.filter(([id]) => !known(id));
    last = read.at(-1)?.[0] ?? last;
    if (fresh.length > 0) yield fresh.map(([id, fields]) => ({ id, message: parsed(fields[1]) }));
  }
}

interface Following {
  readonly from: string;
  readonly known: (id: string) => boolean;
  readonly signal: AbortSignal;
}

type RawEntry = readonly [id: string, fields: readonly string[]];

async function readOnce(redis: Redis, key: string, last: string, signal: AbortSignal): Promise<readonly RawEntry[]> {
  try {
    const answer = await redis.xread("COUNT", AT_ONCE, "BLOCK", BLOCK_MS, "STREAMS", key, last);
    return (answer?.[0]?.[1] ?? []) as readonly RawEntry[];
  } catch {
    // The connection comes back by itself.
    await pauseBetweenTries(signal);
    return [];
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

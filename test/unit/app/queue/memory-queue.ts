// A queue in memory: jobs that are held by one worker at a time, messages in order; workers that can be cut off, and jobs that can be delivered twice.
import type { CoordinatorWire, InboxEntry, WorkerWire } from "../../../../src/ports/queue-wire.ts";
import type { PlayedTime } from "./played-time.ts";

export class MemoryQueue {
  manifest: string | null = null;
  readonly texts = new Map<string, string>();
  readonly waiting: string[] = [];
  readonly active = new Map<string, string>();
  readonly leases = new Map<string, string>();
  readonly cut = new Set<string>();
  /** What becomes of what workers say on its way. */
  alter: (message: unknown) => unknown = (message) => message;
  /** Is what the coordinator says lost on its way? */
  loses: (message: unknown) => boolean = () => false;
  private inbox = { items: [] as InboxEntry[] };
  private readonly outboxes = new Map<string, unknown[]>();
  private entries = 0;
  private delivered = 0;
  private readonly time: PlayedTime;

  constructor(time: PlayedTime) {
    this.time = time;
  }

  outbox(worker: string): unknown[] {
    const known = this.outboxes.get(worker) ?? [];
    this.outboxes.set(worker, known);
    return known;
  }

  write(message: unknown): void {
    this.inbox.items.push({ id: String((this.entries += 1)), message: structuredClone(message) });
  }

  /** As when a worker's process is gone: it is not heard, hears nothing, and its jobs go to others. */
  kill(worker: string): void {
    this.cut.add(worker);
    this.redeliver(worker);
  }

  redeliver(worker: string): void {
    for (const [job, holder] of this.active) {
      if (holder !== worker) continue;
      this.active.delete(job);
      this.waiting.push(job);
    }
  }

  coordinator(): CoordinatorWire {
    // Another coordinator reads again what was not taken out.
    this.delivered = 0;
    const inbox = this.inbox;
    return {
      announce: async (manifest, texts) => {
        this.manifest = manifest;
        for (const [hash, text] of texts) this.texts.set(hash, text);
      },
      attend: async () => undefined,
      addJobs: async (ids) => {
        this.waiting.push(...ids.filter((id) => !this.waiting.includes(id) && !this.active.has(id)));
      },
      jobsLeft: async () => this.waiting.length + this.active.size,
      inbox: (signal) => this.read(inbox, signal),
      forget: async (ids) => {
        for (const id of ids) {
          const at = inbox.items.findIndex((entry) => entry.id === id);
          if (at < 0) continue;
          inbox.items.splice(at, 1);
          if (at < this.delivered) this.delivered -= 1;
        }
      },
      send: async (worker, message) => void (this.loses(message) || this.outbox(worker).push(structuredClone(message))),
      broadcast: async (message) => {
        if (!this.loses(message)) for (const box of this.outboxes.values()) box.push(structuredClone(message));
      },
      keepLease: async (trial, token) => void this.leases.set(trial, token),
      leases: async () => new Map(this.leases),
      close: async (how) => void (how === "finished" && (this.manifest = null)),
    };
  }

  private async *read(inbox: { readonly items: readonly InboxEntry[] }, signal: AbortSignal): AsyncGenerator<readonly InboxEntry[]> {
    while (!signal.aborted) {
      const fresh = inbox.items.slice(this.delivered);
      this.delivered = inbox.items.length;
      if (fresh.length > 0) yield fresh;
      else await this.time.moment();
    }
  }

  worker(): WorkerWire {
    return {
      openRuns: async () => (this.manifest === null ? [] : ["run-1"]),
      close: async () => undefined,
      run: (_, worker) => ({
        manifest: async () => this.manifest,
        text: async (hash) => this.texts.get(hash) ?? null,
        send: async (message) => {
          if (!this.cut.has(worker)) this.write(this.alter(structuredClone(message)));
        },
        leave: async () => undefined,
        serve: async ({ slots, job, rest, message }, signal) => {
          const box = this.outbox(worker);
          const over = { is: false };
          const hear = async (): Promise<void> => {
            while (!over.is) {
              const item = box.shift();
              if (item === undefined) await this.time.moment();
              else if (!this.cut.has(worker)) message(item);
            }
          };
          const slot = async (): Promise<void> => {
            while (!signal.aborted) {
              const id = this.cut.has(worker) ? undefined : this.waiting.shift();
              if (id === undefined) {
                await this.time.moment();
                continue;
              }
              this.active.set(id, worker);
              const outcome = await job(id);
              if (this.active.get(id) !== worker) continue;
              this.active.delete(id);
              if (outcome === "done") continue;
              this.waiting.push(id);
              await rest();
            }
          };
          const heard = hear();
          await Promise.all(Array.from({ length: slots }, slot));
          // Who takes no jobs listens all the same.
          while (!signal.aborted) await this.time.moment();
          over.is = true;
          await heard;
        },
      }),
    };
  }
}

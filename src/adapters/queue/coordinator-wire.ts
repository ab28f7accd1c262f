// The coordinator's end of a run in Redis: its jobs in BullMQ, its messages in streams.
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { CoordinatorWire, InboxEntry } from "../../ports/queue-wire.ts";
import { openRedis, queuePackages, type RedisPlace } from "./connection.ts";
import { emptyQueueKeys, JOB_PREFIX, jobId, jobQueue, RUNS, runKeys } from "./keys.ts";
import { append, follow, patiently } from "./stream.ts";

export async function openCoordinatorWire(place: RedisPlace, run: string): Promise<CoordinatorWire> {
  const redis = await openRedis(place);
  const reading = await openRedis(place);
  const { Queue: JobQueue } = await queuePackages();
  const queue: Queue = new JobQueue(jobQueue(run), { connection: { ...place }, prefix: JOB_PREFIX });
  queue.on("error", () => undefined);
  return new RedisCoordinator({ redis, reading, queue, run });
}

interface Connections {
  readonly redis: Redis;
  /** Blocks while it waits for messages. */
  readonly reading: Redis;
  readonly queue: Queue;
  readonly run: string;
}

class RedisCoordinator implements CoordinatorWire {
  private readonly connections: Connections;
  private readonly keys: ReturnType<typeof runKeys>;
  private readonly closing = new AbortController();
  /** Read, and not yet removed. */
  private readonly open = new Set<string>();
  private texts: readonly string[] = [];

  constructor(connections: Connections) {
    this.connections = connections;
    this.keys = runKeys(connections.run);
  }

  async announce(manifest: string, texts: ReadonlyMap<string, string>): Promise<void> {
    const { redis, run } = this.connections;
    this.texts = [...texts.keys()].map((hash) => this.keys.text(hash));
    const write = redis.multi().zadd(RUNS, "NX", Date.now(), run);
    for (const [hash, text] of texts) write.set(this.keys.text(hash), text);
    await write.set(this.keys.manifest, manifest).exec();
  }

  attend(forMs: number): Promise<void> {
    return patiently(() => this.connections.redis.set(this.keys.alive, "1", "PX", Math.ceil(forMs)), this.closing.signal);
  }

  async addJobs(ids: readonly string[]): Promise<void> {
    await this.connections.queue.addBulk(
      ids.map((id) => ({
        name: "trial",
        data: { run: this.connections.run, trial: id },
        opts: { jobId: jobId(id), removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  async jobsLeft(): Promise<number> {
    const counts = await this.connections.queue.getJobCounts("wait", "active", "delayed", "prioritized");
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async *inbox(signal: AbortSignal): AsyncGenerator<readonly InboxEntry[]> {
    const known = (id: string) => this.open.has(id);
    for await (const entries of follow(this.connections.reading, this.keys.inbox, { from: "0-0", known, signal })) {
      for (const { id } of entries) this.open.add(id);
      yield entries;
    }
  }

  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.connections.redis.xdel(this.keys.inbox, ...ids);
    for (const id of ids) this.open.delete(id);
  }

  send(worker: string, message: object): Promise<void> {
    return append(this.connections.redis, this.keys.outbox(worker), message, this.closing.signal);
  }

  async broadcast(message: object): Promise<void> {
    for (const worker of await this.connections.redis.smembers(this.keys.workers)) await this.send(worker, message);
  }

  keepLease(trial: string, token: string): Promise<void> {
    return patiently(() => this.connections.redis.hset(this.keys.leases, trial, token), this.closing.signal);
  }

  async leases(): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.connections.redis.hgetall(this.keys.leases)));
  }

  async close(how: "finished" | "stopped"): Promise<void> {
    const { redis, reading, queue } = this.connections;
    this.closing.abort();
    reading.disconnect();
    try {
      await redis.zrem(RUNS, this.connections.run);
      await redis.unlink(this.keys.alive);
      if (how === "finished") await this.removeAll();
    } finally {
      await queue.close();
      redis.disconnect();
    }
  }

  /** Outboxes stay for a minute: workers read there that the run has ended. */
  private async removeAll(): Promise<void> {
    const { redis, queue, run } = this.connections;
    const { manifest, inbox, leases, workers } = this.keys;
    for (const worker of await redis.smembers(workers)) await redis.expire(this.keys.outbox(worker), 60);
    await queue.obliterate({ force: true });
    // The manifest goes last: once it is gone, workers that leave remove what they said too late, BullMQ's own marks with it.
    await redis.unlink(manifest, inbox, leases, workers, ...this.texts, ...emptyQueueKeys(run));
  }
}

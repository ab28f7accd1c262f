// A worker's end of a queue in Redis: jobs by BullMQ, which renews their locks and gives those of a dead worker to another; messages by streams.
import type { Redis } from "ioredis";
import type { JobServer, WorkerRunWire, WorkerWire } from "../../ports/queue-wire.ts";
import { openRedis, queuePackages, type RedisPlace } from "./connection.ts";
import { emptyQueueKeys, idOfJob, JOB_PREFIX, jobQueue, RUNS, runKeys } from "./keys.ts";
import { append, follow } from "./stream.ts";

export async function openWorkerWire(place: RedisPlace): Promise<WorkerWire> {
  const redis = await openRedis(place);
  return {
    openRuns: async () => {
      const runs = await redis.zrange(RUNS, "0", "-1");
      const attended = await Promise.all(runs.map((run) => redis.exists(runKeys(run).alive)));
      return runs.filter((_, index) => attended[index] === 1);
    },
    run: (id, worker) => new RedisWorkerRun({ redis, place, run: id, worker }),
    close: async () => redis.disconnect(),
  };
}

interface WorkerConnections {
  readonly redis: Redis;
  readonly place: RedisPlace;
  readonly run: string;
  readonly worker: string;
}

/** A job that lost workers is nobody's failure: the coordinator counts. */
const NEVER_FAILS = 1_000_000;

class RedisWorkerRun implements WorkerRunWire {
  private readonly connections: WorkerConnections;
  private readonly keys: ReturnType<typeof runKeys>;
  private readonly never = new AbortController();
  /** The last that was said to a worker of this name before. */
  private readonly from: Promise<string>;

  constructor(connections: WorkerConnections) {
    this.connections = connections;
    this.keys = runKeys(connections.run);
    const { redis, worker } = connections;
    this.from = redis.xrevrange(this.keys.outbox(worker), "+", "-", "COUNT", 1).then(([last]) => last?.[0] ?? "0-0");
    this.from.catch(() => undefined);
  }

  manifest(): Promise<string | null> {
    return this.connections.redis.get(this.keys.manifest);
  }

  text(hash: string): Promise<string | null> {
    return this.connections.redis.get(this.keys.text(hash));
  }

  async send(message: object): Promise<void> {
    await this.from;
    await append(this.connections.redis, this.keys.inbox, message, this.never.signal);
  }

  async serve(server: JobServer, signal: AbortSignal): Promise<void> {
    const { redis, place, worker: name } = this.connections;
    await redis.sadd(this.keys.workers, name);
    const reading = await openRedis(place);
    const listening = new AbortController();
    const heard = this.listen(reading, server, listening.signal);
    const worker = server.slots === 0 ? null : this.jobs(await queuePackages(), server);
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true })));
    await worker?.close();
    listening.abort();
    reading.disconnect();
    await heard;
  }

  private jobs({ Worker, WaitingError }: Awaited<ReturnType<typeof queuePackages>>, server: JobServer) {
    const { place, run } = this.connections;
    const worker = new Worker(
      jobQueue(run),
      async (job, token) => {
        if ((await server.job(idOfJob(job.id ?? ""))) === "done") return;
        await job.moveToWait(token);
        await server.rest();
        throw new WaitingError();
      },
      {
        connection: { ...place },
        prefix: JOB_PREFIX,
        concurrency: server.slots,
        lockDuration: server.leaseMs,
        stalledInterval: Math.max(500, server.leaseMs / 2),
        maxStalledCount: NEVER_FAILS,
        drainDelay: 1,
      },
    );
    // What BullMQ meets is a lost connection or a lost lock; the first comes back, and the second is the coordinator's to judge.
    worker.on("error", () => undefined);
    return worker;
  }

  async leave(): Promise<void> {
    const { redis, run } = this.connections;
    const { manifest, inbox, leases, workers } = this.keys;
    if ((await redis.exists(manifest)) === 0) await redis.unlink(inbox, leases, workers, ...emptyQueueKeys(run));
  }

  private async listen(reading: Redis, server: JobServer, signal: AbortSignal): Promise<void> {
    const key = this.keys.outbox(this.connections.worker);
    const seen = new Set<string>();
    for await (const entries of follow(reading, key, { from: await this.from, known: (id) => seen.has(id), signal })) {
      for (const { id, message } of entries) {
        seen.add(id);
        server.message(message);
      }
      await this.connections.redis.xdel(key, ...entries.map(({ id }) => id)).catch(() => undefined);
    }
  }
}

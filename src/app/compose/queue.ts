// Queues in Redis or Valkey, and what a worker works with.
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { setImmediate as letOthers } from "node:timers/promises";
import { openRedis, redisPlace } from "../../adapters/queue/connection.ts";
import { openCoordinatorWire } from "../../adapters/queue/coordinator-wire.ts";
import { openWorkerWire } from "../../adapters/queue/worker-wire.ts";
import { type MeasuredWorker, type MetricsAddress, serveWorkerMetrics, type WorkerMetrics } from "../../adapters/queue/worker-metrics.ts";
import { gitDiffTool } from "../../adapters/git/diff-tool.ts";
import type { Places } from "../places.ts";
import type { QueueRequest, ReachedQueue } from "../run/queue-request.ts";
import type { WorkerPorts } from "../worker/ports.ts";
import { servingOf } from "./parts/serving.ts";
import { clock, cores, slots, wait } from "./parts/system.ts";
import { benchOpener } from "./parts/workbench.ts";

/** Where a queue is. */
type QueuePlace = Pick<QueueRequest, "url" | "passwordFile">;

export async function reachQueue(queue: QueuePlace): Promise<ReachedQueue> {
  const place = await redisPlace(queue, process.env);
  (await openRedis(place)).disconnect();
  return (run) => openCoordinatorWire(place, run);
}

export async function composeWorker(places: Places, queue: QueuePlace): Promise<WorkerPorts> {
  return {
    clock,
    wait,
    version: places.version,
    cores: cores(),
    slots,
    openBench: benchOpener(places.cacheRoot),
    serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
    diffTool: gitDiffTool,
    wire: await openWorkerWire(await redisPlace(queue, process.env)),
    measureSpeed,
  };
}

const READY_WITHIN_MS = 1000;

/** Ready is whose queue answers within a second. */
export function composeWorkerMetrics(address: MetricsAddress, worker: MeasuredWorker, { wire }: Pick<WorkerPorts, "wire">): Promise<WorkerMetrics> {
  return serveWorkerMetrics(address, worker, () => Promise.race([wire.openRuns(), late()]));
}

async function late(): Promise<never> {
  await wait(READY_WITHIN_MS, new AbortController().signal);
  throw new Error(`no answer within ${READY_WITHIN_MS} ms`);
}

/** The host's name and the process's number: what nobody else of that host is called. */
export const workerName = (): string =>
  `${hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")}-${process.pid}`.slice(-64);

const PIECE = Buffer.alloc(1 << 20, "bakeoff");
const PIECES = 64;
const MEASUREMENTS = 3;

/** The best of three: what else runs on the machine only ever makes it longer. */
async function measureSpeed(): Promise<number> {
  const times: number[] = [];
  for (let measured = 0; measured < MEASUREMENTS; measured += 1) {
    let tookMs = 0;
    for (let piece = 0; piece < PIECES; piece += 1) {
      const begun = clock.now();
      createHash("sha256").update(PIECE).digest();
      tookMs += clock.now() - begun;
      await letOthers();
    }
    times.push(tookMs);
  }
  return Math.min(...times);
}

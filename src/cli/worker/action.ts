// `bakeoff worker`: a worker until it is told to stop; what it does is told in lines of JSON.
import { composeWorker, composeWorkerMetrics, workerName } from "../../app/compose/queue.ts";
import { findPlaces } from "../../app/places.ts";
import { runWorker, type WorkerLog } from "../../app/worker/worker.ts";
import { onlyStep, STEP_KINDS } from "../../app/queue/step-kinds.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { stopSignal } from "../stop-signal.ts";
import type { WorkerOptions } from "./flags.ts";

const told: WorkerLog = (event, facts = {}) => void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...facts })}\n`);

export async function work(options: WorkerOptions): Promise<number> {
  if (options.queue === undefined) throw new BakeoffError("usage", "a worker needs a queue", "--queue redis://HOST:PORT");
  const ports = await composeWorker(findPlaces(options), { url: options.queue, passwordFile: options.queuePasswordFile ?? null });
  const name = options.name ?? workerName();
  const steps = new Set(options.steps ?? STEP_KINDS);
  const only = onlyStep(steps);
  try {
    const metrics =
      options.metrics === undefined
        ? null
        : await composeWorkerMetrics(options.metrics, { worker: name, ...(only === undefined ? {} : { steps: only }) }, ports);
    if (metrics !== null) told("metrics", { url: metrics.url });
    const log: WorkerLog = (event, facts) => {
      told(event, facts);
      metrics?.saw(event, facts);
    };
    await runWorker(ports, { name, concurrency: options.concurrency ?? null, steps }, log, stopSignal()).finally(() => metrics?.close());
    return 0;
  } finally {
    await ports.wire.close();
  }
}

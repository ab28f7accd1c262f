// What a worker does as Prometheus reads it, and whether it is alive and reaches its queue.
import type { AddressInfo } from "node:net";
import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** What stands with each figure. */
export interface MeasuredWorker {
  readonly worker: string;
  /** Absent where it does all. */
  readonly steps?: string;
}

export interface WorkerMetrics {
  /** Where they are served: `http://HOST:PORT`. */
  readonly url: string;
  /** Is shown what the worker says of itself (`WorkerLog`). */
  saw(event: string, facts?: Readonly<Record<string, string | number>>): void;
  close(): Promise<void>;
}

const INSTALL_LINE = "npm install prom-client@15.1.3";

/** Steps take from milliseconds (a reused verdict) to minutes (a cold build). Seconds. */
const STEP_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const COUNTED: Readonly<Record<string, readonly [name: string, help: string]>> = {
  "step-failed": ["bakeoff_worker_failed_steps_total", "Steps that this worker could not perform, each handed back"],
  fenced: ["bakeoff_worker_fenced_total", "Trials that went to another worker while this one held them"],
  prepared: ["bakeoff_worker_bases_prepared_total", "Bases that were prepared"],
  unheard: ["bakeoff_worker_unheard_total", "Messages that the queue did not take"],
  joined: ["bakeoff_worker_runs_total", "Runs that this worker took part in"],
  refused: ["bakeoff_worker_refused_total", "Runs whose coordinator refused this worker"],
  unfit: ["bakeoff_worker_unfit_total", "Runs that can't be carried out here"],
};

/**
 * `/metrics` for Prometheus, `/healthz` (the process answers) and `/readyz` (the queue does; else 503).
 * `reaches`: resolves where the queue answers. Throws `environment` where prom-client is not installed or the port is taken.
 */
export async function serveWorkerMetrics({ host, port }: MetricsAddress, worker: MeasuredWorker, reaches: () => Promise<unknown>): Promise<WorkerMetrics> {
  const { text, type, saw } = await registryOf(worker);
  const app = new Hono();
  app.get("/metrics", async (context) => context.body(await text(), 200, { "content-type": type }));
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", async (context) =>
    reaches().then(
      () => context.text("ok\n"),
      (error: unknown) => context.text(`the queue does not answer: ${messageOf(error)}\n`, 503),
    ),
  );
  const server = await listening(app, { host, port });
  const { port: taken } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`, saw, close };
}

async function registryOf(
  worker: MeasuredWorker,
): Promise<{ readonly text: () => Promise<string>; readonly type: string; readonly saw: WorkerMetrics["saw"] }> {
  const { Registry, Counter, Gauge, Histogram, collectDefaultMetrics } = await metricsPackage();
  const registry = new Registry();
  registry.setDefaultLabels({ ...worker });
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const steps = new Histogram({
    name: "bakeoff_worker_step_seconds",
    help: "Steps performed: a model call and its verification",
    buckets: STEP_BUCKETS,
    registers,
  });
  const calls = new Histogram({
    name: "bakeoff_worker_call_seconds",
    help: "Model calls made for trials that other workers hold, with the wait for a slot here",
    buckets: STEP_BUCKETS,
    registers,
  });
  const inRun = new Gauge({ name: "bakeoff_worker_in_run", help: "Whether it takes part in a run now", registers });
  const counters = new Map(Object.entries(COUNTED).map(([event, [name, help]]) => [event, new Counter({ name, help, registers })]));
  const saw: WorkerMetrics["saw"] = (event, facts = {}) => {
    if (event === "step") steps.observe(Number(facts["ms"]) / 1000);
    if (event === "call") calls.observe(Number(facts["ms"]) / 1000);
    if (event === "joined") inRun.set(1);
    if (event === "left") inRun.set(0);
    counters.get(event)?.inc();
  };
  return { text: () => registry.metrics(), type: registry.contentType, saw };
}

async function metricsPackage() {
  try {
    return await import("prom-client");
  } catch (error) {
    throw new BakeoffError("environment", "metrics need the package prom-client, which is not installed", INSTALL_LINE, { cause: error });
  }
}

function listening(app: Hono, { host, port }: MetricsAddress): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server));
    server.once("error", (error: unknown) => {
      reject(new BakeoffError("environment", `metrics can't be served at ${host}:${port}: ${messageOf(error)}`, "choose another port", { cause: error }));
    });
  });
}

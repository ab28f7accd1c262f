// What Prometheus and a supervisor read of a worker.
import { afterEach, expect, it } from "vitest";
import { serveWorkerMetrics, type WorkerMetrics } from "../../src/adapters/queue/worker-metrics.ts";

const open: WorkerMetrics[] = [];
afterEach(async () => {
  for (const metrics of open.splice(0)) await metrics.close();
});

async function served(reaches: () => Promise<unknown> = async () => undefined, does: { readonly steps?: string } = {}): Promise<WorkerMetrics> {
  const metrics = await serveWorkerMetrics({ host: "127.0.0.1", port: 0 }, { worker: "w1", ...does }, reaches);
  open.push(metrics);
  return metrics;
}

const get = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

it("counts what the worker says of itself, in the format that Prometheus scrapes", async () => {
  const metrics = await served();
  metrics.saw("joined", { run: "r" });
  for (const ms of [40, 700, 90_000]) metrics.saw("step", { run: "r", trial: "t", ms });
  metrics.saw("step-failed", { run: "r", trial: "t", ms: 3 });
  metrics.saw("fenced");
  metrics.saw("what no metric is made of");
  const { status, type, text } = await get(`${metrics.url}/metrics`);
  expect(status).toBe(200);
  expect(type).toContain("text/plain");
  for (const line of [
    'bakeoff_worker_step_seconds_bucket{le="0.05",worker="w1"} 1',
    'bakeoff_worker_step_seconds_bucket{le="1",worker="w1"} 2',
    'bakeoff_worker_step_seconds_sum{worker="w1"} 90.74',
    'bakeoff_worker_step_seconds_count{worker="w1"} 3',
    'bakeoff_worker_failed_steps_total{worker="w1"} 1',
    'bakeoff_worker_fenced_total{worker="w1"} 1',
    'bakeoff_worker_in_run{worker="w1"} 1',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).toMatch(/^process_resident_memory_bytes\{worker="w1"\} \d/m);
  metrics.saw("left");
  expect((await get(`${metrics.url}/metrics`)).text).toContain('bakeoff_worker_in_run{worker="w1"} 0\n');
});

it("tells what a worker does that does one kind of step, and how long the calls take that it makes for others", async () => {
  const metrics = await served(undefined, { steps: "model" });
  for (const ms of [300, 2_000]) metrics.saw("call", { run: "r", trial: "t", provider: "p", ms });
  const { text } = await get(`${metrics.url}/metrics`);
  for (const line of [
    'bakeoff_worker_call_seconds_bucket{le="0.5",worker="w1",steps="model"} 1',
    'bakeoff_worker_call_seconds_sum{worker="w1",steps="model"} 2.3',
    'bakeoff_worker_step_seconds_count{worker="w1",steps="model"} 0',
  ])
    expect(text).toContain(`${line}\n`);
});

it("is alive as long as the process answers, and ready where its queue does", async () => {
  const metrics = await served(() => Promise.reject(new Error("no answer within 1000 ms")));
  expect(await get(`${metrics.url}/healthz`)).toMatchObject({ status: 200, text: "ok\n" });
  expect(await get(`${metrics.url}/readyz`)).toMatchObject({ status: 503, text: "the queue does not answer: no answer within 1000 ms\n" });
  expect((await get(`${(await served()).url}/readyz`)).status).toBe(200);
  expect((await get(`${metrics.url}/elsewhere`)).status).toBe(404);
});

it("says where a port is taken", async () => {
  const { url } = await served();
  await expect(serveWorkerMetrics({ host: "127.0.0.1", port: Number(new URL(url).port) }, { worker: "w2" }, async () => undefined)).rejects.toMatchObject({
    code: "environment",
    hint: "choose another port",
  });
});

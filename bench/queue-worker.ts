// A worker that answers at once: its bench and its models are only played.
import { redisPlace } from "../src/adapters/queue/connection.ts";
import { openWorkerWire } from "../src/adapters/queue/worker-wire.ts";
import { clock, slots, wait } from "../src/app/compose/parts/system.ts";
import { STEP_KINDS } from "../src/app/queue/step-kinds.ts";
import { runWorker } from "../src/app/worker/worker.ts";
import { openRedactor } from "../src/core/capsule/redaction.ts";
import type { Serving } from "../src/ports/serving.ts";
import { fakeBench, fakeProvider, goodScript } from "../test/unit/run/fakes.ts";

/** Works for whatever run is open on the queue, until the process is told to end. */
export async function playWorker(url: string): Promise<void> {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  const wire = await openWorkerWire(await redisPlace({ url, passwordFile: null }, {}));
  const providers = () => new Map(["local", "cloud"].map((name) => [name, fakeProvider(name, goodScript)]));
  const serving = { reachable: () => true, providers, networkProviders: providers, redactor: openRedactor([], []) } as unknown as Serving;
  const diffTool = () => ({ apply: async () => ({ ok: false as const, detail: "" }) });
  const openBench = async () => ({ bench: fakeBench(), close: async () => undefined });
  const worker = { clock, wait, slots, version: "0.1.0", cores: 64, openBench, serving: () => serving, diffTool, wire, measureSpeed: async () => 0 };
  await runWorker(worker, { name: `played-${process.pid}`, concurrency: 32, steps: new Set(STEP_KINDS) }, () => undefined, stop.signal);
  await wire.close();
}

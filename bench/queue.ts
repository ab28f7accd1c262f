// What a queue costs: a run whose bench and models are only played, in this process and over a real redis-server with a worker in a process of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJournal } from "../src/adapters/capsules/journal/journal.ts";
import { openRedis, redisPlace } from "../src/adapters/queue/connection.ts";
import { openCoordinatorWire } from "../src/adapters/queue/coordinator-wire.ts";
import { clock, wait } from "../src/app/compose/parts/system.ts";
import { runBakeoff } from "../src/app/run/bakeoff.ts";
import { sessionQueue } from "../src/app/run/session-queue.ts";
import type { Journal } from "../src/ports/journal.ts";
import type { TrialQueue } from "../src/ports/trial-queue.ts";
import { fakeBench, headerOf, memoryJournal, oneByOne, optionsFor, policyWith, snapshotBlob, suiteOf, taskNamed } from "../test/unit/run/fakes.ts";
import type { Figure } from "./figure.ts";

const snapshot = policyWith();
const sketchOf = (epochs: number) => ({
  tasks: ["a", "b", "c", "d"].map((id) => taskNamed(id)),
  candidates: ["one", "two", "three", "four", "five"],
  epochs,
  snapshot,
});
const PER_EPOCH = 20;

/** The argument with which this program is a worker that answers at once. */
export const PLAY_WORKER = "play-queue-worker";

/** Milliseconds from one trial's end to the next one's. */
async function gapsOf(epochs: number, queue: TrialQueue, journal: Journal = memoryJournal(headerOf(sketchOf(epochs)))): Promise<readonly number[]> {
  const sketch = sketchOf(epochs);
  const gaps: number[] = [];
  let last = clock.now();
  const trialDone = (): void => {
    gaps.push(clock.now() - last);
    last = clock.now();
  };
  const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone };
  await runBakeoff(optionsFor(sketch, journal, { queue, clock, watcher }));
  return gaps;
}

/** One trial after the other is given to the queue. */
const singly = (queue: TrialQueue): TrialQueue => ({
  elsewhere: queue.elsewhere,
  open: (record) => queue.open(record),
  close: (how) => queue.close(how),
  carryOut: async (trials) => {
    for (const trial of trials) await queue.carryOut([trial]);
  },
});

/** Bytes: the most that it held, and all that went in and out. */
interface RedisFacts {
  readonly peak: number;
  readonly traffic: number;
}

async function redisFacts(redis: Awaited<ReturnType<typeof openRedis>>): Promise<RedisFacts> {
  const info = `${await redis.info("memory")}\n${await redis.info("stats")}`;
  const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
  return { peak: read("used_memory_peak"), traffic: read("total_net_input_bytes") + read("total_net_output_bytes") };
}

/** With a redis-server and a worker in processes of their own. */
async function overRedis<T>(epochs: number, use: (queue: TrialQueue, facts: () => Promise<RedisFacts>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-bench-queue-"));
  const port = await freePort();
  const server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--save", "", "--dir", folder], {
    stdio: "ignore",
  });
  const url = `redis://127.0.0.1:${port}`;
  const worker = spawn(process.execPath, [fileURLToPath(import.meta.url), PLAY_WORKER, url], { stdio: ["ignore", "ignore", "inherit"] });
  try {
    const place = await redisPlace({ url, passwordFile: null }, {});
    const sketch = sketchOf(epochs);
    const request = { url, passwordFile: null, leaseMs: 30_000, mixedToolchains: false, recheckShare: 0 };
    const ports = { clock, wait, newRunId: () => "bench" };
    const { signal } = new AbortController();
    const run = { ports, header: headerOf(sketch), suite: suiteOf(sketch.tasks), snapshot, bench: fakeBench(), goesOn: false, signal, tell: () => undefined };
    const queue = await sessionQueue((id) => openCoordinatorWire(place, id), request, run);
    const asking = await openRedis(place);
    const used = await use(queue, () => redisFacts(asking));
    await queue.close("finished");
    asking.disconnect();
    return used;
  } finally {
    worker.kill("SIGKILL");
    server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A run whose journal is on disk, as a coordinator's is: what a trial of it takes. */
async function onDisk(epochs: number) {
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-bench-journal-"));
  try {
    return await overRedis(epochs, async (queue, facts) => {
      const journal = await createJournal(join(folder, "run.capsule.jsonl"), headerOf(sketchOf(epochs)), [snapshotBlob(snapshot)]);
      const [before, began] = [await facts(), process.cpuUsage()];
      const { length } = await gapsOf(epochs, queue, journal);
      const { user, system } = process.cpuUsage(began);
      const after = await facts();
      return {
        cpuMs: (user + system) / 1000 / length,
        heldKb: (after.peak - before.peak) / 1000 / length,
        sentKb: (after.traffic - before.traffic) / 1000 / length,
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Left out: those in which everything is still compiled. */
const WARM_UP = PER_EPOCH;

export async function queueFigures(epochs: number): Promise<Figure[]> {
  const here = (await gapsOf(epochs, oneByOne())).slice(WARM_UP).toSorted((a, b) => a - b);
  const there = await overRedis(epochs, (queue) => gapsOf(epochs, singly(queue)));
  const medianHere = here[Math.floor(here.length / 2)] ?? 0;
  const { cpuMs, heldKb, sentKb } = await onDisk(epochs * 10);
  return [
    { name: "a trial over the queue beyond one in this process", unit: " ms", samples: there.slice(WARM_UP).map((ms) => ms - medianHere), bound: 15 },
    { name: "processor time of a trial at the coordinator, journal and seal included (300 trials a second)", unit: " ms", samples: [cpuMs], bound: 1000 / 300 },
    { name: "memory of Redis for a trial of a run that has just begun (1 GB for 100,000)", unit: " kB", samples: [heldKb], bound: 10 },
    { name: "traffic of Redis for a trial, in and out", unit: " kB", samples: [sentKb], bound: 250 },
  ];
}

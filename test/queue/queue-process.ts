// Started by the queue's tests in processes of their own: a coordinator with its journal on disk, or a worker with a bench and models that are only played.
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { redisPlace } from "../../src/adapters/queue/connection.ts";
import { openCoordinatorWire } from "../../src/adapters/queue/coordinator-wire.ts";
import { openWorkerWire } from "../../src/adapters/queue/worker-wire.ts";
import { createJournal, reopenJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import { keepRun, nothingKept } from "../../src/app/run/kept-run.ts";
import { sessionQueue } from "../../src/app/run/session-queue.ts";
import { STEP_KINDS } from "../../src/app/queue/step-kinds.ts";
import { runWorker } from "../../src/app/worker/worker.ts";
import { canonicalJson, type Json, sha256 } from "../../src/core/base/canonical.ts";
import { openRedactor } from "../../src/core/capsule/redaction.ts";
import type { NetworkProvider } from "../../src/ports/models.ts";
import type { Serving } from "../../src/ports/serving.ts";
import { clock, wait, workerPorts } from "../unit/app/queue/worker-ports.ts";
import { fakeBench, headerOf, optionsFor, sentProvider, snapshotBlob, suiteOf } from "../unit/run/fakes.ts";
import { queueSketch, LEASE_MS } from "./queue-sketch.ts";

const [role = "", url = "", name = "", place = "", version = "0.1.0", kinds = STEP_KINDS.join(",")] = process.argv.slice(2);
const { snapshot, tasks, script } = queueSketch;
const steps = new Set(STEP_KINDS.filter((kind) => kinds.split(",").includes(kind)));
const where = await redisPlace({ url, passwordFile: null }, {});

async function coordinate(): Promise<void> {
  const header = headerOf(queueSketch);
  const goesOn = existsSync(place);
  const { journal, kept } = goesOn
    ? await reopenJournal(place, keepRun)
    : { journal: await createJournal(place, header, [snapshotBlob(snapshot)]), kept: nothingKept() };
  const ports = { clock, wait, newRunId: () => `${process.pid}-${Date.now()}` };
  const request = { url, passwordFile: null, leaseMs: LEASE_MS, mixedToolchains: false, recheckShare: 0.1 };
  const { signal } = new AbortController();
  const run = {
    ports,
    header,
    suite: suiteOf(tasks),
    snapshot,
    bench: fakeBench(),
    goesOn,
    signal,
    tell: (event: unknown) => void process.stdout.write(`${JSON.stringify(event)}\n`),
  };
  const queue = await sessionQueue((id) => openCoordinatorWire(where, id), request, run);
  const trialDone = (): void => void process.stdout.write("done\n");
  const watcher = { preparing: () => undefined, prepared: () => undefined, trialDone };
  await runBakeoff(optionsFor(queueSketch, journal, { kept, queue, clock, watcher }));
  await queue.close("finished");
  await journal.close();
}

/** Writes down each call as it begins and as it comes back; `place`: one line each. */
const counted = (provider: NetworkProvider): NetworkProvider => ({
  ...provider,
  call: async (request, signal) => {
    const call = `${request.purpose} ${request.model} ${sha256(canonicalJson(request.messages as unknown as Json))}`;
    appendFileSync(place, `began ${process.pid} ${call}\n`);
    await pause(8);
    const reply = await provider.call(request, signal);
    appendFileSync(place, `came ${process.pid} ${call}\n`);
    return reply;
  },
});

const unreached = (provider: string): NetworkProvider => ({
  name: provider,
  call: () => Promise.reject(new Error("this worker reaches no server")),
});

async function work(): Promise<void> {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort(new Error("told to stop")));
  const isNear = steps.has("model");
  const near = (provider: string) => counted(sentProvider(provider, script, tasks));
  const networkProviders = () => new Map(["local", "cloud"].map((provider) => [provider, isNear ? near(provider) : unreached(provider)]));
  const serving = { reachable: () => isNear, providers: networkProviders, networkProviders, redactor: openRedactor([], []) };
  const bench = fakeBench(() => pause(12));
  const openBench = async () => {
    if (!steps.has("verify")) throw new Error("this worker has no toolchain");
    return { bench, close: async () => undefined };
  };
  const wire = await openWorkerWire(where);
  const ahead = Number(process.env["QUEUE_TEST_CLOCK_AHEAD_MS"] ?? 0);
  const wrong = { ...clock, wall: () => new Date(Date.parse(clock.wall()) + ahead).toISOString() };
  const ports = { ...workerPorts({ bench, serving: serving as unknown as Serving, wire, version }), openBench, clock: wrong };
  const log = (event: string): void => void process.stdout.write(`${event}\n`);
  await runWorker(ports, { name, concurrency: null, steps }, log, stop.signal);
  await wire.close();
}

const roles: Readonly<Record<string, () => Promise<void>>> = { coordinator: coordinate, worker: work };
await roles[role]?.();
process.exit(0);

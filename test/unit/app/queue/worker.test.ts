// A worker and the jobs that the coordinator has nothing for.
import { expect, it } from "vitest";
import { STEP_KINDS } from "../../../../src/app/queue/step-kinds.ts";
import { runWorker } from "../../../../src/app/worker/worker.ts";
import type { WorkerRunWire } from "../../../../src/ports/queue-wire.ts";
import { openRedactor } from "../../../../src/core/capsule/redaction.ts";
import { fakeBench, goodScript } from "../../run/fakes.ts";
import { servingWith } from "../run/session-world.ts";
import { queueWorld } from "./queue-world.ts";
import { workerPorts } from "./worker-ports.ts";

it("a job that is given back is anybody's at once: the worker rests without it", async () => {
  const { time, snapshot, queue, coordinate, journal, rest } = queueWorld();
  const running = coordinate(journal());
  running.catch(() => undefined);
  await time.until(() => queue.manifest !== null);
  const stop = new AbortController();
  const waits: number[] = [];
  const told: string[] = [];
  const whole = queue.worker();
  const run: WorkerRunWire = {
    ...whole.run("run-1", "w1"),
    send: async () => undefined,
    serve: async ({ job, rest: resting, message }) => {
      const outcome = job("job-1");
      message({ say: "over", job: "job-1", outcome: "return" });
      told.push(await outcome, `waited ${waits.length}`);
      await resting();
      told.push(`waited ${waits.length}`);
      stop.abort();
    },
  };
  const serving = { ...servingWith(snapshot, goodScript), reachable: () => true, redactor: openRedactor([], []) };
  const ports = {
    ...workerPorts({ bench: fakeBench(), serving, wire: { ...whole, run: () => run }, version: "0.1.0", time }),
    wait: (ms: number, signal: AbortSignal) =>
      ms === BEAT_MS ? new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })) : Promise.resolve(void waits.push(ms)),
  };
  await runWorker(ports, { name: "w1", concurrency: null, steps: new Set(STEP_KINDS) }, () => undefined, stop.signal);
  expect(told).toEqual(["return", "waited 0", "waited 1"]);
  rest();
});

/** A quarter of the lease of the world's runs. */
const BEAT_MS = 50;

// What a worker of a test works with: a bench, models and a wire that the test plays, and real time where it does not play that too.
import { setTimeout as pause } from "node:timers/promises";
import type { WorkerPorts } from "../../../../src/app/worker/ports.ts";
import type { Serving } from "../../../../src/ports/serving.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";

export const clock = { now: () => performance.now(), wall: () => new Date().toISOString() };

export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });

export interface Played {
  readonly bench: Workbench;
  readonly serving: Serving;
  readonly wire: WorkerPorts["wire"];
  readonly version: string;
  readonly time?: Pick<WorkerPorts, "clock" | "wait">;
}

export const workerPorts = ({ bench, serving, wire, version, time = { clock, wait } }: Played): WorkerPorts => ({
  clock: time.clock,
  wait: time.wait,
  version,
  cores: 2,
  slots: () => (job) => job(),
  openBench: async () => ({ bench, close: async () => undefined }),
  serving: () => serving,
  diffTool: () => ({ apply: async () => ({ ok: false, detail: "no diff tool here" }) }),
  wire,
  measureSpeed: async () => 1,
});

// What a worker needs of the world.
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { WorkerWire } from "../../ports/queue-wire.ts";
import type { Serving } from "../../ports/serving.ts";
import type { BenchOpener, DiffTool } from "../../ports/workbench.ts";

export interface WorkerPorts {
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly version: string;
  readonly cores: number;
  readonly slots: (count: number) => <T>(work: () => Promise<T>) => Promise<T>;
  readonly openBench: BenchOpener;
  readonly serving: (snapshot: PolicySnapshot) => Serving;
  readonly diffTool: (signal: AbortSignal) => DiffTool;
  readonly wire: WorkerWire;
  /** Milliseconds that a fixed piece of work takes here and now. */
  readonly measureSpeed: () => Promise<number>;
}

// A run on a queue in memory: one coordinator, and workers with fake benches and scripted models.
import type { BakeoffOptions } from "../../../../src/app/run/bakeoff-options.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { type KeptRun, nothingKept } from "../../../../src/app/run/kept-run.ts";
import { sessionQueue } from "../../../../src/app/run/session-queue.ts";
import type { CrewEvent } from "../../../../src/app/queue/crew.ts";
import { STEP_KINDS, type StepKind } from "../../../../src/app/queue/step-kinds.ts";
import { runWorker, type WorkerLog } from "../../../../src/app/worker/worker.ts";
import { openRedactor } from "../../../../src/core/capsule/redaction.ts";
import { inPlanOrder } from "../../../../src/core/capsule/order.ts";
import type { EventLine } from "../../../../src/core/capsule/line.ts";
import type { Serving } from "../../../../src/ports/serving.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import {
  fakeBench,
  fakeProvider,
  sentProvider,
  goodScript,
  headerOf,
  type MemoryJournal,
  memoryJournal,
  optionsFor,
  type RunSketch,
  type Script,
  suiteOf,
  TASKS,
  policyWith,
  ranIn,
} from "../../run/fakes.ts";
import { servingWith } from "../run/session-world.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { playedTime } from "./played-time.ts";
import { workerPorts } from "./worker-ports.ts";

const LEASE_MS = 200;

export interface WorldOptions {
  readonly sketch?: RunSketch & { readonly script?: Script };
  readonly mixed?: boolean;
  readonly recheckShare?: number;
  /** The coordinator's own. */
  readonly bench?: Workbench;
  readonly more?: Partial<BakeoffOptions>;
}

export interface WorkerOptions {
  readonly script?: Script;
  readonly bench?: Workbench;
  readonly version?: string;
  readonly steps?: readonly StepKind[];
}

export function queueWorld({ sketch = {}, mixed = false, recheckShare = 0, bench: own = fakeBench(), more = {} }: WorldOptions = {}) {
  const time = playedTime();
  const queue = new MemoryQueue(time);
  const snapshot = sketch.snapshot ?? policyWith();
  const header = headerOf({ ...sketch, snapshot });
  /** What became of each worker. */
  const crew: CrewEvent[] = [];
  const missing: string[] = [];
  const logs: string[] = [];
  const stops: AbortController[] = [];
  let incarnations = 0;
  const coordinate = async (journal: MemoryJournal, kept: KeptRun | null = null, signal = new AbortController().signal) => {
    const ports = { clock: time.clock, wait: time.wait, newRunId: () => `coordinator-${(incarnations += 1)}` };
    const request = { url: "redis://memory", passwordFile: null, leaseMs: LEASE_MS, mixedToolchains: mixed, recheckShare };
    const run = {
      ports,
      header,
      suite: suiteOf(sketch.tasks ?? TASKS),
      snapshot,
      bench: own,
      goesOn: kept !== null,
      signal,
      tell: (event: CrewEvent) => void (event.kind === "missing" ? missing.push(event.why) : crew.push(event)),
    };
    const trials = await sessionQueue(async () => queue.coordinator(), request, run);
    let how: "finished" | "stopped" = "stopped";
    try {
      const record = await ranIn(journal, optionsFor({ ...sketch, snapshot }, journal, { ...more, kept: kept ?? nothingKept(), queue: trials, signal }));
      how = "finished";
      return record;
    } finally {
      await trials.close(how);
    }
  };
  const work = (name: string, { script = sketch.script ?? goodScript, bench = fakeBench(), version = "0.1.0", steps = STEP_KINDS }: WorkerOptions = {}) => {
    const stop = new AbortController();
    stops.push(stop);
    const log: WorkerLog = (event, facts = {}) => void logs.push(`${name} ${event} ${Object.values(facts).join(" ")}`);
    const each = <T>(make: (provider: string) => T) => new Map(["local", "cloud"].map((provider) => [provider, make(provider)]));
    const isNear = steps.includes("model");
    const far: Script = () => {
      throw new Error(`${name} reaches no server`);
    };
    const serving: Serving = {
      ...servingWith(snapshot, script),
      reachable: () => isNear,
      providers: () => each((provider) => fakeProvider(provider, isNear ? script : far)),
      networkProviders: () => each((provider) => sentProvider(provider, script, sketch.tasks ?? TASKS)),
      redactor: openRedactor([], []),
    };
    const played = workerPorts({ bench, serving, wire: queue.worker(), version, time });
    const openBench: typeof played.openBench = (...given) => {
      if (!steps.includes("verify")) throw new Error(`${name} has no toolchain`);
      return played.openBench(...given);
    };
    const ports = { ...played, openBench };
    const ended = runWorker(ports, { name, concurrency: null, steps: new Set(steps) }, log, stop.signal);
    ended.catch(() => undefined);
    return { ended, stop: () => stop.abort(), kill: () => (queue.kill(name), stop.abort()) };
  };
  const rest = () => {
    for (const stop of stops) stop.abort();
    time.end();
  };
  return { time, queue, header, snapshot, crew, missing, logs, coordinate, work, rest, journal: () => memoryJournal(header) };
}

const TIMES = /(_ms|_hash|^worker|^reused|^kept)$/;

/** What a run decided and found, in the order of its plan: without times, and without who did it. */
export function told(journal: Pick<MemoryJournal, "events">, header: Parameters<typeof inPlanOrder>[0]): readonly unknown[] {
  const lines: readonly EventLine[] = inPlanOrder(header, journal.events);
  return lines
    .filter(({ trial }) => trial !== null)
    .map(({ trial, seq, step, more, payload }) => ({
      trial,
      seq,
      step,
      more,
      payload: Object.fromEntries(Object.entries(payload).filter(([key]) => !TIMES.test(key) || key === "response_hash" || key === "after_hash")),
    }));
}

type Sketch = RunSketch & { readonly script?: Script };

const knownLocally = new WeakMap<Sketch, Promise<readonly unknown[]>>();

/** The same of a run in one process; each sketch is run once, for all tests that hold something against it. */
export async function toldLocally(sketch: Sketch): Promise<readonly unknown[]> {
  const known = knownLocally.get(sketch) ?? ranLocally(sketch);
  knownLocally.set(sketch, known);
  return structuredClone(await known);
}

async function ranLocally(sketch: Sketch): Promise<readonly unknown[]> {
  const journal = memoryJournal(headerOf(sketch));
  const options = optionsFor(sketch, journal);
  await runBakeoff(options);
  return told(journal, options.header);
}

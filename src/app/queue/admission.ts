// Whether a worker may take part in a run: it runs the same program on the same toolchain in the same sandbox, or it is told what differs.
import type { Header } from "../../core/capsule/line.ts";
import { readingOf } from "../../core/capsule/line.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import { PRESENT_PROTOCOL, protocolOf } from "../../core/verdict/protocol.ts";
import type { Toolchain } from "../../ports/workbench.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import type { WorkerFacts } from "./messages.ts";

/** What this process is, as a worker. */
export function workerFactsOf(
  machine: { readonly version: string; readonly cores: number; readonly calibrationMs: number },
  { toolchain, tier }: { readonly toolchain: Toolchain; readonly tier: SandboxTier },
): WorkerFacts {
  const { rustc, cargo, host } = toolchain;
  const { version, cores, calibrationMs } = machine;
  return { version, rustc, cargo, host, sandbox: tier, verification: PRESENT_PROTOCOL, answers: READING_NOW, cores, calibration_ms: calibrationMs };
}

interface Difference {
  readonly what: string;
  readonly run: (header: Header) => string;
  readonly worker: (facts: WorkerFacts) => string;
  /** May differ where mixed toolchains were asked for: it is recorded with the worker. */
  readonly mixable: boolean;
}

const COMPARED: readonly Difference[] = [
  { what: "version", run: (header) => header.bakeoff_version, worker: ({ version }) => version, mixable: false },
  { what: "verification", run: (header) => protocolOf(header.verification), worker: ({ verification }) => verification, mixable: false },
  { what: "reading of answers", run: readingOf, worker: ({ answers }) => answers, mixable: false },
  { what: "rustc", run: ({ toolchain }) => toolchain.rustc, worker: ({ rustc }) => rustc, mixable: true },
  { what: "cargo", run: ({ toolchain }) => toolchain.cargo, worker: ({ cargo }) => cargo, mixable: true },
  { what: "host", run: ({ toolchain }) => toolchain.host, worker: ({ host }) => host, mixable: true },
  { what: "sandbox", run: ({ sandbox }) => sandbox, worker: ({ sandbox }) => sandbox, mixable: true },
];

/** Everything that differs and may not, in words; empty where the worker may take part. */
export function admissionFaults(header: Header, facts: WorkerFacts, mixed: boolean): readonly string[] {
  return COMPARED.filter(({ run, worker, mixable }) => run(header) !== worker(facts) && !(mixed && mixable)).map(
    ({ what, run, worker }) => `its ${what} is ${worker(facts).slice(0, 120)}, and the run's is ${run(header).slice(0, 120)}`,
  );
}

// Whether a worker may take part in a run: it runs the same program on the same toolchain in the same sandbox, or it is told what differs.
import type { Header } from "../../core/capsule/line.ts";
import { readingOf } from "../../core/capsule/line.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import { PRESENT_PROTOCOL, protocolOf } from "../../core/verdict/protocol.ts";
import type { Toolchain } from "../../ports/workbench.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import type { WorkerFacts } from "./messages.ts";
import { doesStep, onlyStep, type StepKind } from "./step-kinds.ts";

/** What this process is, as a worker. `bench`: null where it verifies nothing. */
export function workerFactsOf(
  machine: { readonly version: string; readonly cores: number; readonly calibrationMs: number; readonly steps: ReadonlySet<StepKind> },
  bench: { readonly toolchain: Toolchain; readonly tier: SandboxTier } | null,
): WorkerFacts {
  const { version, cores, calibrationMs } = machine;
  const only = onlyStep(machine.steps);
  const does = only === undefined ? {} : { steps: only };
  const common = { answers: READING_NOW, cores, calibration_ms: calibrationMs };
  if (bench === null) return { version, ...does, ...common };
  const { rustc, cargo, host } = bench.toolchain;
  return { version, ...does, rustc, cargo, host, sandbox: bench.tier, verification: PRESENT_PROTOCOL, ...common };
}

interface Difference {
  readonly what: string;
  readonly run: (header: Header) => string;
  /** Undefined: it does nothing that this matters for. */
  readonly worker: (facts: WorkerFacts) => string | undefined;
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
  return COMPARED.flatMap(({ what, run, worker, mixable }) => {
    const its = worker(facts);
    // Who verifies says all of it.
    if (its === undefined ? !doesStep(facts, "verify") : its === run(header) || (mixed && mixable)) return [];
    return [`its ${what} is ${(its ?? "not told").slice(0, 120)}, and the run's is ${run(header).slice(0, 120)}`];
  });
}

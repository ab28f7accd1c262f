// What a run needs of the world.
import type { TurnPorts } from "./served-turns.ts";
import type { ReportSource } from "../../core/report/source.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { BindingPorts } from "../gate/registration-log.ts";
import type { QueueRequest, ReachedQueue } from "./queue-request.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CapsuleStore } from "../../ports/journal.ts";
import type { OpenKeptAnswers } from "../../ports/kept-answers.ts";
import type { PolicyStore } from "../../ports/policies.ts";
import type { Serving } from "../../ports/serving.ts";
import type { SendTelemetry } from "../../ports/telemetry.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { BenchOpener, DiffTool } from "../../ports/workbench.ts";

export interface RunPorts {
  readonly clock: Clock;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A name that no other run has. */
  readonly newRunId: () => string;
  /** The package's version. */
  readonly version: string;
  readonly cores: number;
  /** For a run of any size: collects garbage early. */
  readonly keepHeapSmall: () => void;
  /** Bounds how much is under way at once. */
  readonly slots: (count: number) => <T>(work: () => Promise<T>) => Promise<T>;
  readonly loadSuite: LoadSuite;
  /** Throws `environment` where no queue answers there that may be used. */
  readonly reachQueue: (queue: QueueRequest) => Promise<ReachedQueue>;
  readonly policies: PolicyStore;
  readonly serving: (snapshot: PolicySnapshot) => Serving;
  /** What the run starts servers with, and looks after them. */
  readonly servers: TurnPorts;
  readonly openBench: BenchOpener;
  readonly diffTool: (signal: AbortSignal) => DiffTool;
  readonly capsules: CapsuleStore;
  /** The folder of answers that may be used again. */
  readonly openKeptAnswers: OpenKeptAnswers;
  readonly keys: Pick<SigningKeys, "load">;
  /** What registrations are read with, and the log that knows of every run under one. */
  readonly registrations: BindingPorts;
  /** The decision register of whoever wrote the policy: it lies beside the policy, or in the docs of the same project. Null where there is none. */
  readonly decisionRegister: (policyFile: string) => Promise<string | null>;
  readonly sendTelemetry: SendTelemetry;
  /** Writes the run's report; gives its folder. `folder` null: the usual one. */
  readonly writeReport: (source: ReportSource, folder: string | null) => Promise<string>;
}

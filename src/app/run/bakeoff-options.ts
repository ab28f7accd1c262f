// What a run is made with: its plan, the adapters that do the work, and whoever watches it.
import type { Header } from "../../core/capsule/line.ts";
import type { PlannedTrial } from "../../core/capsule/record.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { TrialState } from "../../core/trial/fold.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { CallContext } from "../../trial/model-call.ts";
import type { DiffTool, PreparedBase, Workbench } from "../../ports/workbench.ts";
import type { Journal } from "../../ports/journal.ts";
import type { NotebookAccess } from "../../ports/notebook.ts";
import type { PolicySource } from "../../ports/policy-source.ts";
import type { ServerInspector } from "../../ports/servers.ts";
import type { TrialQueue } from "../../ports/trial-queue.ts";
import type { KeptRun } from "./kept-run.ts";
import type { ServedTurns } from "./served-turns.ts";

/** What the run tells whoever watches. */
export interface RunWatcher {
  preparing(base: string): void;
  prepared(base: PreparedBase): void;
  /** So many trials of a run that goes on were done before. */
  doneBefore?(done: number, total: number): void;
  trialDone(trial: PlannedTrial, state: TrialState, done: number, total: number): void;
  /** A calibration patch was judged; of so many that there are. */
  calibrated?(done: number, total: number): void;
}

export interface BakeoffOptions extends CallContext {
  readonly header: Header;
  readonly suite: Suite;
  readonly snapshot: PolicySnapshot;
  readonly bench: Workbench;
  readonly diffTool: DiffTool;
  readonly notebook: NotebookAccess;
  readonly journal: Journal;
  /** What the journal holds already of a run that goes on; of one that begins, nothing. */
  readonly kept: KeptRun;
  /** The model servers that can say what they have loaded, by provider. */
  readonly servers: ReadonlyMap<string, ServerInspector>;
  /** The servers that the run starts itself. */
  readonly turns?: Pick<ServedTurns, "order" | "during">;
  /** The files that the policy came from. The run keeps to `snapshot`, and records what else lies there. */
  readonly policySource: PolicySource;
  readonly watcher: RunWatcher;
  /** Lets the run spend more than its budget; only where the policy allows it. */
  readonly overrideBudget: boolean;
  /** Where trials are carried out. */
  readonly queue: TrialQueue;
}

// What the suite commands need of the world. app/compose/suite.ts builds it of adapters, tests of fakes.
import type { ParseRust } from "../../core/rust/syntax.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FileIncluder, History, LockFileMaker, Repositories, Shelf, SuiteWriter, WorkspaceSearch } from "../../ports/repository.ts";
import type { ForeignTasks, SuiteFiles } from "../../ports/suites.ts";
import type { DiffTool, OpenBench, PrepareStep } from "../../ports/workbench.ts";

/** What proving a suite takes. */
export interface ProvingPorts {
  readonly clock: Clock;
  readonly suites: SuiteFiles;
  openBench(signal: AbortSignal, preparing?: (step: PrepareStep) => void): Promise<OpenBench>;
  readonly search: WorkspaceSearch;
  readonly shelf: Shelf;
  /** Bounds how many tasks are under way at once. */
  readonly taskSlot: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What making one takes besides. */
export interface MakingPorts extends ProvingPorts {
  /** Relative paths of the user's begin here. */
  readonly workingFolder: string;
  /** Suites that are made go into this folder. */
  readonly suitesFolder: string;
  readonly writer: SuiteWriter;
  /** This program with its policy, as a gzipped tar: for an image that scores by it. */
  program(): Promise<Uint8Array>;
  parser(): Promise<ParseRust>;
  lockFiles(signal: AbortSignal): Promise<LockFileMaker>;
  repositories(signal: AbortSignal): Promise<Repositories>;
  readonly included: FileIncluder;
  openHistory(repository: string, signal: AbortSignal): Promise<History>;
  diffTool(signal: AbortSignal): DiffTool;
  readonly foreign: ForeignTasks;
  /** A signal that ends with the given one, or after so many milliseconds. */
  timeLimit(ms: number, signal: AbortSignal): AbortSignal;
}

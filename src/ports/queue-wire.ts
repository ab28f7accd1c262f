// How a coordinator and its workers reach each other: jobs, messages and texts. Interfaces only; what arrives is unchecked.
import type { Sha256 } from "../core/base/canonical.ts";

/** What a worker wrote, as it came. */
export interface InboxEntry {
  readonly id: string;
  readonly message: unknown;
}

/** The coordinator's end of one run. Every method waits for a lost connection to come back. */
export interface CoordinatorWire {
  /** Makes the run known to workers, with the texts that it is planned by. */
  announce(manifest: string, texts: ReadonlyMap<Sha256, string>): Promise<void>;
  /** Adds a job for each of these ids; one that is there already stays as it is. */
  addJobs(ids: readonly string[]): Promise<void>;
  /** Says that the run has a coordinator, for so long: workers that look for one take no other. */
  attend(forMs: number): Promise<void>;
  /** How many jobs wait or are held. */
  jobsLeft(): Promise<number>;
  /** Entries in the order of their arrival, those first that an earlier coordinator of this run left. Ends when the signal aborts. */
  inbox(signal: AbortSignal): AsyncIterable<readonly InboxEntry[]>;
  /** These entries are journalled, or worth nothing: they are removed. */
  forget(ids: readonly string[]): Promise<void>;
  send(worker: string, message: object): Promise<void>;
  /** Tells every worker that this run knew. */
  broadcast(message: object): Promise<void>;
  /** Who holds which trial, or makes its call, by the token of the lease; kept for a coordinator that takes over. */
  keepLease(trial: string, token: string): Promise<void>;
  leases(): Promise<ReadonlyMap<string, string>>;
  /** `finished`: nothing of the run stays behind. `stopped`: all of it stays, for a run that goes on. */
  close(how: "finished" | "stopped"): Promise<void>;
}

/** `return`: the job is for somebody else, or for later. */
export type JobOutcome = "done" | "return";

export interface JobServer {
  /** How many jobs are held at a time; 0: it takes none, and only listens. */
  readonly slots: number;
  readonly leaseMs: number;
  readonly job: (id: string) => Promise<JobOutcome>;
  /** Waited for after a job is given back, by whoever held it alone: others come first, and the job is theirs meanwhile. */
  readonly rest: () => Promise<void>;
  /** What the coordinator says, in order. */
  readonly message: (message: unknown) => void;
}

/** A worker's end of one run. */
export interface WorkerRunWire {
  manifest(): Promise<string | null>;
  text(hash: Sha256): Promise<string | null>;
  send(message: object): Promise<void>;
  /** Takes jobs and messages until the signal aborts; what is held then is finished by `job`. */
  serve(server: JobServer, signal: AbortSignal): Promise<void>;
  /** The last of it: of a run that has ended, nothing stays behind that was said too late. */
  leave(): Promise<void>;
}

/** A worker's view of a queue. */
export interface WorkerWire {
  /** The runs that have a coordinator now, the oldest first. */
  openRuns(): Promise<readonly string[]>;
  run(id: string, worker: string): WorkerRunWire;
  close(): Promise<void>;
}

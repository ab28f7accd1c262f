// What a run is told of the queue that carries it out, and how that is reached.
import type { CoordinatorWire } from "../../ports/queue-wire.ts";

/** Where a queue is, and how a run is carried out on it. */
export interface QueueRequest {
  /** `redis://host:port`; never with a password. */
  readonly url: string;
  readonly passwordFile: string | null;
  /** A worker that is not heard of for so long has lost its trials. */
  readonly leaseMs: number;
  /** Workers of another toolchain or sandbox are taken, and recorded. */
  readonly mixedToolchains: boolean;
  /** The share of workers' verdicts that is worked out again by the coordinator, 0 to 1. */
  readonly recheckShare: number;
}

/** Opens the queue of one run. */
export type ReachedQueue = (run: string) => Promise<CoordinatorWire>;

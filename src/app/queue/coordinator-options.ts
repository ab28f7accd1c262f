// What a coordinator is made with.
import type { Header } from "../../core/capsule/line.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CoordinatorWire } from "../../ports/queue-wire.ts";
import type { CrewEvent } from "./crew.ts";
import type { LeftOvers } from "./left-overs.ts";
import type { RunManifest } from "./messages.ts";
import type { Rechecks } from "./rechecks.ts";

export interface CoordinatorOptions {
  /** Of the queue, as workers are given it; never with a password. */
  readonly address: string;
  readonly wire: CoordinatorWire;
  readonly header: Header;
  readonly manifest: RunManifest;
  readonly texts: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** A name that no other coordinator has: leases of two coordinators of a run are never taken for each other. */
  readonly incarnation: string;
  /** The run goes on: an earlier coordinator may have left steps that were finished. */
  readonly goesOn: boolean;
  readonly leftOvers: LeftOvers;
  /** Null: workers are believed. */
  readonly rechecks: Rechecks | null;
  readonly tell: (event: CrewEvent) => void;
}

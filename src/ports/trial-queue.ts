// Where trials are carried out: in this process, or by workers elsewhere. Interfaces only.
import type { Sha256 } from "../core/base/canonical.ts";
import type { ModelCallCommand } from "../core/trial/command.ts";
import type { TrialEvent } from "../core/trial/event.ts";
import type { Verification } from "./workbench.ts";

/** A text that an event refers to by hash, and what kind of text it is: capture mode goes by kind. */
export interface Body {
  readonly kind: "prompt" | "response" | "patch" | "output" | "policy";
  readonly text: string;
}

/** What a step brought: its events, and the texts that they refer to and that were not there before. */
export interface PerformedStep {
  readonly events: readonly TrialEvent[];
  readonly bodies: readonly Body[];
}

/** Carries out what costs time or money. All that is decided, is decided by whoever asks. */
export interface StepPerformer {
  /** One step of a trial with this history. */
  step(command: ModelCallCommand, history: readonly TrialEvent[]): Promise<PerformedStep>;
  /** All of a calibration trial; without events where nothing is to be recorded of it. */
  plant(): Promise<PerformedStep>;
}

export interface MemoVerdict {
  readonly verification: Verification;
  /** How many times our own side failed before. */
  readonly retries: number;
}

/** Where a verdict came from: worked out for this attempt, for another one of this run, or by an earlier run. */
export type VerdictOrigin = "worked-out" | "reused" | "kept";

export interface FoundVerdict extends MemoVerdict {
  readonly origin: VerdictOrigin;
}

/** The run's verdicts by the key of a tree: known, or worked out now. */
export interface KeyedVerdicts {
  ofKey(key: string, verify: () => Promise<MemoVerdict>): Promise<FoundVerdict>;
}

/** A trial, or a calibration trial, that is to be carried out. */
export interface QueuedTrial {
  readonly kind: "trial" | "plant";
  /** The trial's id. */
  readonly id: string;
  /** Trials of one task and epoch are compared with each other: they belong onto one machine. */
  readonly task: string;
  readonly epoch: number;
  /** Digest of the base that it needs prepared. */
  readonly base: Sha256;
  readonly verdicts: KeyedVerdicts;
  /** A text that its history refers to; null where it is not there. */
  text(hash: Sha256): string | null;
  /** Does it from where it stands to its end, with what the queue gives it to perform by; null: in this process. */
  run(performer: StepPerformer | null): Promise<void>;
}

export interface TrialQueue {
  /** Are trials carried out by others? Then nothing is prepared for them here. */
  readonly elsewhere: boolean;
  /** `record` writes events of the whole run. Called once, before anything is carried out. */
  open(record: (events: readonly TrialEvent[]) => Promise<void>): Promise<void>;
  /** Has them carried out, each as soon as there is room. Throws the first failure, once nothing is under way here any more. One call at a time. */
  carryOut(trials: Iterable<QueuedTrial>): Promise<void>;
  /** `finished`: the run is sealed, and nothing of it is needed any more. `stopped`: it may go on later. */
  close(how: "finished" | "stopped"): Promise<void>;
}

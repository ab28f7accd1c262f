// What a program that imports "bakeoff" sees, and the only types that are published: made from nothing else, so that they change on purpose.

/** What every call may be told. */
export interface BakeoffCall {
  /** The folder of policy, suites and capsules, or the one above it. If absent: the nearest `bakeoff/` upward from the working folder. */
  readonly home?: string;
  /** A policy file, or the name of one in the home's `policies/`. */
  readonly policy?: string;
  /** Stops what is under way. A run that was stopped can be gone on with. */
  readonly signal?: AbortSignal;
}

/** A rate with its 95 % interval. */
export interface BakeoffRate {
  /** Null where nothing counts. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Tasks that it rests on. */
  readonly n: number;
}

export interface RunCall extends BakeoffCall {
  /** A suite's name, or its folder. If absent: the suite that comes with the package. */
  readonly suite?: string;
  /** If absent: the embedded ones, and those whose server answers. */
  readonly candidates?: readonly string[];
  /** Repeats of each task. If absent: 1. */
  readonly epochs?: number;
  /** Only so many tasks, drawn by the seed. */
  readonly limit?: number;
  readonly tasks?: readonly string[];
  readonly seed?: number;
  /** A run to go on with, by its id or its capsule. */
  readonly resume?: string;
  /** File of the key that signs the capsule. If absent: the variable BAKEOFF_SIGNING_KEY, else unsigned. */
  readonly keyFile?: string;
  /** Told once of a run that goes on, before its first trial: how many were done before. */
  readonly onResumed?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Told of each trial that is done. */
  readonly onTrial?: (trial: { readonly id: string; readonly done: number; readonly total: number }) => void;
}

export interface RunCandidate {
  readonly name: string;
  /** Only the candidate's own first attempt counts. */
  readonly passAt1: BakeoffRate;
  /** Any of its own attempts. */
  readonly passInSlot: BakeoffRate;
  /** Whoever wrote the patch. */
  readonly afterEscalation: BakeoffRate;
}

export interface RunTrial {
  readonly candidate: string;
  readonly task: string;
  /** From 1. */
  readonly epoch: number;
  /** `counted`, or why it is in no rate. */
  readonly standing: string;
  /** Did one of the candidate's own attempts pass? Null where none counts. */
  readonly passInSlot: boolean | null;
  /** Why not, in words. */
  readonly why: string | null;
}

export interface RunOutcome {
  readonly runId: string;
  readonly capsule: string;
  /** Path of the signature; null where there is no key. */
  readonly signature: string | null;
  /** Folder of the reports. */
  readonly report: string;
  /** Roles that an embedded stand-in played: figures with one say nothing about a model. */
  readonly standIns: readonly string[];
  readonly warnings: readonly string[];
  readonly candidates: readonly RunCandidate[];
  readonly trials: readonly RunTrial[];
}

export interface GateCall extends BakeoffCall {
  readonly candidate: string;
  /** If absent: the policy's reflex candidate. */
  readonly incumbent?: string;
  /** Run ids or paths. If absent: the newest that holds both. */
  readonly capsules?: readonly string[];
  /** File of a registration. */
  readonly registration?: string;
  /** A git revision that policy and trusted keys are taken from. */
  readonly policyFrom?: string;
  /** Public keys that are trusted beside the policy's. */
  readonly trust?: readonly string[];
  readonly keyFile?: string;
}

export type BakeoffVerdict = "promote" | "hold" | "inconclusive";

export interface GateFinding {
  readonly criterion: string;
  readonly outcome: string;
  /** What was found, against what, in a sentence. */
  readonly says: string;
}

export interface GateOutcome {
  readonly verdict: BakeoffVerdict;
  readonly candidate: string;
  readonly incumbent: string;
  readonly findings: readonly GateFinding[];
  /** How many more tasks would settle it; null where none is open, or where tasks alone would not. */
  readonly moreTasks: number | null;
  /** Path of the decision. */
  readonly decision: string;
}

export interface ReplayCall extends Omit<BakeoffCall, "policy"> {
  /** A run id, or a path. */
  readonly capsule: string;
  /** Run cargo again on every tree. */
  readonly reexecute?: boolean;
  /** Where the run's suite lies, if not among the usual ones. */
  readonly suite?: string;
  readonly trust?: readonly string[];
  /** Folder of the audit's reports. If absent: none are written. */
  readonly out?: string;
}

export interface ReplayOutcome {
  readonly outcome: "proven" | "partly" | "diverged" | "not-intact";
  readonly runId: string;
  readonly levels: readonly { readonly level: number; readonly name: string; readonly status: string }[];
  /** The first is where replay and record diverged. */
  readonly findings: readonly { readonly level: string; readonly what: string; readonly cause: string; readonly why: string }[];
}

/** Runs every task by every candidate through the whole policy, and seals the capsule. */
export declare function run(call?: RunCall): Promise<RunOutcome>;

/** Decides whether a candidate may take the incumbent's place, and keeps the decision. */
export declare function gate(call: GateCall): Promise<GateOutcome>;

/** Derives again what a capsule says. */
export declare function replay(call: ReplayCall): Promise<ReplayOutcome>;

/** What every call throws for what is not data. */
export declare class BakeoffError extends Error {
  readonly code: "usage" | "written-file" | "environment" | "integrity" | "diverged" | "interrupted" | "invariant";
  /** The way out. */
  readonly hint: string;
}

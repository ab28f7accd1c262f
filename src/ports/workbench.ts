// The workbench: trees in, verdicts out.
import type { Sha256 } from "../core/base/canonical.ts";
import type { Base, Task } from "../core/suite/suite.ts";
import type { Changes } from "../core/text/edit.ts";
import type { SandboxTier } from "../core/trial/sandbox-tier.ts";
import type { AnswerReading } from "../core/verdict/answer/reading.ts";
import type { ProtocolName } from "../core/verdict/protocol.ts";
import type { ObservationCount } from "../core/verdict/observed/records.ts";
import type { Diagnostic, PatchNote, TestId, Verdict, VerifyTimes } from "../core/verdict/verdict.ts";

/** Which sandbox works on this machine. */
export interface TierReport {
  readonly tier: SandboxTier;
  /** Does an overlay mount work, or must bases be copied? */
  readonly layer: "overlay" | "copy";
  /** Why each better tier is not in force. */
  readonly notes: readonly string[];
}

/** The test inventory of a prepared base. */
export interface PreparedBase {
  readonly base: Base;
  /** Cache key: content of tree, lock file, toolchain, flags and format version. */
  readonly key: Sha256;
  readonly visibleTests: readonly TestId[];
  readonly heldOutTests: readonly TestId[];
  /** What each held-out test tells beside whether it passes; one that is not here tells nothing. */
  readonly observations: ReadonlyMap<TestId, ObservationCount>;
  /** How many of them came out otherwise here and now than when the base was prepared: nobody is judged by these. */
  readonly unsteadyObservations: number;
  /** Sentinels that guard the tests. */
  readonly sentinels: number;
  /** Sources of code that runs while other code compiles: protected from patches, unless a task is about them. */
  readonly compileTime: readonly string[];
  /** Milliseconds this process spent preparing it: 0 where it came from the cache. */
  readonly preparedMs: number;
}

export interface Toolchain {
  /** First line of `rustc -V`. */
  readonly rustc: string;
  readonly cargo: string;
  readonly host: string;
}

/** One tree to verify: the broken tree of `task` with `changes` laid over it. */
export interface VerifyJob {
  readonly task: Task;
  readonly changes: Changes;
  /** All tests in one build, whatever the visible ones say: how suites are proved. */
  readonly whole?: true;
  /** How it is judged; where it is missing: as new runs are. */
  readonly protocol?: ProtocolName;
}

export interface Verification {
  readonly verdict: Verdict;
  /** What is worth a second look, and changes no verdict. */
  readonly notes: readonly PatchNote[];
  readonly times: VerifyTimes;
  /** Milliseconds the job waited for a cargo slot. */
  readonly queueMs: number;
  /** Digest of the tree that was verified, protected files restored. */
  readonly treeHash: Sha256;
}

/** What stays true of a verification: not how long it took. */
export type KeptVerification = Pick<Verification, "verdict" | "notes" | "treeHash">;

/** A tree that no candidate made, as it is verified by the present protocol. */
export type KeptTree = Pick<VerifyJob, "task" | "changes">;

/**
 * Verifications that lie with the prepared base they were made on. Only for trees that no candidate made: what a candidate's patch
 * comes to is worked out in its own run.
 */
export interface KeptVerifications {
  /** Of the same tree of the same task, by the same protocol, toolchain and sandbox; null where there is none. */
  find(tree: KeptTree, signal: AbortSignal): Promise<KeptVerification | null>;
  /** Our own failures and what ran out of time are not kept: they may come out otherwise. */
  keep(tree: KeptTree, verification: KeptVerification, signal: AbortSignal): Promise<void>;
}

export interface Lint {
  readonly outcome: "linted" | "unavailable";
  readonly diagnostics: readonly Diagnostic[];
  readonly detail: string;
  readonly totalMs: number;
}

export interface Workbench {
  readonly tier: SandboxTier;
  readonly toolchain: Toolchain;
  /**
   * Builds the base inside the sandbox, or finds it in the cache. Throws `environment` or `written-file`. `whole`: only the build that
   * verifications of that name rest on; those that a patch is judged by besides are made when the first of them is asked for.
   */
  prepare(base: Base, signal: AbortSignal, builds?: { readonly whole: true }): Promise<PreparedBase>;
  verify(job: VerifyJob, signal: AbortSignal): Promise<Verification>;
  readonly kept: KeptVerifications;
  /** The verdict on the broken tree itself: what the first prompt shows. Kept in the cache. */
  startState(task: Task, signal: AbortSignal): Promise<Verdict>;
  /** Makes ready what `lint` needs of a base, which takes as long as a build does; `lint` does so itself where nobody has. */
  prepareLint(base: Base, signal: AbortSignal): Promise<void>;
  /** Runs clippy over the tree: the critic's stand-in. */
  lint(job: VerifyJob, signal: AbortSignal): Promise<Lint>;
}

/** A workbench that is open until it is closed. */
export interface OpenBench {
  readonly bench: Workbench;
  close(): Promise<void>;
}

/** What preparing a base is about to do: the minutes that it may take are somebody's wait. */
export interface PrepareStep {
  readonly base: string;
  readonly step: "fetch" | "dependencies" | "dependencies for clippy" | "build" | "test" | "build for the loop" | "clippy";
  /** How many of the fetched crates are compiled, where that is counted. */
  readonly crates?: { readonly done: number; readonly total: number };
}

/** Opens a workbench with so many cargo jobs at a time. Throws `environment` where there is no toolchain. */
export type BenchOpener = (cargoSlots: number, signal: AbortSignal, preparing?: (step: PrepareStep) => void) => Promise<OpenBench>;

/**
 * Applies a unified diff to text files: `git apply`, strictly first, then with white space ignored; the tolerant reading also
 * takes hunks without context and keeps a file's line ends.
 */
export interface DiffTool {
  apply(
    files: ReadonlyMap<string, string>,
    diff: string,
    reading: AnswerReading,
  ): Promise<{ readonly ok: true; readonly changes: Changes } | { readonly ok: false; readonly detail: string }>;
}

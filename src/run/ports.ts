// What a run needs of the world, as interfaces; adapters implement them and cli/compose.ts puts them together.
import type { Sha256 } from "../core/base/canonical.ts";
import type { EventLine, Header, Seal } from "../core/capsule/line.ts";
import type { FAILURES } from "../core/policy/schema.ts";
import type { Base, Task } from "../core/suite/suite.ts";
import type { Changes, Tree } from "../core/verdict/edit.ts";
import type { Diagnostic, TestId, Verdict, VerifyTimes } from "../core/verdict/verdict.ts";

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall time, RFC 3339 with milliseconds, UTC. */
  wall(): string;
}

// ——— models ———

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** The same facts that the messages tell, as data: what embedded candidates and stand-ins go by. */
export interface Material {
  readonly task: Task;
  /** The broken tree. */
  readonly tree: Tree;
  /** What the compiler said about the tree that `lastChanges` leaves (or about the broken tree). Visible parts only. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files as the last attempt's patch left them, if one was applied. */
  readonly lastChanges: Changes | null;
  /** The last attempt's verdict: for the Judge and its stand-in. */
  readonly verdict: Verdict | null;
}

export interface ModelRequest {
  readonly purpose: "plan" | "patch" | "critique" | "judge";
  /** The policy's name for the model. */
  readonly model: string;
  readonly messages: readonly Message[];
  /** JSON Schema that the answer must satisfy, with a name for it; null: free text. */
  readonly schema: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> } | null;
  readonly material: Material;
  readonly timeoutMs: number;
}

export interface Usage {
  readonly promptTokens: number | null;
  readonly responseTokens: number | null;
  readonly cachedTokens: number | null;
  readonly reasoningTokens: number | null;
}

/**
 * Milliseconds from when the request is sent; what came before it is in `queueMs`. `ttftMs`: first chunk with content or
 * reasoning text; `firstOutputMs`: first with content; `totalMs`: until the last line, usage and [DONE] included.
 */
export interface CallTimes {
  readonly queueMs: number;
  readonly ttftMs: number | null;
  readonly firstOutputMs: number | null;
  readonly totalMs: number;
  /** Between one chunk with text and the next: the inter-token latencies as a client sees them. Empty where nothing streams. */
  readonly gapsMs: readonly number[];
}

/** The policy has a retry rule for each. */
export type ModelFailure = (typeof FAILURES)[number];

export type ModelReply = {
  readonly resolvedModel: string;
  /** The model that the answer itself names; null where it names none. Servers echo the request: it proves nothing. */
  readonly servedModel: string | null;
  readonly effort: string | null;
  readonly times: CallTimes;
  readonly usage: Usage;
} & (
  | { readonly outcome: "answered"; readonly text: string }
  | {
      readonly outcome: "failed";
      readonly failure: ModelFailure;
      readonly detail: string;
      /** What the server asked to wait before the next try, if it did. */
      readonly retryAfterMs?: number | null;
    }
);

/** Serves models. An answer, right or wrong, and a failure are both data; only an abort throws. */
export interface ModelProvider {
  readonly name: string;
  call(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /** Opens so many connections that are kept alive, so that no timed call pays for one. Never throws but for an abort. */
  connect?(count: number, signal: AbortSignal): Promise<void>;
}

// ——— measuring servers ———

/** A server's own counters since it started. */
export interface CacheCounters {
  readonly cachedTokens: number;
  readonly promptTokens: number;
}

/** What may be asked of a server besides answers. Neither throws but for an abort. */
export interface ServerControl {
  /** Empties the prefix cache; false where the server does not do that. */
  flush(signal: AbortSignal): Promise<boolean>;
  /** Null where the server keeps none. */
  cacheCounters(signal: AbortSignal): Promise<CacheCounters | null>;
}

/** Measures how late this process is. `start` gives the function that stops and tells: milliseconds, one a look. */
export interface DelayMeter {
  start(): () => readonly number[];
}

/** Runs every arm once a round, and starts each round with another arm. An arm gives the milliseconds that it took. */
export interface RoundTimer {
  interleave(rounds: number, arms: readonly { readonly name: string; readonly run: (round: number) => Promise<number> }[]): Promise<void>;
}

// ——— the workbench: trees in, verdicts out ———

/** What stands between a patch's code and the machine. */
export type SandboxTier = "bubblewrap" | "util-linux" | "none";

/** The test inventory of a prepared base. */
export interface PreparedBase {
  readonly base: Base;
  /** Cache key: content of tree, lock file, toolchain, flags and format version. */
  readonly key: Sha256;
  readonly visibleTests: readonly TestId[];
  readonly heldOutTests: readonly TestId[];
  /** Sentinels that guard the tests. */
  readonly sentinels: number;
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
}

export interface Verification {
  readonly verdict: Verdict;
  readonly times: VerifyTimes;
  /** Milliseconds the job waited for a cargo slot. */
  readonly queueMs: number;
  /** Digest of the tree that was verified, protected files restored. */
  readonly treeHash: Sha256;
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
  /** Builds the base inside the sandbox, or finds it in the cache. Throws `environment` or `written-file`. */
  prepare(base: Base, signal: AbortSignal): Promise<PreparedBase>;
  verify(job: VerifyJob, signal: AbortSignal): Promise<Verification>;
  /** The verdict on the broken tree itself: what the first prompt shows. Kept in the cache. */
  startState(task: Task, signal: AbortSignal): Promise<Verdict>;
  /** Runs clippy over the tree: the critic's stand-in. */
  lint(job: VerifyJob, signal: AbortSignal): Promise<Lint>;
}

/** Applies a unified diff to text files: `git apply`, strictly first, then with white space ignored. */
export interface DiffTool {
  apply(
    files: ReadonlyMap<string, string>,
    diff: string,
  ): Promise<{ readonly ok: true; readonly changes: Changes } | { readonly ok: false; readonly detail: string }>;
}

// ——— the notebook ———

export type NotebookReply =
  | { readonly outcome: "answered"; readonly text: string; readonly totalMs: number }
  /** `skipped`: the service was not asked, for example because the day's questions are used up. */
  | { readonly outcome: "failed" | "skipped"; readonly detail: string; readonly totalMs: number };

export interface Notebook {
  ask(question: string, signal: AbortSignal): Promise<NotebookReply>;
  /** Lays a source into the notebook, or replaces the one of that name. Null when done, else why not. Some keep none. */
  upsert?(source: { readonly name: string; readonly content: string }, signal: AbortSignal): Promise<string | null>;
}

// ——— what servers and the policy's files say, while a run goes on ———

/** Facts of a server, none of them secret. */
export type ServerFacts = Readonly<Record<string, string | number | boolean | null>>;

/** Says what a server has loaded. Never throws: one that can't be asked says why. */
export interface ServerInspector {
  inspect(signal: AbortSignal): Promise<{ readonly ok: true; readonly facts: ServerFacts } | { readonly ok: false; readonly detail: string }>;
}

/** What lies in a policy's files: a compiled policy with the bytes of its snapshot, or why there is none. */
export type PolicySight =
  | { readonly ok: true; readonly id: string; readonly hash: Sha256; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Watches the files that a run's policy came from. Never throws: what can't be read is said. */
export interface PolicySource {
  /** Null where no file was touched since the last look: that costs next to nothing. */
  look(): Promise<PolicySight | null>;
}

// ——— the capsule's file ———

/** What one write to the journal holds: blobs first, then the lines that refer to them. */
export interface JournalEntry {
  /** `kind`: what kind of text it is, for whoever guards what may be stored. */
  readonly blobs: readonly { readonly sha256: Sha256; readonly text: string; readonly kind?: string }[];
  readonly lines: readonly string[];
}

/** An open capsule journal. Every method throws `environment` when the disk refuses: a run without its record stops. */
export interface Journal {
  readonly path: string;
  /** Appends in one write, after all that was appended before. */
  append(entry: JournalEntry): Promise<void>;
  /** Makes what was appended durable. */
  sync(): Promise<void>;
  /** Rewrites the journal in plan order with the seal at its end, by rename, and closes it. */
  seal(order: (lines: readonly EventLine[]) => readonly EventLine[], sealLine: (root: SealFacts) => Seal): Promise<void>;
  close(): Promise<void>;
}

export interface SealFacts {
  readonly merkleRoot: Sha256;
  readonly headerHash: Sha256;
  readonly events: number;
  readonly blobs: number;
}

/** What a journal or a capsule holds, read back. */
export interface StoredRun {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly seal: Seal | null;
  blob(hash: Sha256): string | null;
}

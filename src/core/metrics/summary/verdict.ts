// The verdicts of a candidate's own attempts, and where the unlock gate disagreed with them.
import { tally } from "./rate.ts";
import type { TrialFacts, RecordedStatus } from "./trial.ts";

export interface TrialRef {
  readonly task: string;
  /** 1-based. */
  readonly epoch: number;
}

export interface VerdictCounts {
  /** All slot attempts of the run: any risk, including trials that don't count. */
  readonly attempts: number;
  /** One entry per status, in the order of `STATUSES`. */
  readonly byStatus: readonly { readonly status: RecordedStatus; readonly count: number }[];
  /** Why patches were rejected, most frequent first. */
  readonly rejections: readonly { readonly reason: string; readonly count: number }[];
  readonly tampered: readonly (TrialRef & { readonly attempt: number; readonly detail: string })[];
}

export interface UnlockErrors {
  /** Counted trials, any risk. */
  readonly trials: number;
  readonly unlocked: number;
  /** Counted trials whose last attempt passed. */
  readonly passed: number;
  /** Unlocked although the last verdict is not `passed`. */
  readonly falseUnlocks: readonly TrialRef[];
  /** Kept locked although the last verdict is `passed`. */
  readonly falseBlocks: readonly TrialRef[];
}

export const STATUSES = ["passed", "failed", "disputed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"] as const;

const REJECTIONS: ReadonlySet<string> = new Set([
  "not-json",
  "schema",
  "path-not-allowed",
  "text-not-found",
  "ambiguous",
  "patch-does-not-apply",
  "too-large",
  "model-error",
]);

/** Counts the verdicts of slot attempts. */
export function verdictCounts(trials: readonly TrialFacts[]): VerdictCounts {
  const attempts = trials.flatMap((trial) => trial.slot.map((attempt) => ({ trial, call: attempt.call, verdict: attempt.result.verdict })));
  const having = (status: RecordedStatus) => attempts.filter(({ verdict }) => verdict.status === status);
  const reasons = having("patch-rejected").map(({ verdict }) => rejectionReason(verdict.detail));
  return {
    attempts: attempts.length,
    // A run in which nothing is disputed says nothing of it, as runs from before there was a confirmation do.
    byStatus: STATUSES.map((status) => ({ status, count: having(status).length })).filter(({ status, count }) => status !== "disputed" || count > 0),
    rejections: tally(reasons).map(({ key, count }) => ({ reason: key, count })),
    tampered: having("tampered").map(({ trial, call, verdict }) => ({ ...refOf(trial), attempt: call.attempt, detail: verdict.detail })),
  };
}

/** Where the unlock gate and verification disagree. */
export function unlockErrors(trials: readonly TrialFacts[]): UnlockErrors {
  const counted = trials.filter((trial) => trial.standing === "counted");
  const unlocked = counted.filter((trial) => trial.unlock === "Pass");
  const passed = counted.filter((trial) => trial.passedAtLast);
  return {
    trials: counted.length,
    unlocked: unlocked.length,
    passed: passed.length,
    falseUnlocks: unlocked.filter((trial) => !trial.passedAtLast).map(refOf),
    falseBlocks: passed.filter((trial) => trial.unlock === "Fail").map(refOf),
  };
}

/**
 * The named reason at the start of the detail, so that details that name files count together; else the detail. A failed call's
 * reason includes how it failed, since a timeout says more about a candidate than a lost connection.
 */
function rejectionReason(detail: string): string {
  const [start = "", failure = ""] = detail.split(": ");
  if (start === "model-error" && failure !== "") return `${start}: ${failure}`;
  return REJECTIONS.has(start) ? start : detail;
}

function refOf({ task, epoch }: TrialFacts): TrialRef {
  return { task: task.id, epoch };
}

// Whether a failed try is followed by another, and after how long: the policy's retry rules, within fixed limits.
import type { WrittenPolicy } from "../core/policy/schema.ts";
import type { ModelFailure } from "../ports/models.ts";

/** What the same request would only meet again: never tried again, whatever the policy says. */
const FINAL: ReadonlySet<ModelFailure> = new Set<ModelFailure>(["quota", "unauthorized", "bad-request", "model-not-found", "context-too-long"]);

/** A server that asks for a longer wait than this is left alone: the trial moves on instead. */
export const MAX_RETRY_AFTER_MS = 30_000;

/** Failures of an answer that was constrained by a schema: the constraint may be what spoils it. */
const SPOILED: ReadonlySet<ModelFailure> = new Set<ModelFailure>(["harmony-residue", "malformed-answer", "empty-answer"]);

export interface FailedTry {
  readonly failure: ModelFailure;
  /** 1-based. */
  readonly number: number;
  /** What the server asked for, if it did. */
  readonly retryAfterMs: number | null;
  readonly constrained: boolean;
}

export interface NextTry {
  readonly waitMs: number;
  /** Without the schema: the answer is then checked here only. */
  readonly dropConstraint: boolean;
}

/** Null: this failure stands. The wait doubles with each try, and is never shorter than what the server asked for. */
export function nextTry(rules: WrittenPolicy["retries"], failed: FailedTry): NextTry | null {
  const rule = rules[failed.failure];
  if (!rule || FINAL.has(failed.failure) || failed.number >= rule.tries) return null;
  const asked = failed.retryAfterMs ?? 0;
  if (asked > MAX_RETRY_AFTER_MS) return null;
  const backoffMs = rule.backoff_ms * 2 ** (failed.number - 1);
  return { waitMs: Math.max(backoffMs, asked), dropConstraint: failed.constrained && SPOILED.has(failed.failure) };
}

// Which failures are tried again, after how long, and with what changed.
import { describe, expect, it } from "vitest";
import { FAILURES } from "../../../src/core/policy/schema.ts";
import { type FailedTry, MAX_RETRY_AFTER_MS, nextTry } from "../../../src/trial/retry.ts";

const everything = Object.fromEntries(FAILURES.map((name) => [name, { tries: 3, backoff_ms: 100 }]));
const failed = (failure: FailedTry["failure"], more: Partial<FailedTry> = {}): FailedTry => ({
  failure,
  number: 1,
  retryAfterMs: null,
  constrained: true,
  ...more,
});

describe("a further try", () => {
  it.each(["quota", "unauthorized", "bad-request", "model-not-found", "context-too-long"] as const)(
    "is never made after %s, whatever the policy says",
    (failure) => {
      expect(nextTry(everything, failed(failure))).toBeNull();
    },
  );
  it("is made only of what the policy names, and only so often", () => {
    expect(nextTry({}, failed("overload"))).toBeNull();
    expect(nextTry({ overload: { tries: 1, backoff_ms: 0 } }, failed("overload"))).toBeNull();
    expect([1, 2, 3].map((number) => nextTry(everything, failed("overload", { number })) !== null)).toEqual([true, true, false]);
  });
  it("waits twice as long each time", () => {
    expect([1, 2].map((number) => nextTry(everything, failed("overload", { number }))?.waitMs)).toEqual([100, 200]);
  });
  it("waits as long as the server asks, and never shorter than the policy says", () => {
    expect(nextTry(everything, failed("rate-limit", { retryAfterMs: 2500 }))?.waitMs).toBe(2500);
    expect(nextTry(everything, failed("rate-limit", { retryAfterMs: 10 }))?.waitMs).toBe(100);
  });
  it("is not made where the server asks for more than a trial can wait", () => {
    expect(nextTry(everything, failed("rate-limit", { retryAfterMs: MAX_RETRY_AFTER_MS }))).not.toBeNull();
    expect(nextTry(everything, failed("rate-limit", { retryAfterMs: MAX_RETRY_AFTER_MS + 1 }))).toBeNull();
  });
  it.each(["harmony-residue", "malformed-answer", "empty-answer"] as const)("drops the schema after %s, if there was one", (failure) => {
    expect(nextTry(everything, failed(failure))?.dropConstraint).toBe(true);
    expect(nextTry(everything, failed(failure, { constrained: false }))?.dropConstraint).toBe(false);
  });
  it("keeps the schema after a failure of the server", () => {
    expect(nextTry(everything, failed("overload"))?.dropConstraint).toBe(false);
  });
});

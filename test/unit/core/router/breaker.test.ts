// The breaker: closed, open, half open and back, by calls and by time.
import { describe, expect, it } from "vitest";
import {
  afterCall,
  atTime,
  type Breaker,
  breakerAfter,
  CLOSED,
  probed,
  serverAnswered,
  visibleState,
  type BreakerStep,
} from "../../../../src/core/router/breaker.ts";
import { FAILURES } from "../../../../src/core/policy/schema.ts";

const rules = { failures_to_open: 3, cooldown_ms: 1000, half_open_probes: 2 };
const failed = (breaker: Breaker, nowMs = 0): BreakerStep => afterCall(rules, breaker, { answered: false, nowMs });
const fine = (breaker: Breaker, nowMs = 0): BreakerStep => afterCall(rules, breaker, { answered: true, nowMs });
const openAt = (nowMs: number): Breaker => failed(failed(failed(CLOSED).breaker).breaker, nowMs).breaker;
const half = (): Breaker => atTime(rules, openAt(0), 1000).breaker;

describe("a closed breaker", () => {
  it("opens at the failure that makes the number full, and says so once", () => {
    expect([failed(CLOSED).change, failed(failed(CLOSED).breaker).change]).toEqual([null, null]);
    const third = failed(failed(failed(CLOSED).breaker).breaker, 500);
    expect(third.breaker).toMatchObject({ state: "Open", openedAtMs: 500 });
    expect(third.change).toEqual({
      type: "BreakerStateChanged",
      previous_state: "Closed",
      current_state: "Open",
      reason: "too many calls in a row failed",
      failure_count: 3,
      retry_after_seconds: 1,
    });
    expect(failed(third.breaker, 600)).toEqual({ breaker: third.breaker, change: null });
    expect(fine(third.breaker, 600)).toEqual({ breaker: third.breaker, change: null });
  });

  it("counts failures in a row only", () => {
    const two = failed(failed(CLOSED).breaker).breaker;
    expect(fine(two).breaker.failures).toBe(0);
    expect(failed(failed(fine(two).breaker).breaker).breaker.state).toBe("Closed");
  });

  it("shows itself closed and takes no probes", () => {
    expect(CLOSED).toEqual({ state: "Closed", failures: 0, successes: 0, probing: 0, openedAtMs: 0 });
    expect(visibleState(rules, CLOSED)).toBe("Closed");
    expect(probed(CLOSED)).toBe(CLOSED);
    expect(atTime(rules, CLOSED, 1e9)).toEqual({ breaker: CLOSED, change: null });
  });
});

describe("an open breaker", () => {
  it("half opens at the end of its cooldown and not before", () => {
    expect(atTime(rules, openAt(500), 1499).change).toBeNull();
    expect(visibleState(rules, atTime(rules, openAt(500), 1499).breaker)).toBe("Open");
    const turn = atTime(rules, openAt(500), 1500);
    expect(turn.change).toMatchObject({ previous_state: "Open", current_state: "HalfOpen", failure_count: 3, retry_after_seconds: null });
    expect(turn.change?.reason).toBe("the cooldown is over: the server may be tried");
    expect(visibleState(rules, turn.breaker)).toBe("HalfOpen");
  });
});

describe("a half-open breaker", () => {
  it("shows itself open once its probes are under way", () => {
    const one = probed(half());
    expect([visibleState(rules, one), visibleState(rules, probed(one))]).toEqual(["HalfOpen", "Open"]);
    expect(visibleState(rules, fine(probed(one)).breaker)).toBe("Open");
  });

  it("closes after as many answered probes as asked for, and forgets its failures", () => {
    const one = fine(probed(half()));
    expect([one.change, one.breaker.successes, one.breaker.probing]).toEqual([null, 1, 0]);
    const two = fine(probed(one.breaker));
    expect(two.breaker).toEqual(CLOSED);
    expect(two.change).toMatchObject({ previous_state: "HalfOpen", current_state: "Closed", failure_count: 0, retry_after_seconds: null });
    expect(two.change?.reason).toBe("the probes were answered");
  });

  it("opens again at the first failed probe, for a whole cooldown", () => {
    const turn = failed(probed(half()), 2000);
    expect(turn.breaker).toMatchObject({ state: "Open", openedAtMs: 2000, failures: 4 });
    expect(turn.change).toMatchObject({
      previous_state: "HalfOpen",
      current_state: "Open",
      reason: "a probe failed",
      failure_count: 4,
      retry_after_seconds: 1,
    });
    expect(atTime(rules, turn.breaker, 2999).change).toBeNull();
    expect(atTime(rules, turn.breaker, 3000).breaker).toMatchObject({ state: "HalfOpen", successes: 0, probing: 0 });
  });

  it("takes an answer to a call from before it opened without counting below nothing", () => {
    expect(fine(half()).breaker.probing).toBe(0);
  });
});

describe("a breaker in a journal", () => {
  it("that was open may be tried at once", () => {
    const change = { breaker_id: "a/b", ...failed(failed(failed(CLOSED).breaker).breaker).change } as Parameters<typeof breakerAfter>[0];
    expect(breakerAfter(change)).toMatchObject({ state: "Open", failures: 3 });
    expect(atTime(rules, breakerAfter(change), 0).change).toMatchObject({ current_state: "HalfOpen" });
  });
});

describe("what counts against a server", () => {
  it("is its own failing, not an answer that is of no use", () => {
    const counted = FAILURES.filter((failure) => !serverAnswered({ success: false, error: `${failure}: detail` }));
    expect(counted).toEqual([
      "refused-connection",
      "timeout-connect",
      "timeout-first-token",
      "timeout-idle",
      "timeout-total",
      "overload",
      "rate-limit",
      "quota",
      "model-not-found",
      "unauthorized",
      "cut-stream",
      "server-error",
    ]);
    expect(serverAnswered({ success: true, error: null })).toBe(true);
    expect(serverAnswered({ success: false, error: null })).toBe(true);
    expect(serverAnswered({ success: false, error: "bad-request: a server-error is quoted here" })).toBe(true);
  });
});

// A circuit breaker for one server's calls: closed, open after consecutive failures, half open after a cooldown. Pure; time is an argument.
import type { WrittenPolicy } from "../policy/schema.ts";
import type { BreakerState } from "../trial/conditions.ts";
import type { EventOf } from "../trial/event.ts";

export interface Breaker {
  readonly state: BreakerState;
  /** Consecutive failed calls. */
  readonly failures: number;
  /** Half open: successful probes, and probes in flight. */
  readonly successes: number;
  readonly probing: number;
  /** Monotonic milliseconds. */
  readonly openedAtMs: number;
}

/** A breaker, and what happened to it, if anything did. */
export interface BreakerStep {
  readonly breaker: Breaker;
  readonly change: Omit<EventOf<"BreakerStateChanged">, "breaker_id"> | null;
}

type Rules = WrittenPolicy["breaker"];

export const CLOSED: Breaker = { state: "Closed", failures: 0, successes: 0, probing: 0, openedAtMs: 0 };

/** Restored from a recorded change. How long it has been open is unknown: it may be tried at once. */
export const breakerAfter = ({ current_state: state, failure_count: failures }: EventOf<"BreakerStateChanged">): Breaker => ({
  ...CLOSED,
  state,
  failures,
  openedAtMs: Number.NEGATIVE_INFINITY,
});

/** Half-opens a breaker whose cooldown is over. */
export function atTime(rules: Rules, breaker: Breaker, nowMs: number): BreakerStep {
  if (breaker.state !== "Open" || nowMs - breaker.openedAtMs < rules.cooldown_ms) return { breaker, change: null };
  const half: Breaker = { ...breaker, state: "HalfOpen", successes: 0, probing: 0 };
  return changed(breaker, half, { reason: "the cooldown is over: the server may be tried", retryMs: null });
}

/** The state as a decision sees it: half open only while there are probes left to send. */
export function visibleState(rules: Rules, breaker: Breaker): BreakerState {
  const spoken = breaker.state === "HalfOpen" && breaker.successes + breaker.probing >= rules.half_open_probes;
  return spoken ? "Open" : breaker.state;
}

/** A call starts: on a half-open breaker it is a probe. */
export const probed = (breaker: Breaker): Breaker => (breaker.state === "HalfOpen" ? { ...breaker, probing: breaker.probing + 1 } : breaker);

/** A call has ended. One that started before the breaker opened adds nothing while it is open. */
export function afterCall(rules: Rules, breaker: Breaker, call: { readonly answered: boolean; readonly nowMs: number }): BreakerStep {
  if (breaker.state === "Open") return { breaker, change: null };
  if (breaker.state === "Closed") return whileClosed(rules, breaker, call);
  const back = { ...breaker, probing: Math.max(0, breaker.probing - 1) };
  if (!call.answered) return opened(rules, { ...back, failures: back.failures + 1 }, { from: breaker, nowMs: call.nowMs, reason: "a probe failed" });
  const successes = back.successes + 1;
  if (successes < rules.half_open_probes) return { breaker: { ...back, successes }, change: null };
  return changed(breaker, CLOSED, { reason: "the probes were answered", retryMs: null });
}

function whileClosed(rules: Rules, breaker: Breaker, { answered, nowMs }: { readonly answered: boolean; readonly nowMs: number }): BreakerStep {
  if (answered) return { breaker: { ...breaker, failures: 0 }, change: null };
  const failing = { ...breaker, failures: breaker.failures + 1 };
  if (failing.failures < rules.failures_to_open) return { breaker: failing, change: null };
  return opened(rules, failing, { from: breaker, nowMs, reason: "too many calls in a row failed" });
}

function opened(rules: Rules, breaker: Breaker, change: { readonly from: Breaker; readonly nowMs: number; readonly reason: string }): BreakerStep {
  return changed(change.from, { ...breaker, state: "Open", openedAtMs: change.nowMs }, { reason: change.reason, retryMs: rules.cooldown_ms });
}

function changed(from: Breaker, to: Breaker, { reason, retryMs }: { readonly reason: string; readonly retryMs: number | null }): BreakerStep {
  const change = {
    type: "BreakerStateChanged",
    previous_state: from.state,
    current_state: to.state,
    reason,
    failure_count: to.failures,
    retry_after_seconds: retryMs === null ? null : retryMs / 1000,
  } as const;
  return { breaker: to, change };
}

/** Failures of the server itself, not of the request. */
const OF_THE_SERVER = /^(refused-connection|timeout|overload|rate-limit|quota|unauthorized|model-not-found|cut-stream|server-error)/;

/** Did the server respond? A useless answer is still an answer. */
export const serverAnswered = (call: Pick<EventOf<"ModelCallEnvelope">, "success" | "error">): boolean => call.success || !OF_THE_SERVER.test(call.error ?? "");

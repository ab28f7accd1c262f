// A circuit breaker over one server's calls: closed, open after failures in a row, half open after a while. Pure; time is passed in.
import type { WrittenPolicy } from "../policy/schema.ts";
import type { BreakerState } from "../trial/conditions.ts";
import type { EventOf } from "../trial/event.ts";

export interface Breaker {
  readonly state: BreakerState;
  /** Failed calls in a row. */
  readonly failures: number;
  /** Half open: probes that came back well, and probes under way. */
  readonly successes: number;
  readonly probing: number;
  /** Monotonic milliseconds. */
  readonly openedAtMs: number;
}

/** A breaker, and what happened to it, if anything did. */
export interface Turn {
  readonly breaker: Breaker;
  readonly change: Omit<EventOf<"BreakerStateChanged">, "breaker_id"> | null;
}

type Rules = WrittenPolicy["breaker"];

export const CLOSED: Breaker = { state: "Closed", failures: 0, successes: 0, probing: 0, openedAtMs: 0 };

/** As a recorded change left it. How long it has been open is not known: it may be tried at once. */
export const breakerAfter = ({ current_state: state, failure_count: failures }: EventOf<"BreakerStateChanged">): Breaker => ({
  ...CLOSED,
  state,
  failures,
  openedAtMs: Number.NEGATIVE_INFINITY,
});

/** Half opens a breaker whose time has come. */
export function atTime(rules: Rules, breaker: Breaker, nowMs: number): Turn {
  if (breaker.state !== "Open" || nowMs - breaker.openedAtMs < rules.cooldown_ms) return { breaker, change: null };
  const half: Breaker = { ...breaker, state: "HalfOpen", successes: 0, probing: 0 };
  return changed(breaker, half, { reason: "the cooldown is over: the server may be tried", retryMs: null });
}

/** What a decision is told: half open only as long as probes are left to send. */
export function shownState(rules: Rules, breaker: Breaker): BreakerState {
  const spoken = breaker.state === "HalfOpen" && breaker.successes + breaker.probing >= rules.half_open_probes;
  return spoken ? "Open" : breaker.state;
}

/** A call begins: on a half-open breaker it is a probe. */
export const probed = (breaker: Breaker): Breaker => (breaker.state === "HalfOpen" ? { ...breaker, probing: breaker.probing + 1 } : breaker);

/** A call has ended. One that began before the breaker opened says nothing new while it is open. */
export function afterCall(rules: Rules, breaker: Breaker, call: { readonly answered: boolean; readonly nowMs: number }): Turn {
  if (breaker.state === "Open") return { breaker, change: null };
  if (breaker.state === "Closed") return whileClosed(rules, breaker, call);
  const back = { ...breaker, probing: Math.max(0, breaker.probing - 1) };
  if (!call.answered) return opened(rules, { ...back, failures: back.failures + 1 }, { from: breaker, nowMs: call.nowMs, reason: "a probe failed" });
  const successes = back.successes + 1;
  if (successes < rules.half_open_probes) return { breaker: { ...back, successes }, change: null };
  return changed(breaker, CLOSED, { reason: "the probes were answered", retryMs: null });
}

function whileClosed(rules: Rules, breaker: Breaker, { answered, nowMs }: { readonly answered: boolean; readonly nowMs: number }): Turn {
  if (answered) return { breaker: { ...breaker, failures: 0 }, change: null };
  const failing = { ...breaker, failures: breaker.failures + 1 };
  if (failing.failures < rules.failures_to_open) return { breaker: failing, change: null };
  return opened(rules, failing, { from: breaker, nowMs, reason: "too many calls in a row failed" });
}

function opened(rules: Rules, breaker: Breaker, at: { readonly from: Breaker; readonly nowMs: number; readonly reason: string }): Turn {
  return changed(at.from, { ...breaker, state: "Open", openedAtMs: at.nowMs }, { reason: at.reason, retryMs: rules.cooldown_ms });
}

function changed(from: Breaker, to: Breaker, { reason, retryMs }: { readonly reason: string; readonly retryMs: number | null }): Turn {
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

/** Failures that tell of the server, and not of what it was asked. */
const OF_THE_SERVER = /^(refused-connection|timeout|overload|rate-limit|quota|unauthorized|model-not-found|cut-stream|server-error)/;

/** Did the server do its part? An answer that is of no use is still an answer. */
export const serverAnswered = (call: Pick<EventOf<"ModelCallEnvelope">, "success" | "error">): boolean => call.success || !OF_THE_SERVER.test(call.error ?? "");

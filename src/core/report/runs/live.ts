// A run under way as data: how far it has come, what it has spent, which servers are out, and what happened last.
import { daysFrom } from "../../base/instant.ts";
import type { EventLine, Header } from "../../capsule/line.ts";
import { isCalibrationId, plannedTrials } from "../../capsule/record.ts";
import { groupBy } from "../../metrics/summary/rate.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import { NOTHING_SPENT, spend, type Spent } from "../../router/budget.ts";
import type { BreakerState } from "../../trial/conditions.ts";
import { foldTrial } from "../../trial/fold.ts";
import { type EventRow, eventRows } from "../trial/event-rows.ts";
import { type LiveWorker, liveWorkers } from "./live-workers.ts";

export interface LiveCandidate {
  readonly candidate: string;
  readonly planned: number;
  readonly done: number;
  /** Of the trials that are done: passed by its own attempts, after escalation, by nobody. */
  readonly inSlot: number;
  readonly escalated: number;
  readonly unsolved: number;
}

/** `limit` null: the policy sets none, or the stored policy can't be read. */
export interface LiveBudget {
  readonly name: string;
  readonly spent: number;
  readonly limit: number | null;
  readonly unknownCalls: number;
}

export interface LivePageModel {
  readonly run: string;
  readonly suite: string;
  readonly isSealed: boolean;
  readonly done: number;
  readonly total: number;
  readonly underWay: readonly { readonly id: string; readonly number: number; readonly stage: string; readonly attempts: number }[];
  readonly planted: number;
  /** By the events' own times; null before the first trial is done. */
  readonly leftMs: number | null;
  readonly elapsedMs: number;
  readonly candidates: readonly LiveCandidate[];
  readonly budgets: readonly LiveBudget[];
  readonly breakers: readonly { readonly server: string; readonly state: BreakerState; readonly reason: string }[];
  readonly calls: { readonly total: number; readonly failed: number; readonly retries: number };
  /** Of a queue; none where this run's own process carries it out. */
  readonly workers: readonly LiveWorker[];
  /** The newest first. */
  readonly events: readonly (EventRow & { readonly trial: string | null })[];
}

const MOST_EVENTS = 40;
const DAY_MS = 86_400_000;

export interface LiveInput {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly isSealed: boolean;
  /** Null where the stored policy can't be read. */
  readonly snapshot: PolicySnapshot | null;
}

export function livePage({ header, events, isSealed, snapshot }: LiveInput): LivePageModel {
  const planned = plannedTrials(header);
  const byTrial = groupBy(events, ({ trial }) => trial);
  const states = planned.flatMap(({ id, candidate }, number) => {
    const own = byTrial.get(id);
    return own ? [{ id, candidate, number, state: foldTrial(own.toSorted((a, b) => a.seq - b.seq).map(({ payload }) => payload)) }] : [];
  });
  const done = states.filter(({ state }) => state.unlocked !== null);
  const elapsedMs = elapsed(events);
  return {
    run: header.run_id,
    suite: `${header.suite.name} ${header.suite.version}`,
    isSealed,
    done: done.length,
    total: planned.length,
    underWay: states
      .filter(({ state }) => state.unlocked === null)
      .map(({ id, number, state }) => ({ id, number, stage: state.stage ?? "begun", attempts: state.attempts.length })),
    planted: new Set([...byTrial.keys()].filter(isCalibrationId)).size,
    elapsedMs,
    leftMs: done.length === 0 ? null : (elapsedMs / done.length) * (planned.length - done.length),
    candidates: header.candidates.map(({ name }) =>
      liveCandidate(
        name,
        planned.filter(({ candidate }) => candidate === name).length,
        done.filter(({ candidate }) => candidate === name).map(({ state }) => state),
      ),
    ),
    budgets: budgetsOf(events, snapshot),
    breakers: breakersOf(events),
    calls: callsOf(events),
    workers: liveWorkers(events),
    events: lastEvents(events),
  };
}

function liveCandidate(candidate: string, planned: number, done: readonly ReturnType<typeof foldTrial>[]): LiveCandidate {
  const last = done.map(({ attempts }) => attempts.at(-1));
  const passed = last.filter((attempt) => attempt?.result.verdict.status === "passed");
  const inSlot = passed.filter((attempt) => attempt?.mode === "Reflex").length;
  return { candidate, planned, done: done.length, inSlot, escalated: passed.length - inSlot, unsolved: done.length - passed.length };
}

/** Between the first and the last event, by their own times. */
function elapsed(events: readonly EventLine[]): number {
  const times = events.map(({ timestamp }) => timestamp).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const ms = daysFrom(first, last) * DAY_MS;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

const callEvents = (events: readonly EventLine[]) => events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : []));

function budgetsOf(events: readonly EventLine[], snapshot: PolicySnapshot | null): readonly LiveBudget[] {
  const spent = callEvents(events).reduce<Spent>(spend, NOTHING_SPENT);
  const limits = snapshot?.policy.budgets ?? null;
  return [
    { name: "tokens", spent: spent.tokens, limit: limits?.run_tokens ?? null, unknownCalls: spent.callsOfUnknownTokens },
    { name: "US dollars", spent: spent.costUsd, limit: limits?.run_cost_usd ?? null, unknownCalls: spent.callsOfUnknownCost },
  ];
}

function breakersOf(events: readonly EventLine[]): LivePageModel["breakers"] {
  const last = new Map<string, LivePageModel["breakers"][number]>();
  for (const { payload } of events) {
    if (payload.type === "BreakerStateChanged")
      last.set(payload.breaker_id, { server: payload.breaker_id, state: payload.current_state, reason: payload.reason });
  }
  return [...last.values()];
}

function callsOf(events: readonly EventLine[]): LivePageModel["calls"] {
  const calls = callEvents(events);
  return { total: calls.length, failed: calls.filter(({ success }) => !success).length, retries: calls.filter(({ try: number }) => number > 1).length };
}

function lastEvents(events: readonly EventLine[]): LivePageModel["events"] {
  const last = events.slice(-MOST_EVENTS).toReversed();
  const rows = eventRows(last);
  return rows.map((row, index) => ({ ...row, trial: last[index]?.trial ?? null }));
}

// What this process's own delays may have done to the times of calls: bounds of every figure, from when it stood still.
import { type CallSample, e2eOf, tpotOf, ttftOf } from "./latency.ts";
import { interpolate } from "../statistics/quantile.ts";

/** One look of this process at itself: due at `at` on the clock, and so late. Milliseconds. */
export interface DelayLook {
  readonly at: number;
  readonly lateMs: number;
}

/** This process read nothing from `from` to `to`. */
export interface Stall {
  readonly from: number;
  readonly to: number;
}

/** A timer is as late as this without anything standing still. */
const USUAL_MS = 1;
/** Two stalls so close together are one: between them, what had come in meanwhile was read. */
const APART_MS = 2;

/** In order, each apart from the next. */
export function stallsIn(looks: readonly DelayLook[]): readonly Stall[] {
  const late = looks.filter(({ lateMs }) => lateMs > USUAL_MS).toSorted((a, b) => a.at - b.at);
  const stalls: { from: number; to: number }[] = [];
  for (const { at, lateMs } of late) {
    const last = stalls.at(-1);
    if (last && at <= last.to + APART_MS) last.to = Math.max(last.to, at + lateMs);
    else stalls.push({ from: at, to: at + lateMs });
  }
  return stalls;
}

/** By how much what was read at this time may have come earlier. */
function lateBy(stalls: readonly Stall[], at: number): number {
  const stall = stalls.find(({ from, to }) => from <= at && at <= to + APART_MS);
  return stall === undefined ? 0 : at - stall.from;
}

/** When what was read of a call may have come at the earliest, as milliseconds before it was read. */
export interface OwnLateness {
  readonly firstMs: number;
  readonly endMs: number;
  /** Of each chunk with text, from the first. */
  readonly chunksMs: readonly number[];
}

/** `sentAt`: when its request was at its socket, on the clock of the looks. */
export function ownLateness(
  { ttftMs, totalMs, gapsMs }: Pick<CallSample, "ttftMs" | "totalMs" | "gapsMs">,
  sentAt: number,
  stalls: readonly Stall[],
): OwnLateness {
  let readAt = sentAt + (ttftMs ?? 0);
  const chunksMs = ttftMs === null ? [] : [lateBy(stalls, readAt)];
  for (const gap of gapsMs) chunksMs.push(lateBy(stalls, (readAt += gap)));
  return { firstMs: chunksMs[0] ?? 0, endMs: lateBy(stalls, sentAt + totalMs), chunksMs };
}

export const JUDGED_FIGURES = ["ttft", "itl", "tpot", "e2e"] as const;
export type JudgedFigure = (typeof JUDGED_FIGURES)[number];

/** A percentile as it was read, and between what it may lie. */
export interface ReadPercentile {
  readonly read: number;
  readonly low: number;
  readonly high: number;
}

export interface OwnError {
  /** Calls of which something was read late. */
  readonly hit: number;
  readonly calls: number;
  /** Percentiles of the figures; null where there are no values. */
  readonly figures: Readonly<Record<JudgedFigure, { readonly p50: ReadPercentile; readonly p95: ReadPercentile } | null>>;
}

interface Values {
  readonly read: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Over calls that were answered; each with its own lateness. */
export function ownError(calls: readonly (CallSample & { readonly own: OwnLateness })[]): OwnError {
  const timed = calls.filter(({ failure, ttftMs }) => failure === null && ttftMs !== null);
  const of: Readonly<Record<JudgedFigure, Values>> = {
    ttft: pick(timed.map((call) => bounds(ttftOf(call) ?? 0, call.own.firstMs, 0))),
    itl: pick(timed.flatMap(gapBounds)),
    tpot: pick(
      timed.flatMap((call) => {
        const perToken = tpotOf(call);
        const share = (call.outputTokens ?? 0) - 1;
        return perToken === null ? [] : [bounds(perToken, call.own.endMs / share, call.own.firstMs / share)];
      }),
    ),
    e2e: pick(timed.map((call) => bounds(e2eOf(call), call.own.endMs, 0))),
  };
  return {
    hit: timed.filter(({ own }) => own.endMs > 0 || own.chunksMs.some((late) => late > 0)).length,
    calls: timed.length,
    figures: { ttft: percentiles(of.ttft), itl: percentiles(of.itl), tpot: percentiles(of.tpot), e2e: percentiles(of.e2e) },
  };
}

const bounds = (read: number, over: number, under: number): readonly [number, number, number] => [read, Math.max(0, read - over), read + under];

/** A chunk that was read late makes the gap before it too long, and the one after it too short. */
function gapBounds({ gapsMs, own: { chunksMs } }: CallSample & { readonly own: OwnLateness }): readonly (readonly [number, number, number])[] {
  return gapsMs.map((gap, index) => bounds(gap, chunksMs[index + 1] ?? 0, chunksMs[index] ?? 0));
}

const pick = (rows: readonly (readonly [number, number, number])[]): Values => ({
  read: sorted(rows.map(([read]) => read)),
  low: sorted(rows.map(([, low]) => low)),
  high: sorted(rows.map(([, , high]) => high)),
});

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

function percentiles({ read, low, high }: Values): { readonly p50: ReadPercentile; readonly p95: ReadPercentile } | null {
  if (read.length === 0) return null;
  const at = (q: number): ReadPercentile => ({ read: interpolate(read, q), low: interpolate(low, q), high: interpolate(high, q) });
  return { p50: at(0.5), p95: at(0.95) };
}

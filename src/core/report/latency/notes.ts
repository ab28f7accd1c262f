// Notes on latency figures: how they were measured, and what casts doubt on them.
import { JUDGED_FIGURES, type JudgedFigure, type ReadPercentile } from "../../metrics/latency/own-delay.ts";
import type { LatencyRow } from "./table.ts";
import { counted, percent } from "../format.ts";
import { milliseconds } from "../../text/figures.ts";

export interface LatencyLoad {
  readonly rounds: number;
  /** Of one block. */
  readonly requests: number;
}

/** A chat template's own text is the same in every prompt: this much may come from the cache although the prompts are new. */
const COLD_SHARE = 0.1;
/** The minimum cached share of a warm prefix. */
const WARM_SHARE = 0.2;
const APART = 0.1;
/** The promised accuracy of every percentile; what may be further off is said. */
const OFF_MS = 1;
const OFF_SHARE = 0.02;
/** The number of calls from which p95 has an upper bound at 95 % confidence: 0.95^n ≤ 2.5 %. */
const CALLS_FOR_P95 = 72;

type Doubt = (row: LatencyRow) => string | null;

const DOUBTS: readonly Doubt[] = [
  ({ prefix, figures: { cachedShare: share } }) =>
    prefix === "cold" && share !== null && share > COLD_SHARE
      ? `${percent(share)} of the prompts' tokens came from the cache: these calls were not cold`
      : null,
  ({ prefix, figures: { cachedShare: share } }) =>
    prefix === "warm" && share !== null && share < WARM_SHARE
      ? `only ${percent(share)} of the warm prompts' tokens came from the cache: is the prefix cache on, and large enough?`
      : null,
  ({ figures: { cachedShare: told }, countedShare: count }) =>
    told !== null && count !== null && Math.abs(told - count) > APART
      ? `the answers report ${percent(told)} from the cache, the server's counters ${percent(count)}: did others use the server meanwhile?`
      : null,
  ownErrorDoubt,
];

const FIGURE_NAMES: Readonly<Record<JudgedFigure, string>> = { ttft: "TTFT", itl: "ITL", tpot: "TPOT", e2e: "end to end" };

/** Judged by the calls that were hit, however few of all looks they are. */
function ownErrorDoubt({ ownError: { hit, calls, figures } }: LatencyRow): string | null {
  const off = JUDGED_FIGURES.flatMap((name) => (["p50", "p95"] as const).flatMap((at) => offText(`${FIGURE_NAMES[name]} ${at}`, figures[name]?.[at])));
  return off.length === 0
    ? null
    : `this process stood still while ${hit} of ${counted(calls, "call")} were to be read: ${off.join(", ")}; measure again, or from a less busy machine`;
}

function offText(name: string, percentile: ReadPercentile | undefined): readonly string[] {
  if (percentile === undefined) return [];
  const { read, low, high } = percentile;
  const over = read - low > OFF_MS + OFF_SHARE * low ? [`${milliseconds(read - low)} ms too high`] : [];
  const under = high - read > OFF_MS + OFF_SHARE * high ? [`${milliseconds(high - read)} ms too low`] : [];
  const said = [...over, ...under];
  return said.length === 0 ? [] : [`${name} may read up to ${said.join(" or ")}`];
}

export function latencyNotes(rows: readonly LatencyRow[], load: LatencyLoad): string[] {
  const unflushed = rows.some(({ prefix, flushed }) => prefix === "cold" && !flushed);
  const few = rows.filter(({ figures }) => figures.completed < CALLS_FOR_P95);
  const alike = rows.filter(({ figures }) => figures.completed >= CALLS_FOR_P95 && figures.e2e.p95.high === null);
  const doubts = rows.flatMap((row) =>
    DOUBTS.flatMap((doubt) => [doubt(row)].flatMap((said) => (said === null ? [] : [`${row.candidate}, ${row.prefix}, ${row.load}: ${said}`]))),
  );
  return [
    "412 [380–450] n=96: percentile, 95 % interval by order statistics, allowing for calls of one prompt being alike, number of calls (for ITL: of gaps). Times count from when the request was at its socket, those of a rate from when it was to be sent; queue is the time until the socket. Failed calls are counted, not timed. One call of each candidate went before, untimed.",
    "Where this process is late: TTFT, first output and end to end read too high, never too low; ITL p50 reads too low and its tail too high, since chunks that wait are read at once; TPOT may read either way, by a stall shared out over its tokens.",
    `${counted(load.rounds, "round")}, interleaved over candidates, prefixes and loads; ${counted(load.requests, "request")} per block. Prompts are those of the suite's first attempts, without compiler output.`,
    ...(few.length > 0 ? [`?: too few calls for this bound. The upper bound of p95 needs ${CALLS_FOR_P95} calls per row: raise --rounds or --requests.`] : []),
    ...(alike.length > 0 ? ["?: calls of one prompt take alike long here: no more of them would bound p95, only more prompts."] : []),
    ...(unflushed ? ["Cold: not every server allowed its cache to be emptied; on those only the prompts were new."] : []),
    ...doubts,
  ];
}

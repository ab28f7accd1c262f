// Notes on latency figures: how they were measured, and what casts doubt on them.
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
/** The promised accuracy of the percentiles on an idle machine. */
const OWN_DELAY_MS = 3;
const OWN_DELAY_SHARE = 0.02;
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
  ({ ownDelay: { value: late }, figures: { ttft } }) =>
    late !== null && late > Math.max(OWN_DELAY_MS, OWN_DELAY_SHARE * (ttft.p50.value ?? 0))
      ? `this process itself was up to ${milliseconds(late)} ms late (p99): treat these figures as upper bounds, or measure from a less busy machine`
      : null,
];

export function latencyNotes(rows: readonly LatencyRow[], load: LatencyLoad): string[] {
  const unflushed = rows.some(({ prefix, flushed }) => prefix === "cold" && !flushed);
  const few = rows.filter(({ figures }) => figures.completed < CALLS_FOR_P95);
  const alike = rows.filter(({ figures }) => figures.completed >= CALLS_FOR_P95 && figures.e2e.p95.high === null);
  const doubts = rows.flatMap((row) =>
    DOUBTS.flatMap((doubt) => [doubt(row)].flatMap((said) => (said === null ? [] : [`${row.candidate}, ${row.prefix}, ${row.load}: ${said}`]))),
  );
  return [
    "412 [380–450] n=96: percentile, 95 % interval by order statistics, allowing for calls of one prompt being alike, number of calls (for ITL: of gaps). Times count from the intended start, so they include waiting in the client, which queue shows separately. Failed calls are counted, not timed.",
    `${counted(load.rounds, "round")}, interleaved over candidates, prefixes and loads; ${counted(load.requests, "request")} per block. Prompts are those of the suite's first attempts, without compiler output.`,
    ...(few.length > 0 ? [`?: too few calls for this bound. The upper bound of p95 needs ${CALLS_FOR_P95} calls per row: raise --rounds or --requests.`] : []),
    ...(alike.length > 0 ? ["?: calls of one prompt take alike long here: no more of them would bound p95, only more prompts."] : []),
    ...(unflushed ? ["Cold: not every server allowed its cache to be emptied; on those only the prompts were new."] : []),
    ...doubts,
  ];
}

// What a reader of latency figures must know besides them: how they were measured, and what speaks against them.
import type { LatencyRow } from "./table.ts";
import { counted, percent } from "../format.ts";
import { milliseconds } from "../../text/figures.ts";

export interface LoadFacts {
  readonly rounds: number;
  /** Of one block. */
  readonly requests: number;
}

/** A chat template's own words are alike in every prompt: so much may come from the cache though the prompts are new. */
const COLD_SHARE = 0.1;
/** A warm prefix that is worth its name. */
const WARM_SHARE = 0.2;
const APART = 0.1;
/** What the percentiles are promised to be right by, on a machine that has time. */
const OWN_DELAY_MS = 3;
const OWN_DELAY_SHARE = 0.02;
/** Calls from which on an upper bound of p95 exists at 95 % confidence: 0.95^n ≤ 2.5 %. */
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
      ? `the answers tell of ${percent(told)} from the cache, the server's counters of ${percent(count)}: did others use the server meanwhile?`
      : null,
  ({ ownDelay: { value: late }, figures: { ttft } }) =>
    late !== null && late > Math.max(OWN_DELAY_MS, OWN_DELAY_SHARE * (ttft.p50.value ?? 0))
      ? `this process itself was up to ${milliseconds(late)} ms late (p99): read these figures as upper bounds, or measure from a machine with less to do`
      : null,
];

export function latencyNotes(rows: readonly LatencyRow[], load: LoadFacts): string[] {
  const unflushed = rows.some(({ prefix, flushed }) => prefix === "cold" && !flushed);
  const few = rows.filter(({ figures }) => figures.completed < CALLS_FOR_P95);
  const doubts = rows.flatMap((row) =>
    DOUBTS.flatMap((doubt) => [doubt(row)].flatMap((said) => (said === null ? [] : [`${row.candidate}, ${row.prefix}, ${row.load}: ${said}`]))),
  );
  return [
    "412 [380–450] n=96: the percentile, its 95 % interval by order statistics, the number of calls (of gaps for ITL). Times count from the intended start, so waiting in the client is in them; queue shows it apart. Failed calls are counted, not timed.",
    `${counted(load.rounds, "round")}, interleaved over candidates, prefixes and loads; ${counted(load.requests, "request")} a block. Prompts are those of the suite's first attempts, without the compiler's words.`,
    ...(few.length > 0
      ? [`?: too few calls for that bound. The upper one of p95 needs ${CALLS_FOR_P95} calls a row: more --rounds or --requests give it.`]
      : []),
    ...(unflushed ? ["Cold: not every server let its cache be emptied; there the prompts alone were new to it."] : []),
    ...doubts,
  ];
}

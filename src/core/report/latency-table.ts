// The latency table for stdout, and the same as one JSON document.
import type { CallSample, LatencyFigures, Spread } from "../metrics/latency.ts";
import { counted, fixed, milliseconds, millisecondsText, NOTHING, percent } from "./format.ts";
import { gridLines, left, right, wrap } from "./grid.ts";

export const LATENCY_FORMAT = 1;

/** One candidate under one prefix and load. */
export interface LatencyRow {
  readonly candidate: string;
  readonly prefix: string;
  readonly load: string;
  readonly figures: LatencyFigures;
  /** By what failed. */
  readonly failures: readonly { readonly key: string; readonly count: number }[];
  /** Was the server's cache emptied before each cold block? */
  readonly flushed: boolean;
  /** Share of prompt tokens from the cache, by the server's own counters. */
  readonly countedShare: number | null;
}

export interface LatencyReport {
  readonly rows: readonly LatencyRow[];
  /** What is to be known of the measurement. */
  readonly notes: readonly string[];
}

export function latencyTable({ rows, notes }: LatencyReport): string {
  const times = {
    columns: [left("candidate"), left("prefix"), left("load"), ...["TTFT p50", "TTFT p95", "end to end p50", "end to end p95", "queue p95"].map(right)],
    rows: rows.map(({ candidate, prefix, load, figures: { ttft, e2e, queue } }) => [
      candidate,
      prefix,
      load,
      ...[ttft.p50, ttft.p95, e2e.p50, e2e.p95].map(millisecondsText),
      bare(queue),
    ]),
  };
  const parts = {
    columns: [
      left("candidate"),
      left("prefix"),
      left("load"),
      ...["answered", "failed", "first output p50", "TPOT p50", "ITL p50", "ITL p99", "tokens/s p50", "cached", "by counters"].map(right),
    ],
    rows: rows.map((row) => [row.candidate, row.prefix, row.load, ...partCells(row)]),
  };
  const blocks = [["LATENCY, milliseconds", ...gridLines(times)], gridLines(parts), notes.flatMap((note) => wrap(note, "  "))];
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function partCells({ figures, failures, countedShare }: LatencyRow): string[] {
  const { completed, failed, firstOutput, tpot, itl, tokensPerS, cachedShare } = figures;
  const failedText = failed === 0 ? "0" : `${failed}: ${failures.map(({ key, count }) => `${key} ${count}`).join(", ")}`;
  return [
    String(completed),
    failedText,
    bare(firstOutput, "p50"),
    bare(tpot, "p50"),
    bare(itl, "p50"),
    bare(itl, "p99"),
    tokensPerS.p50.value === null ? NOTHING : fixed(tokensPerS.p50.value, 0),
    cachedShare === null ? "unknown" : percent(cachedShare),
    countedShare === null ? "unknown" : percent(countedShare),
  ];
}

function bare(spread: Spread, quantile: "p50" | "p95" | "p99" = "p95"): string {
  const { value } = spread[quantile];
  return value === null ? NOTHING : milliseconds(value);
}

/** Every interval and every percentile; the samples themselves are in the JSONL export. */
export function latencyJson({ rows, notes }: LatencyReport): string {
  return `${JSON.stringify({ format: LATENCY_FORMAT, notes, rows }, null, 2)}\n`;
}

/** What a reader must know besides the figures. */
export function latencyNotes(
  rows: readonly LatencyRow[],
  load: { readonly rounds: number; readonly requests: number; readonly concurrency: number },
): string[] {
  const warmMisses = rows.filter(({ prefix, figures }) => prefix === "warm" && figures.cachedShare === 0);
  const unflushed = rows.some(({ prefix, flushed }) => prefix === "cold" && !flushed);
  return [
    "412 [380–450] n=96: the percentile, its 95 % interval by order statistics, the number of calls. Times count from the intended start, so waiting in the client is in them; queue shows it apart. Failed calls are counted, not timed.",
    `${counted(load.rounds, "round")}, interleaved over candidates, prefixes and loads; ${counted(load.requests, "request")} a block. Prompts are those of the suite's first attempts, without the compiler's words.`,
    ...(unflushed ? ["Cold blocks: not every server let its cache be emptied; there the prompts alone were new to it."] : []),
    ...warmMisses.map(({ candidate, load: at }) => `${candidate} at ${at}: nothing of the warm prompts came from the cache: is its prefix cache on?`),
    ...(load.concurrency > 16 ? ["Above 16 callers this process itself delays what it times: read those figures as upper bounds."] : []),
  ];
}

/** Which failures there were, by name. */
export const failureName = ({ failure }: CallSample): string | null => failure?.split(":", 1)[0] ?? null;

// Facts about the latency table and what is noted beside it.
import { describe, expect, it } from "vitest";
import { type CallSample, latencyFigures } from "../../../../src/core/metrics/latency/latency.ts";
import { type OwnLateness, ownError } from "../../../../src/core/metrics/latency/own-delay.ts";
import { quantileEstimate } from "../../../../src/core/metrics/statistics/quantile.ts";
import { latencyNotes } from "../../../../src/core/report/latency/notes.ts";
import { latencyJson, type LatencyReport, type LatencyRow, latencyTable } from "../../../../src/core/report/latency/table.ts";

const sample = (index: number, cachedTokens: number | null): CallSample => ({
  prompt: index,
  queueMs: 1,
  queueCounts: false,
  ttftMs: 100 + index,
  firstOutputMs: 150 + index,
  totalMs: 500 + index,
  gapsMs: [20],
  promptTokens: 100,
  outputTokens: 41,
  cachedTokens,
  text: "a",
  failure: null,
});

const late = (firstMs: number): OwnLateness => ({ firstMs, endMs: 0, chunksMs: [firstMs, 0] });
const ON_TIME: OwnLateness = { firstMs: 0, endMs: 0, chunksMs: [0, 0] };

const row = (
  prefix: "cold" | "warm",
  calls: number,
  { cached = 0, counted = null, own = () => ON_TIME }: { cached?: number | null; counted?: number | null; own?: (index: number) => OwnLateness } = {},
): LatencyRow => ({
  candidate: "small",
  prefix,
  load: "concurrency 1",
  figures: latencyFigures(Array.from({ length: calls }, (_, index) => sample(index, cached))),
  failures: [],
  flushed: true,
  countedShare: counted,
  ownDelay: quantileEstimate(
    Array.from({ length: 200 }, () => 1),
    0.99,
  ),
  ownError: ownError(Array.from({ length: calls }, (_, index) => ({ ...sample(index, cached), own: own(index) }))),
});
const load = { rounds: 5, requests: 16 };
const notes = (...rows: readonly LatencyRow[]): string => latencyNotes(rows, load).join("\n");

describe("the latency table", () => {
  const server = {
    candidate: "small",
    provider: "sglang",
    model: "small-1",
    endpoint: "http://127.0.0.1:30000/v1",
    facts: { model_path: "o/small", version: "0.5.2", tp_size: 1 },
  };
  const report: LatencyReport = { servers: [server], rows: [row("cold", 100), row("warm", 100, { cached: 80 })], notes: ["n"] };
  it("says what was timed, and where", () => {
    expect(latencyTable(report)).toContain("small: small-1 at http://127.0.0.1:30000/v1 (model_path o/small, version 0.5.2)");
    expect(latencyTable({ ...report, servers: [{ ...server, facts: null }] })).toContain("does not say what it has loaded");
  });
  it("gives every percentile with its interval and its number, and each line its row's name", () => {
    const lines = latencyTable(report).split("\n");
    const figures = lines.filter((line) => /^(cold|warm), concurrency 1/.test(line));
    expect(figures.length).toBeGreaterThan(2);
    for (const title of [
      "TTFT p50",
      "TTFT p95",
      "end to end p50",
      "end to end p95",
      "queue p95",
      "first output p50",
      "decode p50",
      "TPOT p50",
      "ITL p50",
      "ITL p99",
      "tokens/s p50",
    ])
      expect(latencyTable(report)).toContain(title);
    expect(figures.join(" ").match(/\[[^\]]+\] n=100/g)).toHaveLength(22);
    expect(figures.join(" ").match(/\[[^\]]+\] n=200/g)).toHaveLength(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
  });
  it("is one JSON document otherwise, with the server's own words", () => {
    expect(JSON.parse(latencyJson(report))).toMatchObject({
      format: 1,
      servers: [{ facts: { tp_size: 1 } }],
      rows: [{ prefix: "cold" }, { prefix: "warm" }],
      notes: ["n"],
    });
  });
});

describe("what is noted beside it", () => {
  it("says where the calls are too few for a bound", () => {
    expect(notes(row("cold", 71))).toContain("needs 72 calls per row");
    expect(notes(row("cold", 72))).not.toContain("too few");
    const [below, enough] = [71, 72].map((calls) => row("cold", calls).figures.ttft.p95.high);
    expect(below).toBeNull();
    expect(enough).not.toBeNull();
  });
  it("says where more calls of the same prompts would not help", () => {
    const calls = Array.from({ length: 160 }, (_, index) => ({ ...sample(0, 0), prompt: index % 16, totalMs: 500 + 100 * (index % 16) }));
    expect(notes({ ...row("cold", 72), figures: latencyFigures(calls) })).toContain("only more prompts");
    expect(notes(row("cold", 72))).not.toContain("only more prompts");
  });
  it.each([
    ["cold calls that were not", row("cold", 80, { cached: 30 }), "30.0% of the prompts' tokens came from the cache: these calls were not cold"],
    ["warm calls that were not", row("warm", 80, { cached: 3 }), "only 3.0% of the warm prompts' tokens came from the cache"],
    ["two reports that do not agree", row("warm", 80, { cached: 90, counted: 0.5 }), "the answers report 90.0% from the cache, the server's counters 50.0%"],
  ])("doubts %s", (_, doubted, said) => {
    expect(notes(doubted)).toContain(`small, ${doubted.prefix}, concurrency 1: ${said}`);
  });
  it.each([
    ["a template's own words in the cache", row("cold", 80, { cached: 8 })],
    ["a warm prefix", row("warm", 80, { cached: 80, counted: 0.78 })],
    ["a server that does not say", row("warm", 80, { cached: null })],
  ])("doubts nothing of %s", (_, fine) => {
    expect(latencyNotes([fine], load)).toHaveLength(3);
  });
  it("says when the cache could not be emptied", () => {
    expect(notes({ ...row("cold", 80), flushed: false })).toContain("not every server allowed its cache to be emptied");
  });
  it("says what this process read late, by the calls that it hit, and which way each figure may be wrong", () => {
    // One stall of 16 ms, over which the first texts of 4 calls came in.
    const calls = Array.from({ length: 60 }, (_, index) => ({ ...sample(0, 0), ttftMs: index < 4 ? 116 : 100, own: index < 4 ? late(16) : ON_TIME }));
    expect(notes({ ...row("cold", 60), ownError: ownError(calls) })).toContain(
      "small, cold, concurrency 1: this process stood still while 4 of 60 calls were to be read: TTFT p95 may read up to 16 ms too high, ITL p95 may read up to 16 ms too low;",
    );
    const bunched = (): OwnLateness => ({ firstMs: 0, endMs: 0, chunksMs: [0, 16] });
    expect(notes(row("cold", 60, { own: bunched }))).toContain("ITL p50 may read up to 16 ms too high");
    expect(notes(row("cold", 80, { own: () => ({ firstMs: 0.9, endMs: 0.9, chunksMs: [0.5, 0.5] }) }))).not.toContain("stood still");
  });
});

// Latency figures by the field's definitions, their export, and the times of arrivals.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { poissonSchedule } from "../../../../../src/core/metrics/statistics/arrivals.ts";
import { sglangBenchRecord } from "../../../../../src/core/metrics/latency/export.ts";
import { type CallSample, latencyFigures } from "../../../../../src/core/metrics/latency/latency.ts";

const sample = (facts: Partial<CallSample> = {}): CallSample => ({
  prompt: 0,
  queueMs: 5,
  queueCounts: true,
  ttftMs: 100,
  firstOutputMs: 150,
  totalMs: 500,
  gapsMs: [50, 50],
  promptTokens: 100,
  outputTokens: 41,
  cachedTokens: 25,
  text: "a",
  failure: null,
  ...facts,
});

describe("latency figures", () => {
  it("count from the intended start, and tokens from the first of them", () => {
    const { ttft, firstOutput, e2e, decode, tpot, tokensPerS, queue, cachedShare } = latencyFigures([sample()]);
    expect([queue, ttft, firstOutput, decode, e2e, tpot, tokensPerS].map(({ p50 }) => p50.value)).toEqual([5, 105, 155, 400, 505, 10, 100]);
    expect(cachedShare).toBe(0.25);
  });
  it("leave a queue out that is none of the call's own", () => {
    const { ttft, firstOutput, e2e, queue } = latencyFigures([sample({ queueCounts: false })]);
    expect([queue, ttft, firstOutput, e2e].map(({ p50 }) => p50.value)).toEqual([5, 100, 150, 500]);
  });
  it("have no rate of what was not counted, of one token, or of no time", () => {
    const nOf = (facts: Partial<CallSample>) => {
      const { tpot, tokensPerS, decode } = latencyFigures([sample(facts)]);
      return [decode.n, tpot.n, tokensPerS.n];
    };
    expect(nOf({})).toEqual([1, 1, 1]);
    expect(nOf({ outputTokens: null })).toEqual([1, 0, 0]);
    expect(nOf({ outputTokens: 1 })).toEqual([1, 0, 0]);
    expect(nOf({ outputTokens: 2 })).toEqual([1, 1, 1]);
    expect(nOf({ ttftMs: null })).toEqual([0, 0, 0]);
    expect(nOf({ ttftMs: 500 })).toEqual([1, 1, 0]);
  });
  it("leave failures out and count them", () => {
    expect(latencyFigures([sample(), sample({ failure: "overload: full", totalMs: 9e9 })])).toMatchObject({
      completed: 1,
      failed: 1,
      e2e: { n: 1, mean: 505 },
    });
  });
  it("time truncated answers, and take a limit that a call ran into for a time of at least so much", () => {
    const truncated = sample({ failure: "truncated: the output limit was reached", totalMs: 900, text: null });
    const limit = sample({ failure: "timeout-total: no complete answer", totalMs: 4000, ttftMs: null, outputTokens: null, text: null });
    const { completed, failed, e2e, ttft, tokensPerS } = latencyFigures([sample(), truncated, limit]);
    expect({ completed, failed, e2e, ttft, tokensPerS }).toMatchObject({ completed: 1, failed: 2, e2e: { n: 3 }, ttft: { n: 3 }, tokensPerS: { n: 2 } });
    expect(e2e.p99.value).toBeGreaterThan(3900);
    expect(latencyFigures([limit]).ttft.p50.value).toBe(4005);
  });
  it("pool the gaps of all calls", () => {
    expect(latencyFigures([sample(), sample({ gapsMs: [10] })]).itl).toMatchObject({ n: 3, p50: { value: 50 } });
  });
  it("are as sure as so many prompts make them: calls of one prompt are alike, and so are the gaps of a call", () => {
    // Each prompt takes its own time, and takes it again in every round.
    const calls = Array.from({ length: 400 }, (_, index) =>
      sample({ prompt: index % 16, queueMs: 0, totalMs: 100 * ((index % 16) + 1), gapsMs: [index % 16] }),
    );
    const { e2e, itl } = latencyFigures(calls);
    expect(e2e.p50.value).toBe(850);
    expect(Number(e2e.p50.high) - Number(e2e.p50.low)).toBeGreaterThan(600);
    expect(Number(itl.p50.high) - Number(itl.p50.low)).toBeGreaterThan(6);
    // As single calls they would bound the slowest twentieth; sixteen prompts do not.
    expect([e2e.p95.high, latencyFigures(calls.map((call, index) => ({ ...call, prompt: index }))).e2e.p95.high]).toEqual([null, 1600]);
  });
  it("know no time per token of one token, or of an unknown number", () => {
    expect(latencyFigures([sample({ outputTokens: 1 }), sample({ outputTokens: null })]).tpot).toMatchObject({ n: 0, mean: null, p50: { value: null } });
  });
  it("know no cached share that no server told", () => {
    expect(latencyFigures([sample({ cachedTokens: null })]).cachedShare).toBeNull();
    expect(latencyFigures([sample(), sample({ promptTokens: null, cachedTokens: 60 })]).cachedShare).toBe(0.25);
  });
  it("interpolate percentiles, with intervals of order statistics", () => {
    const { e2e } = latencyFigures(Array.from({ length: 100 }, (_, index) => sample({ prompt: index, queueMs: 0, totalMs: index + 1 })));
    expect(e2e.p95.value).toBeCloseTo(95.05, 10);
    expect(e2e.p50).toMatchObject({ method: "order-statistics by cluster", n: 100, low: 40, high: 61 });
    expect(e2e.std).toBeCloseTo(28.866, 3);
  });
});

describe("the export of no time at all", () => {
  it("has no rates, and no times of what was never read", () => {
    const samples = [sample({ ttftMs: null, failure: "overload: full", text: null })];
    const load = { model: "m", backend: "b", ratePerS: 2, maxConcurrency: null, durationMs: 0 };
    expect(sglangBenchRecord(load, samples, latencyFigures(samples))).toMatchObject({
      request_rate: 2,
      request_throughput: null,
      total_throughput: null,
      concurrency: null,
      ttfts: [null],
      itls: [[0.05, 0.05]],
      generated_texts: [""],
      errors: ["overload: full"],
    });
    const quick = { ...load, durationMs: 500 };
    expect(sglangBenchRecord(quick, [sample()], latencyFigures([sample()]))).toMatchObject({
      request_throughput: 2,
      ttfts: [0.105],
      errors: [""],
      concurrency: 505 / 500,
    });
  });
});

describe("the export", () => {
  const load = { model: "m", backend: "sglang", ratePerS: null, maxConcurrency: 4, durationMs: 2000 };
  it("has SGLang's keys, seconds and rates", () => {
    const samples = [sample(), sample()];
    const record = sglangBenchRecord(load, samples, latencyFigures(samples));
    expect(record).toMatchObject({ request_rate: "inf", max_concurrency: 4, duration: 2, completed: 2, total_output_tokens: 82, output_throughput: 41 });
    expect(record).toMatchObject({
      median_ttft_ms: 105,
      p99_e2e_latency_ms: 505,
      mean_tpot_ms: 10,
      p95_itl_ms: 50,
      ttfts: [0.105, 0.105],
      itls: [
        [0.05, 0.05],
        [0.05, 0.05],
      ],
    });
    expect(record["concurrency"]).toBeCloseTo(0.505, 10);
  });
  it("has every key of SGLang's bench, details included, and only its own beside them", () => {
    const spreads = ["ttft", "tpot", "itl", "e2e_latency"].flatMap((name) =>
      ["mean", "median", "std", "p90", "p95", "p99"].map((what) => `${what}_${name}_ms`),
    );
    const totals = ["request_rate", "max_concurrency", "duration", "completed", "total_input_tokens", "total_output_tokens", "concurrency"];
    const rates = ["request_throughput", "input_throughput", "output_throughput", "total_throughput"];
    const details = ["input_lens", "output_lens", "ttfts", "itls", "generated_texts", "errors"];
    const samples = [sample(), sample({ text: null, failure: "overload: full" })];
    const record = sglangBenchRecord(load, samples, latencyFigures(samples));
    expect(Object.keys(record).toSorted()).toEqual([...totals, ...rates, ...spreads, ...details, "backend", "model"].toSorted());
    expect(record).toMatchObject({ generated_texts: ["a", ""], errors: ["", "overload: full"] });
  });
  it("sums and rates what was answered, and nothing of what failed", () => {
    const samples = [sample({ promptTokens: 100, outputTokens: 40 }), sample({ promptTokens: 900, outputTokens: 7, failure: "overload: full", text: null })];
    expect(sglangBenchRecord(load, samples, latencyFigures(samples))).toMatchObject({
      completed: 1,
      total_input_tokens: 100,
      total_output_tokens: 40,
      request_throughput: 0.5,
      input_throughput: 50,
      output_throughput: 20,
      total_throughput: 70,
    });
  });
  it("writes what it can't know as null, never as zero", () => {
    const samples = [sample(), sample({ outputTokens: null })];
    expect(sglangBenchRecord(load, samples, latencyFigures(samples))).toMatchObject({
      total_output_tokens: null,
      output_throughput: null,
      total_throughput: null,
    });
    expect(sglangBenchRecord(load, [], latencyFigures([]))).toMatchObject({ completed: 0, mean_ttft_ms: null, p99_tpot_ms: null });
  });
});

describe("a Poisson schedule", () => {
  const schedule = poissonSchedule(createRandom(7), 50, 4000);
  const gaps = schedule.map((at, index) => at - (schedule[index - 1] ?? 0));
  it("has its rate", () => expect((schedule.at(-1) ?? 0) / 4000).toBeCloseTo(20, -0.5));
  it("has exponential gaps: their deviation is their mean, and 1 − 1/e of them lie below it", () => {
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const std = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(std / mean).toBeGreaterThan(0.94);
    expect(std / mean).toBeLessThan(1.06);
    expect(gaps.filter((gap) => gap < mean).length / gaps.length).toBeCloseTo(1 - 1 / Math.E, 1);
  });
  it("may have a request every ten seconds, but not none at all", () => {
    expect((poissonSchedule(createRandom(7), 0.1, 1000).at(-1) ?? 0) / 1000 / 1000).toBeCloseTo(10, -0.5);
    for (const rate of [0, -1, Number.POSITIVE_INFINITY]) expect(() => poissonSchedule(createRandom(7), rate, 1)).toThrow(/a rate of/);
  });
  it("is the same for the same seed, and never goes back", () => {
    expect(poissonSchedule(createRandom(7), 50, 100)).toEqual(schedule.slice(0, 100));
    expect(gaps.every((gap) => gap >= 0)).toBe(true);
  });
  it("refuses a rate that is none", () => expect(() => poissonSchedule(createRandom(1), 0, 1)).toThrow());
});

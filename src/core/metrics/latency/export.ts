// Latency figures under the keys of SGLang's bench JSONL, so that its tools can read them.
import { type CallSample, e2eOf, type LatencyFigures, type Spread, sumOf, ttftOf } from "./latency.ts";

/** One load on one model. */
export interface BenchLoad {
  readonly model: string;
  readonly backend: string;
  /** Requests per second; null: as fast as the answers come (closed loop), which SGLang writes as `inf`. */
  readonly ratePerS: number | null;
  readonly maxConcurrency: number | null;
  /** From the first intended start to the last answer, summed over blocks. */
  readonly durationMs: number;
}

/** The object of one line. A figure that can't be computed is null, never zero. Source: sglang, bench_serving.py. */
export function sglangBenchRecord(load: BenchLoad, samples: readonly CallSample[], figures: LatencyFigures): Readonly<Record<string, unknown>> {
  const seconds = load.durationMs / 1000;
  const done = samples.filter(({ failure }) => failure === null);
  const input = total(done.map(({ promptTokens }) => promptTokens));
  const output = total(done.map(({ outputTokens }) => outputTokens));
  const rate = (amount: number | null): number | null => (amount === null || seconds <= 0 ? null : amount / seconds);
  return {
    backend: load.backend,
    model: load.model,
    request_rate: load.ratePerS ?? "inf",
    max_concurrency: load.maxConcurrency,
    duration: seconds,
    completed: figures.completed,
    total_input_tokens: input,
    total_output_tokens: output,
    request_throughput: rate(figures.completed),
    input_throughput: rate(input),
    output_throughput: rate(output),
    total_throughput: rate(input === null || output === null ? null : input + output),
    ...keys("ttft", figures.ttft),
    ...keys("tpot", figures.tpot),
    ...keys("itl", figures.itl),
    ...keys("e2e_latency", figures.e2e),
    concurrency: seconds <= 0 ? null : sumOf(done.map(e2eOf)) / load.durationMs,
    input_lens: samples.map(({ promptTokens }) => promptTokens),
    output_lens: samples.map(({ outputTokens }) => outputTokens),
    ttfts: samples.map((sample) => inSeconds(ttftOf(sample))),
    itls: samples.map(({ gapsMs }) => gapsMs.map((ms) => ms / 1000)),
    generated_texts: samples.map(({ text }) => text ?? ""),
    errors: samples.map(({ failure }) => failure ?? ""),
  };
}

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

function keys(name: string, spread: Spread): Readonly<Record<string, number | null>> {
  return {
    [`mean_${name}_ms`]: spread.mean,
    [`median_${name}_ms`]: spread.p50.value,
    [`std_${name}_ms`]: spread.std,
    [`p90_${name}_ms`]: spread.p90.value,
    [`p95_${name}_ms`]: spread.p95.value,
    [`p99_${name}_ms`]: spread.p99.value,
  };
}

/** Null if one of them is unknown: a sum of the rest would be too small. */
function total(counts: readonly (number | null)[]): number | null {
  return counts.includes(null) ? null : sumOf(counts.map((count) => count ?? 0));
}

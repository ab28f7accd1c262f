// Latency figures of a set of timed model calls, counted from the intended start, by the field's definitions.
import type { Estimate } from "../statistics/interval.ts";
import { clusteredQuantile } from "../statistics/clustered-quantile.ts";

/** One call. Milliseconds; `queueMs` from the intended start until its request was at its socket, the others from then on. */
export interface CallSample {
  /** Which of the measurement's prompts was sent: calls of one prompt are alike. */
  readonly prompt: number;
  readonly queueMs: number;
  /** Is it a part of its latencies? Of a call that was to begin at a time of its own: whoever waits for it waits from then on. */
  readonly queueCounts: boolean;
  readonly ttftMs: number | null;
  readonly firstOutputMs: number | null;
  readonly totalMs: number;
  readonly gapsMs: readonly number[];
  /** Null: the server reported no usage. Never estimated. */
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  readonly cachedTokens: number | null;
  /** The answer; null if none came. */
  readonly text: string | null;
  /** What failed; null for an answer. */
  readonly failure: string | null;
}

export interface Spread {
  readonly n: number;
  readonly mean: number | null;
  /** Population standard deviation, as numpy's. */
  readonly std: number | null;
  readonly p50: Estimate;
  readonly p90: Estimate;
  readonly p95: Estimate;
  readonly p99: Estimate;
}

/**
 * Over calls that came to an end of their own: answers, whole or truncated, and limits that a call ran into, whose times are of at least
 * so much. The others are counted separately. Milliseconds unless a name says otherwise.
 */
export interface LatencyFigures {
  readonly completed: number;
  readonly failed: number;
  readonly queue: Spread;
  /** To the first chunk with text, reasoning included: from the socket, or from the intended start where the queue counts. */
  readonly ttft: Spread;
  /** The same, reasoning left out. */
  readonly firstOutput: Spread;
  /** From the first text to the end. */
  readonly decode: Spread;
  /** (latency − ttft) ÷ (output tokens − 1), of calls with more than one. */
  readonly tpot: Spread;
  /** Gaps between chunks with text, pooled over the calls. */
  readonly itl: Spread;
  /** To the last line; from where TTFT is. */
  readonly e2e: Spread;
  /** Output tokens ÷ seconds of decoding, per call. */
  readonly tokensPerS: Spread;
  /** Share of prompt tokens that came from the server's cache; null if the server does not report it. */
  readonly cachedShare: number | null;
}

/** A failure begins with its name. A truncated answer ran as long as it might: its times are times. */
const TRUNCATED = /^truncated\b/;
/** What a call ran into while the server worked on it: its time, and that of a first token that had not come, is at least what was waited. */
const LIMIT = /^timeout-(first-token|idle|total)\b/;

/** Source of the definitions: SGLang and vLLM, bench_serving; percentiles by linear interpolation. */
export function latencyFigures(samples: readonly CallSample[], confidence = 0.95): LatencyFigures {
  const answered = samples.filter(({ failure }) => failure === null);
  const done = samples.filter(({ failure }) => failure === null || TRUNCATED.test(failure));
  const timed = samples.filter(({ failure }) => failure === null || TRUNCATED.test(failure) || LIMIT.test(failure));
  const spread = (of: readonly CallSample[], valueOf: (sample: CallSample) => number | null) => spreadOver(of, (sample) => [valueOf(sample)], confidence);
  return {
    completed: answered.length,
    failed: samples.length - answered.length,
    queue: spread(done, ({ queueMs }) => queueMs),
    ttft: spread(timed, (sample) => ttftOf(sample) ?? (LIMIT.test(sample.failure ?? "") ? e2eOf(sample) : null)),
    firstOutput: spread(done, ({ firstOutputMs, ...sample }) => (firstOutputMs === null ? null : waitOf(sample) + firstOutputMs)),
    decode: spread(done, decodeOf),
    tpot: spread(done, tpotOf),
    itl: spreadOver(done, ({ gapsMs }) => gapsMs, confidence),
    e2e: spread(timed, e2eOf),
    tokensPerS: spread(done, tokensPerSOf),
    cachedShare: cachedShare(done),
  };
}

const waitOf = ({ queueMs, queueCounts }: Pick<CallSample, "queueMs" | "queueCounts">): number => (queueCounts ? queueMs : 0);
export const ttftOf = (sample: CallSample): number | null => (sample.ttftMs === null ? null : waitOf(sample) + sample.ttftMs);
export const e2eOf = (sample: CallSample): number => waitOf(sample) + sample.totalMs;

function decodeOf({ ttftMs, totalMs }: CallSample): number | null {
  return ttftMs === null ? null : totalMs - ttftMs;
}

export function tpotOf(sample: CallSample): number | null {
  const decodeMs = decodeOf(sample);
  return decodeMs === null || sample.outputTokens === null || sample.outputTokens < 2 ? null : decodeMs / (sample.outputTokens - 1);
}

function tokensPerSOf(sample: CallSample): number | null {
  const perTokenMs = tpotOf(sample);
  return perTokenMs === null || perTokenMs <= 0 ? null : 1000 / perTokenMs;
}

function cachedShare(samples: readonly CallSample[]): number | null {
  const told = samples.filter(({ cachedTokens, promptTokens }) => cachedTokens !== null && promptTokens !== null);
  const prompt = sumOf(told.map(({ promptTokens }) => promptTokens ?? 0));
  return prompt === 0 ? null : sumOf(told.map(({ cachedTokens }) => cachedTokens ?? 0)) / prompt;
}

/** Quantiles with the prompt as the cluster: a few prompts asked a hundred times each are still a few. */
function spreadOver(samples: readonly CallSample[], valuesOf: (sample: CallSample) => readonly (number | null)[], confidence: number): Spread {
  const timed = samples.flatMap((sample) => valuesOf(sample).flatMap((value) => (value === null ? [] : [{ cluster: String(sample.prompt), value }])));
  const values = timed.map(({ value }) => value);
  const n = values.length;
  const mean = n === 0 ? null : sumOf(values) / n;
  const std = mean === null ? null : Math.sqrt(sumOf(values.map((value) => (value - mean) ** 2)) / n);
  const at = (q: number) => clusteredQuantile(timed, q, confidence);
  return { n, mean, std, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

// A run's model calls as the metrics of OpenTelemetry's conventions for generative AI: tokens, durations, time to the first token.
import type { ModelCall } from "../../../trial/events/model-call.ts";
import { isTimed } from "../../../metrics/summary/trial.ts";
import { groupBy } from "../../../metrics/summary/rate.ts";
import { commonAttributes } from "./call-attributes.ts";
import { type Attributes, attributesOf, unixNano } from "./value.ts";

/** Bounds as the conventions advise them: semantic-conventions, gen-ai-metrics. */
const TOKEN_BOUNDS = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];
const DURATION_BOUNDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TTFT_BOUNDS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Source: opentelemetry-proto, metrics/v1/metrics.proto. */
const CUMULATIVE = 2;

interface Point {
  readonly value: number;
  readonly attributes: Attributes;
}

interface MeasuredTime {
  readonly startMs: number;
  readonly endMs: number;
}

/** What no server reported is in no histogram. */
export function callMetrics(calls: readonly ModelCall[], span: MeasuredTime): readonly object[] {
  const tokens = calls.flatMap((call) => [...tokenPoint(call, "input", call.prompt_tokens), ...tokenPoint(call, "output", call.response_tokens)]);
  const durations = calls.filter(isTimed).map((call) => ({ value: call.latency_ms / 1000, attributes: commonAttributes(call) }));
  const firsts = calls.flatMap((call) => (call.ttft_ms === null ? [] : [{ value: call.ttft_ms / 1000, attributes: commonAttributes(call) }]));
  return [
    histogram({ name: "gen_ai.client.token.usage", unit: "{token}", bounds: TOKEN_BOUNDS, points: tokens, span }),
    histogram({ name: "gen_ai.client.operation.duration", unit: "s", bounds: DURATION_BOUNDS, points: durations, span }),
    histogram({ name: "gen_ai.client.operation.time_to_first_chunk", unit: "s", bounds: TTFT_BOUNDS, points: firsts, span }),
  ];
}

const tokenPoint = (call: ModelCall, type: string, count: number | null): readonly Point[] =>
  count === null ? [] : [{ value: count, attributes: { ...commonAttributes(call), "gen_ai.token.type": type } }];

interface HistogramParts {
  readonly name: string;
  readonly unit: string;
  readonly bounds: readonly number[];
  readonly points: readonly Point[];
  readonly span: MeasuredTime;
}

function histogram({ name, unit, bounds, points, span }: HistogramParts): object {
  const groups = [...groupBy(points, ({ attributes }) => JSON.stringify(attributes)).values()];
  return { name, unit, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: groups.map((group) => dataPoint(group, bounds, span)) } };
}

function dataPoint(points: readonly Point[], bounds: readonly number[], { startMs, endMs }: MeasuredTime): object {
  const values = points.map(({ value }) => value);
  // A bucket holds what is above the bound before it, up to its own.
  const counts = [...bounds, Infinity].map((bound, index) => values.filter((value) => value <= bound && value > (bounds[index - 1] ?? -Infinity)).length);
  return {
    attributes: attributesOf(points[0]?.attributes ?? {}),
    startTimeUnixNano: unixNano(startMs),
    timeUnixNano: unixNano(endMs),
    count: String(values.length),
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  };
}

// The run as OpenTelemetry's documents: one tree of spans with the capsule's times and events, and metrics that add up.
import { beforeAll, expect, it } from "vitest";
import { otlpDocuments } from "../../../../../src/core/report/formats/otlp/documents.ts";
import { eventsOf, type HonestRun, honestRun } from "../../../app/replay/honest-run.ts";
import { sourceOf } from "../report-source.ts";

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
}
interface DataPoint {
  readonly count: string;
  readonly sum: number;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
}

let run: HonestRun;
let spans: readonly OtlpSpan[];
beforeAll(async () => {
  run = await honestRun({ candidates: ["small", "other"] });
  spans = spansOf(run);
});

const spansOf = (of: HonestRun): readonly OtlpSpan[] =>
  otlpDocuments(sourceOf(of).record).traces.flatMap(
    (text) => (JSON.parse(text) as { resourceSpans: [{ scopeSpans: [{ spans: OtlpSpan[] }] }] }).resourceSpans[0].scopeSpans[0].spans,
  );

const attribute = (span: Pick<OtlpSpan, "attributes">, name: string): string | undefined => {
  const value = span.attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
};

it("is one tree: every parent is there, and lasts as long as its children", () => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect(byId.size).toBe(spans.length);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
  for (const span of spans) {
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    const parent = span.parentSpanId === undefined ? span : byId.get(span.parentSpanId);
    expect(parent, span.name).toBeDefined();
    expect(BigInt(parent?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(span.endTimeUnixNano));
  }
});

it("names every event of the capsule once, as a span or as what happened in one", () => {
  const named = spans.flatMap((span) => [span, ...span.events].map((part) => attribute(part, "bakeoff.capsule.event"))).filter((uri) => uri !== undefined);
  const expected = run.events.filter(({ trial }) => trial !== null && !trial.startsWith("calibration/")).map(({ uri }) => uri);
  expect(named.toSorted()).toEqual(expected.toSorted());
});

it("has each call's tokens and model by the conventions", () => {
  const calls = eventsOf(run, "ModelCallEnvelope");
  const chats = spans.filter(({ name }) => name.startsWith("chat "));
  expect(chats.map((span) => attribute(span, "gen_ai.usage.input_tokens")).toSorted()).toEqual(
    calls.map(({ prompt_tokens: tokens }) => tokens?.toString()).toSorted(),
  );
  for (const chat of chats) expect(attribute(chat, "gen_ai.operation.name")).toBe("chat");
});

it("counts every reported token and every call in its histograms", () => {
  const calls = eventsOf(run, "ModelCallEnvelope");
  const [text = ""] = otlpDocuments(sourceOf(run).record).metrics;
  const { metrics } = (JSON.parse(text) as { resourceMetrics: [{ scopeMetrics: [{ metrics: { name: string; histogram: { dataPoints: DataPoint[] } }[] }] }] })
    .resourceMetrics[0].scopeMetrics[0];
  const pointsOf = (name: string): readonly DataPoint[] => metrics.find((metric) => metric.name === name)?.histogram.dataPoints ?? [];
  const tokens = calls.reduce((sum, { prompt_tokens: input, response_tokens: output }) => sum + (input ?? 0) + (output ?? 0), 0);
  expect(pointsOf("gen_ai.client.token.usage").reduce((sum, point) => sum + point.sum, 0)).toBe(tokens);
  expect(pointsOf("gen_ai.client.operation.duration").reduce((sum, { count }) => sum + Number(count), 0)).toBe(calls.length);
  for (const point of metrics.flatMap(({ histogram }) => histogram.dataPoints)) {
    expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
    expect(point.bucketCounts.reduce((sum, count) => sum + Number(count), 0)).toBe(Number(point.count));
  }
});

it("holds no prompt, no answer and no source", () => {
  const text = otlpDocuments(sourceOf(run).record).traces.join("");
  for (const { prompt_hash: prompt, response_hash: answer } of eventsOf(run, "ModelCallEnvelope"))
    for (const hash of [prompt, answer ?? ""]) {
      const stored = run.blobs.get(hash);
      if (stored !== undefined && stored.length > 20) expect(text).not.toContain(JSON.stringify(stored).slice(1, -1));
    }
});

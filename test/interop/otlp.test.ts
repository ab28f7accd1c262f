// OpenTelemetry's own definitions on our documents: no unknown field, and every call and verification of the capsule is a span.
import { expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { exported, SAMPLE } from "./exported.ts";
import { readByPeer } from "./peer.ts";

interface Read {
  readonly spans: readonly { readonly name: string; readonly root: boolean; readonly ms: number }[];
  readonly metrics: Readonly<Record<string, number>>;
}

it("parses, with a span for each call and verification and every call in the metrics", async () => {
  const { spans, metrics } = await readByPeer<Read>("read_otlp.py", await exported("otlp"));
  const { header, events } = await readCapsule(SAMPLE);
  const ofTrials = events.filter(({ trial }) => trial !== null && !trial.startsWith("calibration/"));
  const recorded = (type: string): number => ofTrials.filter(({ payload }) => payload.type === type).length;
  expect(spans.filter(({ root }) => root).map(({ name }) => name)).toEqual([`bakeoff ${header.suite.name}`]);
  expect(spans.filter(({ name }) => name.startsWith("chat "))).toHaveLength(recorded("ModelCallEnvelope"));
  expect(spans.filter(({ name }) => name.startsWith("execute_tool "))).toHaveLength(recorded("ToolResult"));
  expect(metrics["gen_ai.client.operation.duration"]).toBe(recorded("ModelCallEnvelope"));
  for (const { ms } of spans) expect(ms).toBeGreaterThanOrEqual(0);
});

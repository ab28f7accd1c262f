// A real OpenTelemetry Collector takes what `run --otlp` sends, refuses nothing of it, and hands on what the capsule holds.
import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { sendOtlp } from "../../src/adapters/telemetry/otlp-http.ts";
import { scratch } from "../setup/scratch.ts";
import { exported, SAMPLE } from "./exported.ts";

const collector = process.env["BAKEOFF_OTEL_COLLECTOR"];

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes?: readonly object[];
}
interface Metric {
  readonly name: string;
  readonly histogram?: { readonly dataPoints: readonly { readonly count: string }[] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((go) => server.once("listening", go));
  const address = server.address();
  await new Promise((go) => server.close(go));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const configOf = (port: number, folder: string): string => `receivers:
  otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } }
exporters:
  file/traces: { path: "${folder}/traces.jsonl" }
  file/metrics: { path: "${folder}/metrics.jsonl" }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    traces: { receivers: [otlp], exporters: [file/traces] }
    metrics: { receivers: [otlp], exporters: [file/metrics] }
`;

const lines = async (file: string): Promise<readonly string[]> => (await readFile(file, "utf8")).trimEnd().split("\n");
const spansIn = (documents: readonly string[]): readonly Span[] =>
  documents.flatMap((text) => {
    const { resourceSpans } = JSON.parse(text) as {
      readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
    };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  });
const countsIn = (documents: readonly string[]): Readonly<Record<string, number>> => {
  const metrics = documents.flatMap((text) => {
    const read = JSON.parse(text) as { readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[] };
    return read.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: own }) => own));
  });
  return Object.fromEntries(metrics.map(({ name, histogram }) => [name, (histogram?.dataPoints ?? []).reduce((sum, { count }) => sum + Number(count), 0)]));
};

describe.skipIf(collector === undefined)("OpenTelemetry's collector", () => {
  let child: ChildProcess | null = null;
  afterEach(() => void child?.kill("SIGKILL"));

  it("takes every span and metric, and hands them on as they are", async () => {
    const [folder, port] = [await scratch(), await freePort()];
    await writeFile(join(folder, "config.yaml"), configOf(port, folder));
    const started = spawn(collector ?? "", ["--config", `file:${join(folder, "config.yaml")}`], { stdio: ["ignore", "ignore", "pipe"] });
    child = started;
    let said = "";
    started.stderr.on("data", (piece) => (said += String(piece)));
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Everything is ready");

    const report = await exported("otlp");
    const sent = { traces: await lines(join(report, "otlp-traces.jsonl")), metrics: await lines(join(report, "otlp-metrics.jsonl")) };
    await sendOtlp(`http://127.0.0.1:${port}`, sent, undefined);
    const ended = new Promise((go) => started.on("exit", go));
    started.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(said).not.toMatch(/\t(error|warn)\t/);

    const took = spansIn(await lines(join(folder, "traces.jsonl")));
    const key = ({ traceId, spanId, parentSpanId = "", name, attributes = [] }: Span): string =>
      [traceId, spanId, parentSpanId, name, attributes.length].join(" ");
    expect(took.map(key).toSorted()).toEqual(spansIn(sent.traces).map(key).toSorted());
    const counts = countsIn(await lines(join(folder, "metrics.jsonl")));
    expect(counts).toEqual(countsIn(sent.metrics));
    const { events } = await readCapsule(SAMPLE);
    const calls = events.filter(({ trial, payload }) => trial !== null && !trial.startsWith("calibration/") && payload.type === "ModelCallEnvelope");
    expect(took.filter(({ name }) => name.startsWith("chat "))).toHaveLength(calls.length);
    expect(counts["gen_ai.client.operation.duration"]).toBe(calls.length);
  }, 120_000);
});

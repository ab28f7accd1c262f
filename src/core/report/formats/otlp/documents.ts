// A run as OTLP documents, traces and metrics: what a collector takes at its HTTP endpoint, or reads from files, one document a line.
import { epochMs } from "../../../base/instant.ts";
import type { RunRecord, TrialRecord } from "../../../capsule/record.ts";
import type { ReportFile } from "../registry.ts";
import type { ReportSource } from "../../source.ts";
import { callMetrics } from "./metrics.ts";
import { otlpSpan, trialSpans } from "./spans.ts";
import { type Attributes, resourceOf, scopeOf } from "./value.ts";

/** One document holds so many spans at most: a collector refuses larger requests than some megabytes. */
const MOST_SPANS = 2000;

export interface OtlpDocuments {
  /** Bodies of requests to `/v1/traces`. */
  readonly traces: readonly string[];
  /** Bodies of requests to `/v1/metrics`. */
  readonly metrics: readonly string[];
}

type ExportedRun = Pick<RunRecord, "header"> & { readonly trials: Iterable<TrialRecord> };

/** Prompts and answers stay in the capsule: every span names the event that refers to them. */
export function otlpDocuments(run: ExportedRun): OtlpDocuments {
  const { header } = run;
  const made = [...run.trials].flatMap((trial) => trialSpans(trial, header.run_id, trialAttributes(trial)) ?? []);
  const startMs = epochMs(header.created_at);
  const endMs = Math.max(startMs, ...made.map((trial) => trial.endMs));
  const root = otlpSpan({
    run: header.run_id,
    path: ["run"],
    parent: null,
    name: `bakeoff ${header.suite.name}`,
    startMs,
    endMs,
    attributes: runAttributes(header),
  });
  const calls = [...run.trials].flatMap(({ events }) => events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : [])));
  const scope = scopeOf(header.bakeoff_version);
  const resource = resourceOf(header.bakeoff_version);
  return {
    traces: chunks([root, ...made.flatMap(({ spans }) => spans)]).map((spans) =>
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
    ),
    metrics: [JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: callMetrics(calls, { startMs, endMs }) }] }] })],
  };
}

const lines = (documents: readonly string[]): string => documents.map((document) => `${document}\n`).join("");

/** As the collector's file receiver reads them. */
export function otlpReports({ record }: ReportSource): readonly ReportFile[] {
  const { traces, metrics } = otlpDocuments(record);
  return [
    { file: "otlp-traces.jsonl", content: lines(traces) },
    { file: "otlp-metrics.jsonl", content: lines(metrics) },
  ];
}

const runAttributes = ({ run_id: run, suite, policy, sandbox, epochs, seed, bindings }: RunRecord["header"]): Attributes => ({
  "bakeoff.run": run,
  "bakeoff.suite": suite.name,
  "bakeoff.suite.version": suite.version,
  "bakeoff.suite.root": suite.root,
  "bakeoff.policy": policy.id,
  "bakeoff.policy.hash": policy.hash,
  "bakeoff.sandbox": sandbox,
  "bakeoff.epochs": epochs,
  "bakeoff.seed": seed,
  "bakeoff.stand_ins": Object.values(bindings).flatMap(({ standIn }) => (standIn === null ? [] : [standIn])),
});

const trialAttributes = ({ candidate, task, epoch, state }: RunRecord["trials"][number]): Attributes => ({
  "bakeoff.candidate": candidate,
  "bakeoff.task": task.id,
  "bakeoff.task.kind": task.kind,
  "bakeoff.task.risk": task.risk,
  "bakeoff.task.area": task.area,
  "bakeoff.epoch": epoch,
  "bakeoff.unlock": state.unlocked?.outcome ?? null,
  "bakeoff.verdicts": state.attempts.map(({ result }) => result.verdict.status),
});

function chunks(spans: readonly object[]): readonly (readonly object[])[] {
  const parts = Math.ceil(spans.length / MOST_SPANS);
  return Array.from({ length: parts }, (_, index) => spans.slice(index * MOST_SPANS, (index + 1) * MOST_SPANS));
}

// A hollow field fails: of each format, what its row in docs/REPORT_FORMATS.md says that it holds is there and not empty.
import { parquetReadObjects } from "hyparquet";
import { beforeAll, expect, it } from "vitest";
import { type ReportFile, type ReportFormat, REPORT_FORMAT_NAMES } from "../../../../../src/core/report/formats/registry.ts";
import { renderReport } from "../../../../../src/core/report/formats/renderers.ts";
import type { ReportSource } from "../../../../../src/core/report/source.ts";
import { honestRun, tasksNamed } from "../../../app/replay/honest-run.ts";
import { answered, goodScript, type Script } from "../../../run/fakes.ts";
import { sourceOf } from "../report-source.ts";

/** The second task is lost in the slot and repaired after escalation. */
const half: Script = (request, provider) => {
  const isLost = request.purpose === "patch" && request.material.task.id === "task-1" && provider !== "cloud";
  return isLost ? answered('{"edits":[]}') : goodScript(request, provider);
};

let source: ReportSource;
beforeAll(async () => {
  source = sourceOf(await honestRun({ tasks: tasksNamed(2), candidates: ["small"], script: half }));
});

type Fields = Readonly<Record<string, unknown>>;
type Nested = Readonly<Record<string, never>>;

const textOf = (files: readonly ReportFile[], ends = ""): string => String(files.find(({ file }) => file.endsWith(ends))?.content ?? "");
const jsonOf = (files: readonly ReportFile[], ends = ""): Nested => JSON.parse(textOf(files, ends)) as Nested;
const linesOf = (files: readonly ReportFile[], ends: string): readonly Fields[] =>
  textOf(files, ends)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Fields);
const within = (text: string, ...patterns: readonly RegExp[]): Fields =>
  Object.fromEntries(patterns.map((pattern) => [String(pattern), pattern.exec(text)?.[0]]));

/** The fields that a format promises, by name. Complete by type: a new format says here what it holds. */
const PROMISED: Readonly<Record<ReportFormat, (files: readonly ReportFile[]) => Fields | Promise<Fields>>> = {
  md: (files) => within(textOf(files), /policy/i, /n=\d+|\d+ tasks/, /ms/, /task-1/),
  html: (files) => within(textOf(files), /<svg/, /task-1/, /<table/),
  csv: (files) => within(textOf(files), /^candidate,task,/, /small,task-0,.*true/),
  json: (files) => {
    const { identity, summary, routing, trials, run } = jsonOf(files) as unknown as Record<string, unknown>;
    return { identity, summary, routing, trials, run };
  },
  svg: (files) => within(textOf(files), /<svg/, /small/),
  junit: (files) =>
    within(textOf(files), /<testcase [^>]*name="[^"]+"/, /<property name="run" value="[^"]+"/, /<failure [^>]*message="[^"]+"/, /<system-out>[^<]*Attempt 1/),
  inspect: (files) => {
    const log = jsonOf(files) as unknown as { eval: Fields; stats: Fields; samples: readonly Fields[] };
    const [first = {}, second = {}] = log.samples;
    const { input, messages, events, model_usage, scores, metadata } = first;
    return {
      model: log.eval["model"],
      tags: log.eval["dataset"],
      completed_at: log.stats["completed_at"],
      input,
      messages,
      events,
      model_usage,
      scores,
      metadata,
      lost: second["scores"],
    };
  },
  otlp: (files) =>
    within(
      files.map(({ content }) => String(content)).join("\n"),
      /"traceId":"[0-9a-f]{32}"/,
      /gen_ai\.request\.model/,
      /gen_ai\.client\.operation\.duration/,
      /"name":"chat /,
      /"name":"execute_tool /,
    ),
  parquet: async (files) => {
    const bytes = files[0]?.content as Uint8Array;
    const [row = {}] = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
    const { candidate, task, family, slot_attempts, model_ms, slot_pass } = row as Record<string, unknown>;
    return { candidate, task, family, slot_attempts, model_ms, slot_pass };
  },
  "github-check": (files) => {
    const { name, conclusion, output } = jsonOf(files) as unknown as { name: string; conclusion: string; output: Fields };
    return { name, conclusion, title: output["title"], summary: output["summary"] };
  },
  "gitlab-quality": (files) => {
    const [issue = {}] = jsonOf(files) as unknown as readonly Fields[];
    const { description, check_name, fingerprint, severity, location } = issue;
    return { description, check_name, fingerprint, severity, location };
  },
  openmetrics: (files) => within(textOf(files), /bakeoff_\w+\{[^}]*candidate="small"[^}]*\} [\d.]+/, /# EOF/),
  "swe-bench": (files) => {
    const [first = {}] = linesOf(files, ".jsonl");
    return { ...first, report: jsonOf(files, "report.json") };
  },
  "multi-swe-bench": (files) => {
    const [first = {}] = linesOf(files, "patches.jsonl");
    const { resolved_ids, unresolved_ids, submitted_ids } = jsonOf(files, "final_report.json") as unknown as Fields;
    return { ...first, resolved_ids, unresolved_ids, submitted_ids };
  },
  harbor: (files) => {
    const of = (file: string): Fields => jsonOf(files, file) as unknown as Fields;
    const { stats, id, started_at } = of("/result.json");
    const { evals } = stats as { readonly evals: Readonly<Record<string, Fields>> };
    const [{ reward_stats, metrics } = {}] = Object.values(evals);
    const { trial_uri, task_checksum, agent_info, verifier_result, finished_at } = of("task-0__small__1/result.json");
    return {
      id,
      started_at,
      reward_stats,
      metrics,
      trial_uri,
      task_checksum,
      agent_info,
      verifier_result,
      finished_at,
      job_name: of("/config.json")["job_name"],
    };
  },
};

const isHollow = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0) || Number.isNaN(value);

it.each(REPORT_FORMAT_NAMES)("%s holds what it promises", async (format) => {
  const promised = await PROMISED[format](renderReport(source, format));
  expect(Object.entries(promised).flatMap(([name, value]) => (isHollow(value) ? [name] : []))).toEqual([]);
});

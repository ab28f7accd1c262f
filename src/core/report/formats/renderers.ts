// What writes each format: complete by type, so that one that is only named does not compile.
import type { ReportSource } from "../source.ts";
import { codeQualityReport } from "./code-quality.ts";
import { csvReport } from "./csv.ts";
import { githubCheckReport } from "./github-check.ts";
import { harborJob } from "./harbor-job.ts";
import { htmlReports } from "./html.ts";
import { inspectReports } from "./inspect/log.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { multiSweBenchReports } from "./multi-swe-bench.ts";
import { openMetricsReport } from "./openmetrics.ts";
import { otlpReports } from "./otlp/documents.ts";
import { parquetReport } from "./parquet.ts";
import { REPORT_FORMATS, type ReportFile, type ReportFormat } from "./registry.ts";
import { svgReport } from "./svg.ts";
import { sweBenchReports } from "./swe-bench.ts";

/** One file's content, or files of several names. */
type Renderer = (source: ReportSource) => string | Uint8Array | readonly ReportFile[];

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  md: ({ model }) => markdownReport(model),
  html: ({ model }) => htmlReports(model),
  csv: ({ model }) => csvReport(model),
  json: ({ model }) => jsonReport(model),
  svg: ({ model }) => svgReport(model),
  junit: junitReport,
  inspect: inspectReports,
  otlp: otlpReports,
  parquet: ({ model }) => parquetReport(model),
  "github-check": githubCheckReport,
  "gitlab-quality": codeQualityReport,
  openmetrics: ({ model }) => openMetricsReport(model),
  "swe-bench": sweBenchReports,
  "multi-swe-bench": multiSweBenchReports,
  harbor: harborJob,
};

/** The files of a format; every format is a pure function of the capsule. */
export function renderReport(source: ReportSource, format: ReportFormat): readonly ReportFile[] {
  const rendered = RENDERERS[format](source);
  return typeof rendered === "string" || rendered instanceof Uint8Array ? [{ file: REPORT_FORMATS[format].file, content: rendered }] : rendered;
}

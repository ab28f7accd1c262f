// What writes each format: complete by type, so that one that is only named does not compile.
import type { ReportModel } from "../model.ts";
import { csvReport } from "./csv.ts";
import { htmlReport } from "./html.ts";
import { inspectReports } from "./inspect.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { REPORT_FORMATS, type ReportFormat } from "./registry.ts";
import { svgReport } from "./svg.ts";

export interface ReportFile {
  readonly file: string;
  readonly text: string;
}

/** One text, or one a candidate. */
type Renderer = (model: ReportModel) => string | readonly { readonly candidate: string; readonly text: string }[];

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  md: markdownReport,
  html: htmlReport,
  csv: csvReport,
  json: jsonReport,
  svg: svgReport,
  junit: junitReport,
  inspect: inspectReports,
};

/** The files of a format; every format is a pure function of the record. */
export function renderReport(model: ReportModel, format: ReportFormat): readonly ReportFile[] {
  const { file } = REPORT_FORMATS[format];
  const rendered = RENDERERS[format](model);
  if (typeof rendered === "string") return [{ file, text: rendered }];
  return rendered.map(({ candidate, text }) => ({ file: file.replace("CANDIDATE", () => candidate.replaceAll(/[^A-Za-z0-9._-]/g, "_")), text }));
}

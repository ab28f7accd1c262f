// The formats that a run's report can be written in: by the name that `--format` knows each by, what it is and what its files are called.

export interface ReportFormatFacts {
  /** What it is, in help and docs. */
  readonly is: string;
  /** Where a format has several files, capitals stand for what tells them apart. */
  readonly file: string;
}

export const REPORT_FORMATS = {
  md: { is: "Markdown, for people", file: "report.md" },
  html: { is: "one page that stands alone: no script, no request", file: "report.html" },
  csv: { is: "one row a trial, for a spreadsheet or a data frame", file: "trials.csv" },
  json: { is: "everything the report says, as one document", file: "report.json" },
  svg: { is: "the chart: pass rates and latencies with their intervals", file: "report.svg" },
  junit: { is: "JUnit XML, for CI servers", file: "junit.xml" },
  inspect: { is: "evaluation logs of Inspect AI, one a candidate", file: "TIME_SUITE_ID.json" },
  otlp: { is: "OpenTelemetry traces and metrics by the GenAI conventions", file: "otlp-SIGNAL.jsonl" },
} as const satisfies Readonly<Record<string, ReportFormatFacts>>;

export interface ReportFile {
  readonly file: string;
  readonly content: string;
}

export type ReportFormat = keyof typeof REPORT_FORMATS;

/** In the order of help. */
export const REPORT_FORMAT_NAMES = Object.keys(REPORT_FORMATS) as readonly ReportFormat[];

export const isReportFormat = (name: string): name is ReportFormat => Object.hasOwn(REPORT_FORMATS, name);

// The formats that a run's report can be written in: by the name that `--format` knows each by, what it is and what its files are called.

export interface ReportFormatFacts {
  /** What it is, in help and docs. */
  readonly is: string;
  /** Where a format has several files, capitals stand for what tells them apart. */
  readonly file: string;
  /** What it carries of a run, and what it can't: for docs/REPORT_FORMATS.md. */
  readonly holds: string;
  readonly lacks: string;
}

export const REPORT_FORMATS = {
  md: {
    is: "Markdown, for people",
    file: "report.md",
    holds: "notices, identity, rates with intervals, times, routing, calibration, every trial's outcome",
    lacks: "prompts, answers, patches",
  },
  html: {
    is: "one page that stands alone: no script, no request",
    file: "report.html",
    holds: "the Markdown report, with charts; of more than 2,000 trials the lists are files beside it",
    lacks: "prompts, answers, patches",
  },
  csv: {
    is: "one row a trial, for a spreadsheet or a data frame",
    file: "trials.csv",
    holds: "the columns below",
    lacks: "types (empty is unknown), texts, events",
  },
  json: {
    is: "everything the report says, as one document",
    file: "report.json",
    holds: "the report's whole model",
    lacks: "prompts, answers, patches, events",
  },
  svg: { is: "the chart: pass rates and latencies with their intervals", file: "report.svg", holds: "the chart", lacks: "everything else" },
  junit: {
    is: "JUnit XML, for CI servers",
    file: "junit.xml",
    holds: "a case a trial: outcome, type and reason, properties, each attempt's verdict and patch as its output",
    lacks: "intervals, prompts, answers; a skipped case is a task that the policy keeps the slot out of",
  },
  inspect: {
    is: "evaluation logs of Inspect AI, one a candidate",
    file: "TIME_SUITE_ID.json",
    holds:
      "conversations, model calls with usage, times and failures, patches, verdicts, two scores with explanations, stages and attempts as spans, risk and stand-ins",
    lacks: "tools, logprobs, raw requests; an attempt's score in between; a score for tasks in no rate",
  },
  otlp: {
    is: "OpenTelemetry traces and metrics by the GenAI conventions",
    file: "otlp-SIGNAL.jsonl",
    holds: "run, trial, stage, attempt, model call and verification as spans; every other event in its span; tokens, durations, time to the first token",
    lacks: "prompts, answers, patches: each span names its event in the capsule; calibration; when a step's parts began is reckoned back from its record",
  },
  parquet: {
    is: "the CSV's table with its types, for data frames",
    file: "trials.parquet",
    holds: "the columns below, typed, null where unknown",
    lacks: "texts, events",
  },
  "github-check": {
    is: "the body of a GitHub check run",
    file: "github-check.json",
    holds: "the Markdown report as summary; fifty annotations at most, where an attempt's verdict names a place",
    lacks: "the commit: whoever posts it adds head_sha; a verdict on the change, which is the gate's",
  },
  "gitlab-quality": {
    is: "GitLab's code quality report",
    file: "gl-code-quality-report.json",
    holds: "an issue for each trial that a candidate lost, at the place that its verdict names",
    lacks: "trials that passed or are in no rate; rates",
  },
  openmetrics: {
    is: "rates with intervals for GitLab's metrics report or Prometheus",
    file: "metrics.txt",
    holds: "four rates a candidate, each with its 95 % bounds and tasks",
    lacks: "rates that could not be measured, times, trials",
  },
  "swe-bench": {
    is: "predictions and reports for SWE-bench's harness",
    file: "swe-bench/…",
    holds: "the last patch of the candidate's own attempts, and whether it resolved the task, under the names of `suite export`",
    lacks: "patches of the cloud Implementer; names of the tests that decided; trials whose patch the capsule can't tell are listed in left-out.jsonl",
  },
  "multi-swe-bench": {
    is: "patches and a final report for Multi-SWE-bench",
    file: "multi-swe-bench/…",
    holds: "the same patches by org, repo and a number that is made of the task's id, with the id beside them; counts and ids by outcome",
    lacks: "reports an instance, which name each test's result in three runs; its harness has no image for our suites, so that it reads these and runs none",
  },
  harbor: {
    is: "a job of Harbor's, with a folder a trial",
    file: "harbor/RUN/…",
    holds: "rewards of the candidates' own attempts by its verifier's name, agent, model, tokens, cost, times, the last patch; counts and rewards of the job",
    lacks: "trajectories, prompts and answers; trials of the cloud Implementer alone; its lock file, since no container of its own ran",
  },
} as const satisfies Readonly<Record<string, ReportFormatFacts>>;

export interface ReportFile {
  readonly file: string;
  readonly content: string | Uint8Array;
}

export type ReportFormat = keyof typeof REPORT_FORMATS;

/** In the order of help. */
export const REPORT_FORMAT_NAMES = Object.keys(REPORT_FORMATS) as readonly ReportFormat[];

export const isReportFormat = (name: string): name is ReportFormat => Object.hasOwn(REPORT_FORMATS, name);

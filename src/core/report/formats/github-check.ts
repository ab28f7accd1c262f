// The run as the body of a GitHub check run: a conclusion, a summary, and an annotation for each place where a candidate's patch failed.
import type { ReportedTrial, ReportSource } from "../source.ts";
import { markdownReport } from "./markdown.ts";

/** Source: GitHub's REST documentation, *Create a check run*: bounds of one request. */
const MOST_ANNOTATIONS = 50;
const MOST_CHARS = 65_000;

const PLACE = /^(.+):(\d+):(\d+)$/;

/** Whoever posts it adds `head_sha`. A run measures, and passes nobody: only one that judged nothing has failed. */
export function githubCheckReport(source: ReportSource): string {
  const { title, run, trials } = source.model;
  const judged = trials.some(({ standing }) => standing === "counted");
  const annotations = [...source.trials()].flatMap((trial) => annotationOf(trial) ?? []);
  const check = {
    name: "bakeoff",
    external_id: run.id,
    status: "completed",
    conclusion: judged ? "neutral" : "failure",
    ...(source.sealedAt === null ? {} : { completed_at: source.sealedAt }),
    output: { title, summary: cut(markdownReport(source.model)), annotations: annotations.slice(0, MOST_ANNOTATIONS) },
  };
  return `${JSON.stringify(check, null, 2)}\n`;
}

function annotationOf({ row, page }: ReportedTrial): object | null {
  if (row.slotPass !== false || page.cause === null) return null;
  const [, path, line] = PLACE.exec(page.cause.place ?? "") ?? [];
  if (path === undefined) return null;
  return {
    path,
    start_line: Number(line),
    end_line: Number(line),
    annotation_level: "notice",
    title: `${row.candidate} lost ${row.task}`,
    message: cut([page.cause.title, ...page.cause.lines].join("\n")),
  };
}

const cut = (text: string): string => (text.length <= MOST_CHARS ? text : `${text.slice(0, MOST_CHARS).toWellFormed()}\n\n… cut: the report holds all of it`);

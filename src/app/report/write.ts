// Writes a run's reports; every format is a pure function of the record.
import { join } from "node:path";
import type { RunRecord } from "../../core/capsule/record.ts";
import { csvReport } from "../../core/report/formats/csv.ts";
import { htmlReport } from "../../core/report/formats/html.ts";
import { inspectReports } from "../../core/report/formats/inspect.ts";
import { jsonReport } from "../../core/report/formats/json.ts";
import { junitReport } from "../../core/report/formats/junit.ts";
import { markdownReport } from "../../core/report/formats/markdown.ts";
import { reportModel, type ReportModel } from "../../core/report/model.ts";
import { svgReport } from "../../core/report/formats/svg.ts";
import { world } from "../compose.ts";

export interface ReportFile {
  readonly file: string;
  readonly text: string;
}

const one =
  (file: string, render: (model: ReportModel) => string) =>
  (model: ReportModel): readonly ReportFile[] => [{ file, text: render(model) }];

/** By the name that `--format` knows them by. */
export const RENDERERS: Readonly<Record<string, (model: ReportModel) => readonly ReportFile[]>> = {
  md: one("report.md", markdownReport),
  html: one("report.html", htmlReport),
  csv: one("trials.csv", csvReport),
  json: one("report.json", jsonReport),
  svg: one("report.svg", svgReport),
  junit: one("junit.xml", junitReport),
  inspect: (model) => inspectReports(model).map(({ candidate, text }) => ({ file: `inspect-${candidate.replaceAll(/[^A-Za-z0-9._-]/g, "_")}.json`, text })),
};

/** Writes the formats into a folder, each whole or not at all; gives their paths. */
export async function writeReports(record: RunRecord, folder: string, formats: readonly string[]): Promise<string[]> {
  const model = reportModel(record);
  await world.makeFolder(folder);
  const paths: string[] = [];
  for (const { file, text } of formats.flatMap((format) => RENDERERS[format]?.(model) ?? [])) {
    const path = join(folder, file);
    await world.replaceFile(path, text);
    paths.push(path);
  }
  return paths;
}

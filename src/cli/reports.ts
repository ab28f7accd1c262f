// Writes a run's reports; every format is a pure function of the record.
import { join } from "node:path";
import type { RunRecord } from "../core/capsule/record.ts";
import { csvReport } from "../core/report/csv.ts";
import { jsonReport } from "../core/report/json.ts";
import { markdownReport } from "../core/report/markdown.ts";
import { reportModel, type ReportModel } from "../core/report/model.ts";
import { world } from "./compose.ts";

export const RENDERERS: Readonly<Record<string, { readonly file: string; readonly render: (model: ReportModel) => string }>> = {
  md: { file: "report.md", render: markdownReport },
  json: { file: "report.json", render: jsonReport },
  csv: { file: "trials.csv", render: csvReport },
};

/** Writes the formats into a folder, each whole or not at all; gives their paths. */
export async function writeReports(record: RunRecord, folder: string, formats: readonly string[]): Promise<string[]> {
  const model = reportModel(record);
  await world.makeFolder(folder);
  const paths: string[] = [];
  for (const format of formats) {
    const renderer = RENDERERS[format];
    if (!renderer) continue;
    const path = join(folder, renderer.file);
    await world.replaceFile(path, renderer.render(model));
    paths.push(path);
  }
  return paths;
}

// Writes a run's reports into a folder.
import { join } from "node:path";
import type { RunRecord } from "../../core/capsule/record.ts";
import type { ReportFormat } from "../../core/report/formats/registry.ts";
import { renderReport } from "../../core/report/formats/renderers.ts";
import { reportModel } from "../../core/report/model.ts";
import type { TextFiles } from "../../ports/text-files.ts";

/** Each file whole or not at all; gives their paths. */
export async function writeReports(
  texts: Pick<TextFiles, "write">,
  record: RunRecord,
  { folder, formats, notices = [] }: { readonly folder: string; readonly formats: readonly ReportFormat[]; readonly notices?: readonly string[] },
): Promise<readonly string[]> {
  const model = reportModel(record, notices);
  const paths: string[] = [];
  for (const { file, text } of formats.flatMap((format) => renderReport(model, format))) {
    const path = join(folder, file);
    await texts.write(path, text);
    paths.push(path);
  }
  return paths;
}

// Writes a run's reports into a folder.
import { join } from "node:path";
import type { ReportFormat } from "../../core/report/formats/registry.ts";
import { renderReport } from "../../core/report/formats/renderers.ts";
import type { ReportSource } from "../../core/report/source.ts";
import type { TextFiles } from "../../ports/text-files.ts";

/** Each file whole or not at all; gives their paths. */
export async function writeReports(
  texts: Pick<TextFiles, "write" | "writeBytes">,
  source: ReportSource,
  { folder, formats }: { readonly folder: string; readonly formats: readonly ReportFormat[] },
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { file, content } of formats.flatMap((format) => renderReport(source, format))) {
    const path = join(folder, file);
    await (typeof content === "string" ? texts.write(path, content) : texts.writeBytes(path, content));
    paths.push(path);
  }
  return paths;
}

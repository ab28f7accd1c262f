// `bakeoff report`: reports from a stored capsule, to stdout or into a folder.
import { composeReport } from "../../app/compose/report.ts";
import { findPlaces } from "../../app/places.ts";
import { reportRun } from "../../app/report/report.ts";
import type { ReportOptions } from "./flags.ts";

export async function report(capsules: readonly string[], options: ReportOptions): Promise<number> {
  const { format: formats, out: folder = null } = options;
  const reported = await reportRun(composeReport(findPlaces(options)), { capsules, formats, folder });
  if ("texts" in reported) for (const text of reported.texts) process.stdout.write(text);
  else for (const path of reported.paths) process.stderr.write(`${path}\n`);
  return 0;
}

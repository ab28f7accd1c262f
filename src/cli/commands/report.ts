// `bakeoff report`: reports from a stored capsule, to stdout or into a folder.
import { foldRun } from "../../core/capsule/record.ts";
import { reportModel } from "../../core/report/model.ts";
import { world } from "../compose.ts";
import { RENDERERS, writeReports } from "../reports.ts";
import { capsulePath } from "../session.ts";

export async function report(capsule: string, options: { readonly format: string[]; readonly out?: string }): Promise<number> {
  const stored = await world.readCapsule(capsulePath(capsule));
  const record = foldRun(stored.header, stored.events);
  if (options.out === undefined) {
    const model = reportModel(record);
    for (const format of options.format) process.stdout.write(RENDERERS[format]?.render(model) ?? "");
    return 0;
  }
  for (const path of await writeReports(record, options.out, options.format)) process.stderr.write(`${path}\n`);
  return 0;
}

// `bakeoff suite export`: a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { type ExportedSuite, exportSuite } from "../../app/suite/export.ts";
import { stopSignal } from "../stop-signal.ts";
import type { SuiteExportOptions } from "./flags.ts";

export async function suiteExport(name: string, options: SuiteExportOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await exportSuite(composeSuite(places), { name, format: options.format, out: options.out ?? null }, stopSignal());
  process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : table(done, places));
  return 0;
}

function table({ suite, folder, exported, refused, features }: ExportedSuite, places: Places): string {
  const shown = places.shown(folder);
  return [
    `${exported} tasks of ${suite} in ${shown}/tasks.jsonl`,
    ...refused.map(({ task, why }) => `  ${task} is left out: ${why}`),
    `the repository that they name: git init repository && git -C repository fast-import < ${shown}/repository.fast-import`,
    ...(features.length > 0 ? [`the lines can't say so, but its tests need cargo features: ${features.join(", ")}`] : []),
    "",
  ].join("\n");
}

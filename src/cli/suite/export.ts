// `bakeoff suite export`: a suite as others read tasks, and what to do with it.
import { composeSuite } from "../../app/compose/suite.ts";
import { findPlaces, type Places } from "../../app/places.ts";
import { type ExportedSuite, exportSuite } from "../../app/suite/export.ts";
import type { ExportFormat } from "../../core/suite/shapes/shapes.ts";
import { stopSignal } from "../stop-signal.ts";
import type { SuiteExportOptions } from "./flags.ts";
import { printDocument } from "../text/documents.ts";
import { printText } from "../text/fitted.ts";

export async function suiteExport(name: string, options: SuiteExportOptions): Promise<number> {
  const places = findPlaces(options);
  const done = await exportSuite(composeSuite(places), { name, format: options.format, out: options.out ?? null }, stopSignal());
  if (options.json) printDocument<"suite export">({ format: 1, ...done });
  else printText(table(done, options.format, places));
  return 0;
}

/** What the next step is, by shape. */
const NEXT: Readonly<Record<ExportFormat, (shown: string, needs: Pick<ExportedSuite, "features" | "packages">) => readonly string[]>> = {
  "swe-bench": (shown, { features, packages }) => [
    `the repository that they name: git init repository && git -C repository fast-import < ${shown}/repository.fast-import`,
    ...(features.length > 0 ? [`the lines can't say so, but its tests need cargo features: ${features.join(", ")}`] : []),
    ...(packages.length > 0 ? [`the lines can't say so, but only these packages are built: --package ${packages.join(" ")}`] : []),
  ],
  harbor: (shown) => [`look at them: harbor lint ${shown}/*   Run an agent: harbor run --path ${shown} --agent NAME`],
};

const PLACE: Readonly<Record<ExportFormat, string>> = { "swe-bench": "/tasks.jsonl", harbor: "" };

function table({ suite, folder, exported, refused, ...needs }: ExportedSuite, format: ExportFormat, places: Places): string {
  const shown = places.shown(folder);
  return [
    `${exported} tasks of ${suite} in ${shown}${PLACE[format]}`,
    ...refused.map(({ task, why }) => `  ${task} is left out: ${why}`),
    ...NEXT[format](shown, needs),
    "",
  ].join("\n");
}

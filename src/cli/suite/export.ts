// `bakeoff suite export`: a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream.
import { relative } from "node:path";
import { suitePorts } from "../../app/compose/suite.ts";
import { type ExportedSuite, exportSuite } from "../../app/suite/export.ts";
import { interruption } from "../interrupt.ts";
import type { SuiteExportOptions } from "./flags.ts";

export async function exportTasks(name: string, options: SuiteExportOptions): Promise<number> {
  const done = await exportSuite(suitePorts(), { name, out: options.out ?? null }, interruption());
  process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : table(done));
  return 0;
}

function table({ suite, folder, exported, refused, features }: ExportedSuite): string {
  const shown = relative(process.cwd(), folder) || folder;
  return [
    `${exported} tasks of ${suite} in ${shown}/tasks.jsonl`,
    ...refused.map(({ task, why }) => `  ${task} is left out: ${why}`),
    `the repository that they name: git init repository && git -C repository fast-import < ${shown}/repository.fast-import`,
    ...(features.length > 0 ? [`the lines can't say so, but its tests need cargo features: ${features.join(", ")}`] : []),
    "",
  ].join("\n");
}

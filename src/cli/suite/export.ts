// `bakeoff suite export`: a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream.
import { join, relative, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { exportTask } from "../../core/suite/shapes/export-swe-bench.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { PreparedBase } from "../../ports/workbench.ts";
import { cores, openBench, suiteWriter, world } from "../../app/compose.ts";
import { suiteFolders } from "../../app/places.ts";

export interface ExportCommand {
  readonly format: "swe-bench";
  readonly out?: string;
  readonly json: boolean;
}

export async function exportSuite(name: string, options: ExportCommand): Promise<number> {
  const suite = await world.loadSuite(await world.findSuite(name, suiteFolders()));
  const folder = resolve(options.out ?? join("exports", suite.name));
  await suiteWriter.free(folder);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new BakeoffError("interrupted", "interrupted")));
  const open = await openBench(cores(), stop.signal);
  try {
    const bases = new Map<string, PreparedBase>();
    for (const base of suite.bases) bases.set(base.digest, await open.bench.prepare(base, stop.signal));
    return await written(suite, bases, folder, options.json);
  } finally {
    await open.close();
  }
}

async function written(suite: Suite, bases: ReadonlyMap<string, PreparedBase>, folder: string, json: boolean): Promise<number> {
  const done: { line: string; stream: Buffer }[] = [];
  const refused: { task: string; why: string }[] = [];
  for (const task of suite.tasks) {
    const exported = exportTask(suite, task, bases.get(task.base.digest) ?? { visibleTests: [], heldOutTests: [] });
    if (exported.ok) done.push(exported.task);
    else refused.push({ task: task.id, why: exported.why });
  }
  await suiteWriter.write(
    folder,
    new Map<string, string | Uint8Array>([
      ["tasks.jsonl", done.map(({ line }) => line).join("")],
      ["repository.fast-import", Buffer.concat(done.map(({ stream }) => stream))],
    ]),
  );
  const shown = relative(process.cwd(), folder) || folder;
  const features = [...new Set(suite.bases.flatMap((base) => base.features ?? []))];
  const facts = { suite: suite.name, folder, exported: done.length, refused, features };
  const text = [
    `${done.length} tasks of ${suite.name} in ${shown}/tasks.jsonl`,
    ...refused.map(({ task, why }) => `  ${task} is left out: ${why}`),
    `the repository that they name: git init repository && git -C repository fast-import < ${shown}/repository.fast-import`,
    ...(features.length > 0 ? [`the lines can't say so, but its tests need cargo features: ${features.join(", ")}`] : []),
    "",
  ].join("\n");
  process.stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : text);
  return 0;
}

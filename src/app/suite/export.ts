// Writes a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream.
import { join, resolve } from "node:path";
import { exportTask } from "../../core/suite/shapes/export-swe-bench.ts";
import type { ExportFormat } from "../../core/suite/shapes/shapes.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { PreparedBase } from "../../ports/workbench.ts";
import type { MakingPorts } from "./ports.ts";

/** What writes one task in a shape. */
const EXPORTERS: Readonly<Record<ExportFormat, typeof exportTask>> = { "swe-bench": exportTask };

export interface SuiteExportRequest {
  readonly name: string;
  readonly format: ExportFormat;
  /** Folder to make; null: exports/<suite>. */
  readonly out: string | null;
}

export interface ExportedSuite {
  readonly suite: string;
  readonly folder: string;
  readonly exported: number;
  readonly refused: readonly { readonly task: string; readonly why: string }[];
  /** Cargo features that its tests need: the lines can't say so. */
  readonly features: readonly string[];
}

type ExportPorts = Pick<MakingPorts, "suites" | "writer" | "openBench" | "workingFolder">;

export async function exportSuite(ports: ExportPorts, { name, format, out }: SuiteExportRequest, signal: AbortSignal): Promise<ExportedSuite> {
  const suite = await ports.suites.load(await ports.suites.find(name));
  const folder = resolve(ports.workingFolder, out ?? join("exports", suite.name));
  await ports.writer.free(folder);
  const bases = await preparedBases(ports, suite, signal);
  const tasks = suite.tasks.map((task) => ({
    id: task.id,
    ...EXPORTERS[format](suite, task, bases.get(task.base.digest) ?? { visibleTests: [], heldOutTests: [] }),
  }));
  const done = tasks.flatMap((result) => (result.ok ? [result.task] : []));
  await ports.writer.write(
    folder,
    new Map<string, string | Uint8Array>([
      ["tasks.jsonl", done.map(({ line }) => line).join("")],
      ["repository.fast-import", Buffer.concat(done.map(({ stream }) => stream))],
    ]),
  );
  const refused = tasks.flatMap((result) => (result.ok ? [] : [{ task: result.id, why: result.why }]));
  const features = [...new Set(suite.bases.flatMap((base) => base.features ?? []))];
  return { suite: suite.name, folder, exported: done.length, refused, features };
}

async function preparedBases(ports: ExportPorts, suite: Suite, signal: AbortSignal): Promise<ReadonlyMap<string, PreparedBase>> {
  const open = await ports.openBench(signal);
  try {
    const bases = new Map<string, PreparedBase>();
    for (const base of suite.bases) bases.set(base.digest, await open.bench.prepare(base, signal));
    return bases;
  } finally {
    await open.close();
  }
}

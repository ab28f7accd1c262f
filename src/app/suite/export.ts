// Writes a suite as others read tasks: SWE-bench-style lines with their commits, or folders for Harbor.
import { join, resolve } from "node:path";
import { exportHarborTask } from "../../core/suite/shapes/export-harbor.ts";
import { exportTask } from "../../core/suite/shapes/export-swe-bench.ts";
import type { ExportFormat } from "../../core/suite/shapes/shapes.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Content } from "../../core/text/edit.ts";
import type { PreparedBase, Workbench } from "../../ports/workbench.ts";
import type { MakingPorts } from "./ports.ts";

export interface SuiteExportRequest {
  readonly name: string;
  readonly format: ExportFormat;
  /** Folder to make; null: exports/<suite>. */
  readonly out: string | null;
}

interface Refused {
  readonly task: string;
  readonly why: string;
}

export interface ExportedSuite {
  readonly suite: string;
  readonly folder: string;
  readonly exported: number;
  readonly refused: readonly Refused[];
  /** Cargo features that its tests need: SWE-bench's lines can't say so. */
  readonly features: readonly string[];
  /** Members of the workspace that its tests are in, where these are not all: the lines can't say so either. */
  readonly packages: readonly string[];
}

type ExportPorts = Pick<MakingPorts, "suites" | "writer" | "openBench" | "workingFolder" | "program">;

interface Exported {
  readonly files: ReadonlyMap<string, Content>;
  readonly exported: number;
  readonly refused: readonly Refused[];
}

/** What writes a suite in a shape; the bench is there for whoever has to know its tests. */
const EXPORTERS: Readonly<Record<ExportFormat, (ports: ExportPorts, suite: Suite, bench: Workbench, signal: AbortSignal) => Promise<Exported>>> = {
  "swe-bench": asSweBench,
  harbor: asHarbor,
};

export async function exportSuite(ports: ExportPorts, { name, format, out }: SuiteExportRequest, signal: AbortSignal): Promise<ExportedSuite> {
  const suite = await ports.suites.load(await ports.suites.find(name));
  const folder = resolve(ports.workingFolder, out ?? join("exports", suite.name));
  await ports.writer.free(folder);
  const open = await ports.openBench(signal);
  try {
    const { files, exported, refused } = await EXPORTERS[format](ports, suite, open.bench, signal);
    await ports.writer.write(folder, files);
    const of = (key: "features" | "packages") => [...new Set(suite.bases.flatMap((base) => base[key] ?? []))];
    return { suite: suite.name, folder, exported, refused, features: of("features"), packages: of("packages") };
  } finally {
    await open.close();
  }
}

async function asSweBench(_: ExportPorts, suite: Suite, bench: Workbench, signal: AbortSignal): Promise<Exported> {
  const bases = new Map<string, PreparedBase>();
  for (const base of suite.bases) bases.set(base.digest, await bench.prepare(base, signal));
  const tasks = suite.tasks.map((task) => ({ id: task.id, ...exportTask(suite, task, bases.get(task.base.digest) ?? { visibleTests: [], heldOutTests: [] }) }));
  const done = tasks.flatMap((result) => (result.ok ? [result.task] : []));
  return {
    files: new Map<string, Content>([
      ["tasks.jsonl", done.map(({ line }) => line).join("")],
      ["repository.fast-import", Buffer.concat(done.map(({ stream }) => stream))],
    ]),
    exported: done.length,
    refused: tasks.flatMap((result) => (result.ok ? [] : [{ task: result.id, why: result.why }])),
  };
}

async function asHarbor({ program }: ExportPorts, suite: Suite, { toolchain }: Workbench): Promise<Exported> {
  const means = { rust: /\d+\.\d+\.\d+/.exec(toolchain.rustc)?.[0] ?? "1", program: await program() };
  const tasks = suite.tasks.map((task) => ({ id: task.id, ...exportHarborTask(suite, task, means) }));
  const done = tasks.flatMap((result) => (result.ok ? [result] : []));
  return {
    files: new Map(done.flatMap(({ id, files }) => [...files].map(([path, content]) => [`${id}/${path}`, content] as const))),
    exported: done.length,
    refused: tasks.flatMap((result) => (result.ok ? [] : [{ task: result.id, why: result.why }])),
  };
}

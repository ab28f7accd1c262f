// Makes a suite of tasks that were made elsewhere.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { SHAPES, type ShapeName } from "../../core/suite/shapes/shapes.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { SandboxTier } from "../../core/trial/sandbox-tier.ts";
import { type ImportOptions, type ImportResult, importTasks } from "../../suite-making/import.ts";
import type { ReadSource } from "../../suite-making/importers/importer.ts";
import { IMPORTERS } from "../../suite-making/importers/importers.ts";
import type { MadeSuite } from "../../suite-making/made-suite.ts";
import {
  buildLines,
  DEFAULTS,
  featuresOf,
  type JudgingRequest,
  type SuitePlace,
  chooseSuitePlace,
  type SuitePlaceRequest,
  withTools,
  writeMade,
} from "./making.ts";
import type { MakingPorts } from "./ports.ts";

export interface SuiteImportRequest extends JudgingRequest, SuitePlaceRequest {
  /** A file or folder, by its shape. */
  readonly source: string;
  readonly format: ShapeName;
  /** The repository that its commits are in, for shapes that name commits. */
  readonly repo?: string;
}

export interface ImportWatch {
  begin(tasks: number, tier: SandboxTier): void;
  /** What a wait is for. */
  readonly preparing: (text: string) => void;
  refused(name: string, detail: string): void;
  judged(name: string, judged: Parameters<ImportOptions["judged"]>[1], done: number, tasks: number): void;
}

export interface ImportedSuite {
  readonly place: SuitePlace;
  readonly suite: Suite;
  readonly imports: ImportResult;
  readonly seconds: number;
}

export async function importSuite(ports: MakingPorts, request: SuiteImportRequest, watch: ImportWatch, signal: AbortSignal): Promise<ImportedSuite> {
  const { source, format } = request;
  if (SHAPES[format].needsRepository && request.repo === undefined)
    throw new BakeoffError("usage", `${SHAPES[format].source} need the repository that their commits are in`, "name a local clone: --repo DIR");
  const sourceName = basename(resolve(ports.workingFolder, source));
  const place = await chooseSuitePlace(ports, request, `${sourceName.replace(/\.\w+$/, "")}-imported`);
  const start = ports.clock.now();
  const repository = SHAPES[format].needsRepository && request.repo !== undefined ? resolve(ports.workingFolder, request.repo) : null;
  const made = await withTools(ports, request, { signal, preparing: watch.preparing, repository }, async ({ judging, locking, leftOut }) =>
    withSource(ports, request, signal, async ({ foreign, refused }) => {
      watch.begin(foreign.length, judging.bench.tier);
      for (const { name, detail } of refused) watch.refused(name, detail);
      const judged: ImportOptions["judged"] = (name, result, done) => watch.judged(name, result, done, foreign.length);
      const found = await importTasks({ ...judging, ...locking, judged }, foreign);
      const imports = {
        ...found,
        leftOut: [...found.leftOut, ...leftOut],
        dropped: [...refused.map((item) => ({ ...item, reason: "shape" as const })), ...found.dropped],
      };
      if (imports.tasks.length === 0) throw nothingTaken(source, imports);
      return { imports, suite: await writeMade(ports, place, madeOf(request, sourceName, imports, judging.bench.toolchain.rustc)) };
    }),
  );
  return { ...made, place, seconds: Math.round((ports.clock.now() - start) / 1000) };
}

/** The history stays open while tasks are made of it. */
async function withSource<T>(
  ports: MakingPorts,
  { source, format, repo }: SuiteImportRequest,
  signal: AbortSignal,
  work: (read: ReadSource) => Promise<T>,
): Promise<T> {
  const needed = SHAPES[format].needsRepository ? (repo ?? null) : null;
  const history = needed === null ? null : await ports.openHistory(resolve(ports.workingFolder, needed), signal);
  try {
    const path = resolve(ports.workingFolder, source);
    return await work(await IMPORTERS[format]({ path, foreign: ports.foreign, diffTool: ports.diffTool(signal), history, signal }));
  } finally {
    await history?.close();
  }
}

const madeOf = (request: SuiteImportRequest, sourceName: string, imports: ImportResult, rustc: string): Omit<MadeSuite, "name"> => ({
  description: `Tasks taken over from ${sourceName} (${request.format}).`,
  defaults: DEFAULTS,
  features: featuresOf(request),
  tasks: imports.tasks,
  dropped: imports.dropped.map(({ name, reason, detail }) => ({ what: name, reason, detail })),
  passedOver: {},
  leftOut: imports.leftOut,
  made: [
    `made by \`bakeoff suite import --format ${request.format}\``,
    `${imports.tasks.length} tasks proved, ${request.repeats} repeats each`,
    ...buildLines(request),
    `toolchain: ${rustc}`,
  ],
});

function nothingTaken(source: string, { dropped }: ImportResult): BakeoffError {
  const why = dropped
    .slice(0, 5)
    .map(({ name, reason, detail }) => `${name}: ${reason}${detail === "" ? "" : ` (${detail})`}`)
    .join("; ");
  return new BakeoffError("usage", `nothing of ${source} can be taken over (${why || "it holds no task"})`, "see docs/SUITE_FORMAT.md for what is read");
}

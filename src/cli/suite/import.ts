// `bakeoff suite import`: a suite from tasks that were made elsewhere.
import { basename, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { EXERCISE_CONFIG, exerciseRepair } from "../../core/suite/shapes/exercism.ts";
import { HARBOR_MARKS, readHarborTask } from "../../core/suite/shapes/harbor.ts";
import { readInstances } from "../../core/suite/shapes/swe-bench.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { type Foreign, foreignFolder, foreignInstance, type Imports, importTasks } from "../../suite-making/import.ts";
import type { History } from "../../ports/repository.ts";
import { clock, openHistory, readForeignFolders, readForeignText, world } from "../../app/compose.ts";
import {
  DEFAULTS,
  featuresOf,
  type MakingOptions,
  type MakingTools,
  madeEnding,
  type Place,
  placeOf,
  reasonLines,
  withTools,
  writeMade,
} from "../../app/suite/making.ts";

export const IMPORT_FORMATS = ["swe-bench", "exercism", "harbor"] as const;

export interface ImportCommand extends MakingOptions {
  readonly format: (typeof IMPORT_FORMATS)[number];
  readonly repo?: string;
  readonly out?: string;
  readonly name?: string;
  readonly json: boolean;
}

export async function importSuite(source: string, options: ImportCommand): Promise<number> {
  if (options.format === "swe-bench" && options.repo === undefined) {
    throw new BakeoffError("usage", "SWE-bench instances need the repository that their commits are in", "name a local clone: --repo DIR");
  }
  const place = await placeOf(options, `${basename(resolve(source)).replace(/\.\w+$/, "")}-imported`);
  const start = clock.now();
  const done = await withTools(options, (tools) => importInto(source, options, place, tools));
  const seconds = Math.round((clock.now() - start) / 1000);
  process.stdout.write(options.json ? `${JSON.stringify(facts(done, place, seconds), null, 2)}\n` : table(done, place, seconds));
  return 0;
}

interface Done {
  readonly imports: Imports;
  readonly suite: Suite;
}

async function importInto(source: string, options: ImportCommand, place: Place, tools: MakingTools): Promise<Done> {
  const { judging, lockFile, open } = tools;
  const history = options.format === "swe-bench" && options.repo !== undefined ? await openHistory(resolve(options.repo), judging.signal) : null;
  try {
    const { foreign, refused } = await foreignTasks(source, options, history, judging.signal);
    process.stderr.write(`importing ${foreign.length} tasks from ${source}, sandbox ${open.tier.tier}\n`);
    for (const { name, detail } of refused) process.stderr.write(`  ${name}: shape: ${detail}\n`);
    const found = await importTasks({ ...judging, lockFile, watch: watch(foreign.length) }, foreign);
    const imports = { ...found, dropped: [...refused.map((item) => ({ ...item, reason: "shape" as const })), ...found.dropped] };
    if (imports.tasks.length === 0) throw nothingTaken(source, imports);
    return { imports, suite: await writeMade(place, { ...madeOf(source, options, imports, open.bench.toolchain.rustc), name: place.name }) };
  } finally {
    await history?.close();
  }
}

interface Read {
  readonly foreign: readonly Foreign[];
  readonly refused: readonly { readonly name: string; readonly detail: string }[];
}

async function foreignTasks(source: string, { format }: ImportCommand, history: History | null, signal: AbortSignal): Promise<Read> {
  const diffTool = world.diffTool(signal);
  if (history !== null) {
    const { instances, refused } = readInstances(await readForeignText(source));
    return {
      foreign: instances.map((item) => foreignInstance(item, history, diffTool, signal)),
      refused: refused.map(({ what, detail }) => ({ name: what, detail })),
    };
  }
  const folders = await readForeignFolders(resolve(source), format === "exercism" ? [EXERCISE_CONFIG] : HARBOR_MARKS);
  const refused: { name: string; detail: string }[] = [];
  const foreign: Foreign[] = [];
  for (const { name, tree, why } of folders) {
    const read = tree === null ? ({ ok: false, why } as const) : format === "harbor" ? readHarborTask(tree) : ({ ok: true, tree } as const);
    if (!read.ok) refused.push({ name, detail: read.why });
    else if ("task" in read) foreign.push(foreignFolder(name, read.task, diffTool));
    else foreign.push({ name, make: async () => ({ leftOut: [], ...exerciseRepair(name, read.tree) }) });
  }
  return { foreign, refused };
}

const watch =
  (count: number) =>
  (name: string, judged: Awaited<ReturnType<Foreign["make"]>> | { readonly ok: true }, done: number): void => {
    const text = judged.ok ? "proved" : `${judged.drop.reason}${judged.drop.detail === "" ? "" : `: ${judged.drop.detail.slice(0, 160)}`}`;
    process.stderr.write(`[${done}/${count}] ${name}: ${text}\n`);
  };

function madeOf(source: string, options: ImportCommand, imports: Imports, rustc: string) {
  return {
    description: `Tasks taken over from ${basename(resolve(source))} (${options.format}).`,
    defaults: DEFAULTS,
    features: featuresOf(options),
    tasks: imports.tasks,
    dropped: imports.dropped.map(({ name, reason, detail }) => ({ what: name, reason, detail })),
    passedOver: {},
    leftOut: imports.leftOut,
    made: [
      `made by \`bakeoff suite import --format ${options.format}\``,
      `${imports.tasks.length} tasks proved, ${options.repeats} repeats each`,
      `toolchain: ${rustc}`,
    ],
  };
}

function nothingTaken(source: string, { dropped }: Imports): BakeoffError {
  const why = dropped
    .slice(0, 5)
    .map(({ name, reason, detail }) => `${name}: ${reason}${detail === "" ? "" : ` (${detail})`}`)
    .join("; ");
  return new BakeoffError("usage", `nothing of ${source} can be taken over (${why || "it holds no task"})`, "see docs/SUITE_FORMAT.md for what is read");
}

function table({ imports, suite }: Done, place: Place, seconds: number): string {
  const widest = Math.max(...suite.tasks.map(({ id }) => id.length));
  const rows = suite.tasks.map(
    ({ id, kind, errorCodes, title }) => `${id.padEnd(widest)}  ${kind.padEnd(7)}  ${(errorCodes.join(" ") || "tests").padEnd(12)}  ${title}`,
  );
  return [
    ...rows,
    "",
    `${suite.name}: ${suite.tasks.length} tasks proved in ${seconds} s; root ${suite.root}`,
    ...reasonLines(imports.dropped, {}),
    ...madeEnding(place),
    "",
  ].join("\n");
}

const facts = ({ imports, suite }: Done, place: Place, seconds: number) => ({
  suite: suite.name,
  folder: place.folder,
  root: suite.root,
  tasks: imports.tasks.map(({ draft, written, compileMs, testMs, leaks, strength }) => ({
    id: written.id,
    origin: draft.repair.origin,
    kind: written.kind,
    errorCodes: written.error_codes,
    files: draft.editable,
    failToPass: written.fail_to_pass.length,
    heldOut: written.held_out.length,
    split: draft.split,
    leaks,
    strength,
    compileMs,
    testMs,
  })),
  dropped: imports.dropped,
  leftOut: imports.leftOut,
  seconds,
});

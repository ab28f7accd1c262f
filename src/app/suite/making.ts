// What the commands that make suites share: where the suite goes, the bench it is proved on, the files written and read back.
import { basename, join, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { LockFileMaker } from "../../ports/repository.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import type { Judging } from "../../suite-making/judge.ts";
import { madeFiles, type MadeSuite } from "../../suite-making/made-suite.ts";
import type { MakingPorts } from "./ports.ts";

/** A suite's name and its folder, an absolute path. */
export interface SuitePlace {
  readonly name: string;
  readonly folder: string;
}

export interface SuitePlaceRequest {
  readonly out?: string;
  readonly name?: string;
}

/** Where the suite goes and what it is called: one follows from the other. Throws `usage` where something is there already, or a name can't be one. */
export async function chooseSuitePlace(
  { workingFolder, suitesFolder, writer }: Pick<MakingPorts, "workingFolder" | "suitesFolder" | "writer">,
  { name: wanted, out }: SuitePlaceRequest,
  proposed: string,
): Promise<SuitePlace> {
  const name = wanted ?? (out === undefined ? suiteSlug(proposed) : basename(resolve(workingFolder, out)));
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new BakeoffError("usage", `${name} is no name for a suite`, "use lower-case letters, digits and dashes: --name my-crate");
  const folder = resolve(workingFolder, out ?? join(suitesFolder, name));
  if (basename(folder) !== name)
    throw new BakeoffError("usage", `--out ends in ${basename(folder)}, but the name is ${name}`, "make them the same, or leave one out");
  await writer.free(folder);
  return { name, folder };
}

/** A name that a suite may have. */
export const suiteSlug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "") || "made";

export const DEFAULTS = { compile_timeout_s: 60, test_timeout_s: 20 } as const;

/** Milliseconds that one base may take to be prepared. */
const PREPARE_LIMIT_MS = 600_000;

export interface FeatureRequest {
  readonly features?: readonly string[];
  readonly allFeatures: boolean;
}

/** What mine and import ask of each repair. */
export interface JudgingRequest extends FeatureRequest {
  readonly repeats: number;
  readonly strength: boolean;
  readonly dropWeak: boolean;
}

export const featuresOf = ({ features, allFeatures }: FeatureRequest): readonly string[] => (allFeatures ? ["*"] : (features ?? []));

const STEPS: Readonly<Record<PrepareStep["step"], string>> = {
  fetch: "fetching its dependencies",
  dependencies: "compiling its dependencies",
  "dependencies for clippy": "checking its dependencies for clippy",
  build: "building it with its tests",
  test: "running its tests",
  "build for the loop": "building it without hidden tests",
};

/** What a wait is for, in one line. */
export const preparingText = ({ base, step, crates }: PrepareStep): string =>
  `  ${base}: ${STEPS[step]}${crates === undefined ? "" : `, crate ${crates.done} of ${crates.total}`}`;

export interface MakingTools {
  readonly judging: Judging;
  readonly lockFile: LockFileMaker;
}

/** Opens a bench, lets the work be done, and closes it again. */
export async function withTools<T>(
  ports: MakingPorts,
  request: JudgingRequest,
  { signal, preparing }: { readonly signal: AbortSignal; readonly preparing: (text: string) => void },
  work: (tools: MakingTools) => Promise<T>,
): Promise<T> {
  const open = await ports.openBench(signal, (step) => preparing(preparingText(step)));
  try {
    const judging: Judging = {
      bench: open.bench,
      shelf: ports.shelf,
      search: ports.search,
      repeats: request.repeats,
      features: featuresOf(request),
      strength: request.strength || request.dropWeak ? { parse: await ports.parser(), dropWeak: request.dropWeak } : null,
      defaults: DEFAULTS,
      signal,
      prepareLimit: (outer) => ports.timeLimit(PREPARE_LIMIT_MS, outer),
    };
    return await work({ judging, lockFile: await ports.lockFiles(signal) });
  } finally {
    await open.close();
  }
}

/** Writes the suite and reads it back as every other command will. */
export async function writeMade({ writer, suites }: MakingPorts, place: SuitePlace, made: Omit<MadeSuite, "name">): Promise<Suite> {
  await writer.write(place.folder, madeFiles({ ...made, name: place.name }));
  return suites.load(place.folder);
}

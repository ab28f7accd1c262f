// What the commands that make suites share: where the suite goes, the bench it is proved on, the files written and read back.
import { basename, join, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Suite } from "../../core/suite/suite.ts";
import { type ChosenMembers, chooseMembers, memberNames, type MemberRequest, type WorkspaceMembers } from "../../core/suite/making/members.ts";
import type { IncludedFiles, SkippedFile } from "../../ports/repository.ts";
import type { PrepareStep } from "../../ports/workbench.ts";
import type { Judging } from "../../suite-making/judge.ts";
import type { LockingTools } from "../../suite-making/locked-tree.ts";
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

/** What of a repository is built, and with what. */
export interface BuildRequest {
  readonly features?: readonly string[];
  readonly allFeatures: boolean;
  /** Names, or globs of names, of members of the workspace. */
  readonly package?: readonly string[];
  readonly exclude?: readonly string[];
  /** Globs of files that git ignores, below the repository's folder. */
  readonly include?: readonly string[];
}

/** What mine and import ask of each repair. */
export interface JudgingRequest extends BuildRequest {
  readonly repeats: number;
  readonly strength: boolean;
  readonly dropWeak: boolean;
}

export const featuresOf = ({ features, allFeatures }: BuildRequest): readonly string[] => (allFeatures ? ["*"] : (features ?? []));

export const membersOf = ({ package: packages = [], exclude = [] }: BuildRequest): MemberRequest => ({ packages, exclude });

/** Throws `usage` where a package is asked for that is not there, or none is left. */
export function requireMembers(workspace: WorkspaceMembers, request: MemberRequest): ChosenMembers {
  const choice = chooseMembers(workspace, request);
  const wayOut = `there are ${memberNames(workspace.members)}`;
  if (choice.unknown.length > 0) throw new BakeoffError("usage", `the workspace has no package ${choice.unknown.join(", ")}`, wayOut);
  if (choice.chosen.length === 0) throw new BakeoffError("usage", "--exclude leaves no package of the workspace", wayOut);
  return choice;
}

/** What a suite's summary says of what was asked for beside features. */
export const buildLines = ({ package: packages = [], exclude = [], include = [] }: BuildRequest): string[] => [
  ...(packages.length + exclude.length === 0
    ? []
    : [`packages: ${[...packages.map((name) => `--package ${name}`), ...exclude.map((name) => `--exclude ${name}`)].join(" ")}`]),
  ...(include.length === 0 ? [] : [`files beside those that git has: ${include.map((glob) => `--include ${glob}`).join(" ")}`]),
];

const STEPS: Readonly<Record<PrepareStep["step"], string>> = {
  fetch: "fetching its dependencies",
  dependencies: "compiling its dependencies",
  "dependencies for clippy": "checking its dependencies for clippy",
  build: "building it with its tests",
  test: "running its tests",
  "build for the loop": "building it without hidden tests",
  clippy: "checking it with clippy",
};

/** What a wait is for, in one line. */
export const preparingText = ({ base, step, crates }: PrepareStep): string =>
  `  ${base}: ${STEPS[step]}${crates === undefined ? "" : `, crate ${crates.done} of ${crates.total}`}`;

export interface MakingTools {
  readonly judging: Judging;
  readonly locking: Omit<LockingTools, keyof Judging>;
  /** Files that were asked for and can't be part of a base. */
  readonly leftOut: readonly SkippedFile[];
}

interface ToolsRequest {
  readonly signal: AbortSignal;
  readonly preparing: (text: string) => void;
  /** The repository's folder, an absolute path; null: there is none. */
  readonly repository: string | null;
}

/** Opens a bench, lets the work be done, and closes it again. */
export async function withTools<T>(
  ports: MakingPorts,
  request: JudgingRequest,
  { signal, preparing, repository }: ToolsRequest,
  work: (tools: MakingTools) => Promise<T>,
): Promise<T> {
  const { tree: included, leftOut } = await includedOf(ports, request, repository);
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
    return await work({ judging, locking: { lockFile: await ports.lockFiles(signal), included, members: membersOf(request) }, leftOut });
  } finally {
    await open.close();
  }
}

async function includedOf(ports: MakingPorts, { include = [] }: BuildRequest, repository: string | null): Promise<IncludedFiles> {
  if (include.length === 0) return { tree: new Map(), leftOut: [] };
  if (repository !== null) return ports.included(repository, include);
  throw new BakeoffError("usage", "--include takes files of a repository, and none is named", "name it: --repo DIR");
}

/** Writes the suite and reads it back as every other command will. */
export async function writeMade({ writer, suites }: MakingPorts, place: SuitePlace, made: Omit<MadeSuite, "name">): Promise<Suite> {
  await writer.write(place.folder, madeFiles({ ...made, name: place.name }));
  return suites.load(place.folder);
}

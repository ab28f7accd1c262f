// The flags of the `suite` commands, and the options that their actions are given.
import { KINDS_HELP } from "../../core/mutation/operators/operator.ts";
import { EXPORT_FORMATS, EXPORT_SHAPES, type ExportFormat, SHAPE_NAMES, SHAPES } from "../../core/suite/shapes/shapes.ts";
import { type OptionsOf, required, several, text, toggle, value } from "../command.ts";
import { build, json, names, oneOf, whole, policy } from "../options.ts";

export const suiteListFlags = { json };
export type SuiteListOptions = OptionsOf<typeof suiteListFlags>;

export const suiteShowFlags = { json };
export type SuiteShowOptions = OptionsOf<typeof suiteShowFlags>;

export const suiteValidateFlags = {
  task: several("id", "only these tasks"),
  repeats: value("<n>", "repeats that must agree", whole(1, 20), 3),
  leaks: toggle("look for the solution's lines in all that a trial's workspace holds"),
  fresh: toggle("run everything again, also what an earlier call has seen"),
  json,
};
export type SuiteValidateOptions = OptionsOf<typeof suiteValidateFlags>;

export const suiteMutateFlags = {
  repo: required(text("<dir>", "the repository: a cargo workspace or package; it is only read")),
  max: value("<n>", "tasks wanted", whole(1, 2000), 40),
  tries: value("<n>", "try at the most so many mutants (default: about eight for each task wanted)", whole(1, 100_000)),
  ...build,
  kinds: value("<a,b>", KINDS_HELP, names),
  seed: value("<n>", "seed of every draw", whole(0, 2 ** 31), 1),
  name: text("<name>", "the suite's name (default: that of the package, with -mutants)"),
  out: text("<dir>", "the suite's folder (default: suites/<name>)"),
  strength: toggle("change each solution and count what its tests do not notice"),
  dropWeak: toggle("leave out tasks with a weak oracle (measures as --strength does)"),
  allowDirty: toggle("take uncommitted changes along"),
  json,
};
export type SuiteMutateOptions = OptionsOf<typeof suiteMutateFlags>;

/** What mine and import ask of each repair. */
const judging = {
  repeats: value("<n>", "repeats that must agree", whole(1, 20), 2),
  strength: toggle("change each repair and count what its tests do not notice"),
  dropWeak: toggle("leave out tasks with a weak oracle (measures as --strength does)"),
  ...build,
  out: text("<dir>", "folder of the suite (default: suites/<name>)"),
};

export const suiteMineFlags = {
  repo: required(text("<dir>", "git repository of a Rust workspace; it is only read")),
  since: text("<rev>", "only commits after this one (a commit, tag or branch)"),
  max: value("<n>", "stop after so many tasks", whole(1, 1000), 20),
  tries: value("<n>", "build at the most so many commits (default: ten times --max, at least 50)", whole(1, 100_000)),
  ...judging,
  name: text("<name>", "name of the suite (default: <folder of the repository>-mined)"),
  json,
};
export type SuiteMineOptions = OptionsOf<typeof suiteMineFlags>;

const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;

const SHAPES_WITH_REPOSITORY = SHAPE_NAMES.filter((name) => SHAPES[name].needsRepository).join(", ");

export const suiteImportFlags = {
  format: required(value("<format>", `what the source is: ${listed(SHAPE_NAMES)}`, oneOf(SHAPE_NAMES))),
  repo: text("<dir>", `git repository that the tasks' commits are in (${SHAPES_WITH_REPOSITORY}); it is only read`),
  ...judging,
  name: text("<name>", "name of the suite (default: <source>-imported)"),
  json,
};
export type SuiteImportOptions = OptionsOf<typeof suiteImportFlags>;

export const fromTrafficFlags = {
  suite: value("<name|dir>", "the suite whose tasks were asked about", (word: string) => word, "reflex-patchloop-v1"),
  out: text("<dir>", "folder to make (default: traffic/<suite>)"),
  policy,
  json,
};
export type FromTrafficOptions = OptionsOf<typeof fromTrafficFlags>;

export const suiteExportFlags = {
  format: value<ExportFormat>(
    "<format>",
    `what to write: ${EXPORT_FORMATS.map((name) => `${name} (${EXPORT_SHAPES[name]})`).join(", ")}`,
    oneOf(EXPORT_FORMATS),
    "swe-bench",
  ),
  out: text("<dir>", "folder to make (default: exports/<suite>)"),
  json,
};
export type SuiteExportOptions = OptionsOf<typeof suiteExportFlags>;

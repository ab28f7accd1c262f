// The words of the `suite` commands.
import { command, group, type OptionsOf, required, several, text, toggle, value } from "../command.ts";
import { features, json, names, oneOf, whole } from "../options.ts";

const listFlags = { json };
export type SuiteListOptions = OptionsOf<typeof listFlags>;

const showFlags = { json };
export type SuiteShowOptions = OptionsOf<typeof showFlags>;

const validateFlags = {
  task: several("id", "only these tasks"),
  repeats: value("<n>", "repeats that must agree", whole(1, 20), 3),
  leaks: toggle("look for the solution's lines in all that a trial's workspace holds"),
  json,
};
export type SuiteValidateOptions = OptionsOf<typeof validateFlags>;

const mutateFlags = {
  repo: required(text("<dir>", "the repository: a cargo workspace or package; it is only read")),
  max: value("<n>", "tasks wanted", whole(1, 2000), 40),
  ...features,
  kinds: value("<a,b>", "operators, or the groups compile and behaviour (default: all)", names),
  seed: value("<n>", "seed of every draw", whole(0, 2 ** 31), 1),
  name: text("<name>", "the suite's name (default: that of the package, with -mutants)"),
  out: text("<dir>", "the suite's folder (default: suites/<name>)"),
  strength: toggle("change each solution and count what its tests do not notice"),
  dropWeak: toggle("leave out tasks with a weak oracle (measures as --strength does)"),
  allowDirty: toggle("take uncommitted changes along"),
  json,
};
export type SuiteMutateOptions = OptionsOf<typeof mutateFlags>;

/** What mine and import ask of each repair. */
const judging = {
  repeats: value("<n>", "repeats that must agree", whole(1, 20), 2),
  strength: toggle("change each repair and count what its tests do not notice"),
  dropWeak: toggle("leave out tasks with a weak oracle (measures as --strength does)"),
  ...features,
  out: text("<dir>", "folder of the suite (default: suites/<name>)"),
};

const mineFlags = {
  repo: required(text("<dir>", "git repository of a Rust workspace; it is only read")),
  since: text("<rev>", "only commits after this one (a commit, tag or branch)"),
  max: value("<n>", "stop after so many tasks", whole(1, 1000), 20),
  tries: value("<n>", "build at the most so many commits (default: ten times --max, at least 50)", whole(1, 100_000)),
  ...judging,
  name: text("<name>", "name of the suite (default: <folder of the repository>-mined)"),
  json,
};
export type SuiteMineOptions = OptionsOf<typeof mineFlags>;

const importFlags = {
  format: required(value("<format>", "what the source is: swe-bench, exercism or harbor", oneOf(["swe-bench", "exercism", "harbor"]))),
  repo: text("<dir>", "git repository that the instances' commits are in (swe-bench); it is only read"),
  ...judging,
  name: text("<name>", "name of the suite (default: <source>-imported)"),
  json,
};
export type SuiteImportOptions = OptionsOf<typeof importFlags>;

const exportFlags = {
  format: value<"swe-bench">("<format>", "what to write: swe-bench", oneOf(["swe-bench"]), "swe-bench"),
  out: text("<dir>", "folder to make (default: exports/<suite>)"),
  json,
};
export type SuiteExportOptions = OptionsOf<typeof exportFlags>;

export const suiteCommand = group({
  does: "the suites of tasks",
  example: "bakeoff suite show reflex-patchloop-v1",
  byDefault: "list",
  commands: {
    list: command({
      does: "the suites there are",
      flags: listFlags,
      example: "bakeoff suite list",
      run: async (options) => (await import("./look.ts")).list(options),
    }),
    show: command({
      does: "a suite's tasks",
      takes: ["<suite>"],
      flags: showFlags,
      example: "bakeoff suite show reflex-patchloop-v1",
      run: async (options, suite: string) => (await import("./look.ts")).show(suite, options),
    }),
    mine: command({
      does: "a suite from a repository's history: commits whose tests fail without their change and pass with it",
      flags: mineFlags,
      example: "bakeoff suite mine --repo ../my-crate --since v1.0.0 --max 10",
      run: async (options) => (await import("./mine.ts")).mine(options),
    }),
    import: command({
      does: "a suite from tasks made elsewhere: SWE-bench-style JSON lines, Exercism exercises, Harbor or Terminal-Bench folders",
      takes: ["<source>"],
      flags: importFlags,
      example: "bakeoff suite import --format swe-bench tasks.jsonl --repo ../my-crate",
      run: async (options, source: string) => (await import("./import.ts")).importSuite(source, options),
    }),
    export: command({
      does: "a suite as SWE-bench-style JSON lines, with the commits that they name as a git stream",
      takes: ["<suite>"],
      flags: exportFlags,
      example: "bakeoff suite export reflex-patchloop-v1 --out /tmp/tasks",
      run: async (options, suite: string) => (await import("./export.ts")).exportSuite(suite, options),
    }),
    validate: command({
      does: "prove a suite: each break fails as declared, doing nothing fails, the solution passes, deleting does not",
      takes: ["<suite>"],
      flags: validateFlags,
      example: "bakeoff suite validate reflex-patchloop-v1",
      run: async (options, suite: string) => (await import("./look.ts")).validate(suite, options),
    }),
    mutate: command({
      does: "make a suite of your own repository: changes of its code that its tests notice, each proved",
      flags: mutateFlags,
      example: "bakeoff suite mutate --repo ../my-crate --max 40 --kinds compile,boundary",
      run: async (options) => (await import("./mutate.ts")).mutate(options),
    }),
  },
});

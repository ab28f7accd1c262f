// The `suite` commands.
import { SHAPE_NAMES, SHAPES } from "../../core/suite/shapes/shapes.ts";
import { command, group } from "../command.ts";
import {
  fromTrafficFlags,
  suiteExportFlags,
  suiteImportFlags,
  suiteListFlags,
  suiteMineFlags,
  suiteMutateFlags,
  suiteShowFlags,
  suiteValidateFlags,
} from "./flags.ts";

export const suiteCommand = group({
  does: "the suites of tasks",
  example: "bakeoff suite show reflex-patchloop-v1",
  byDefault: "list",
  commands: {
    list: command({
      does: "the suites there are",
      flags: suiteListFlags,
      example: "bakeoff suite list",
      run: async (options) => (await import("./list.ts")).suiteList(options),
    }),
    show: command({
      does: "a suite's tasks",
      takes: ["<suite>"],
      flags: suiteShowFlags,
      example: "bakeoff suite show reflex-patchloop-v1",
      run: async (options, suite: string) => (await import("./show.ts")).suiteShow(suite, options),
    }),
    mine: command({
      does: "a suite from a repository's history: commits whose tests fail without their change and pass with it",
      flags: suiteMineFlags,
      example: "bakeoff suite mine --repo ../my-crate --since v1.0.0 --max 10",
      run: async (options) => (await import("./mine.ts")).suiteMine(options),
    }),
    import: command({
      does: `a suite from tasks made elsewhere: ${SHAPE_NAMES.map((name) => SHAPES[name].source).join(", ")}`,
      takes: ["<source>"],
      flags: suiteImportFlags,
      example: "bakeoff suite import --format swe-bench tasks.jsonl --repo ../my-crate",
      run: async (options, source: string) => (await import("./import.ts")).suiteImport(source, options),
    }),
    "from-traffic": command({
      does: "logs of real calls (LiteLLM's or OpenAI's), sorted: answers to tasks of a suite, to be scored, and what can't be verified",
      takes: ["<file>"],
      flags: fromTrafficFlags,
      example: "bakeoff suite from-traffic litellm.jsonl --suite my-suite",
      run: async (options, file: string) => (await import("./from-traffic.ts")).fromTraffic(file, options),
    }),
    export: command({
      does: "a suite as others read it: SWE-bench-style JSON lines, or task folders for Harbor",
      takes: ["<suite>"],
      flags: suiteExportFlags,
      example: "bakeoff suite export reflex-patchloop-v1 --out /tmp/tasks",
      run: async (options, suite: string) => (await import("./export.ts")).suiteExport(suite, options),
    }),
    validate: command({
      does: "prove a suite: each break fails as declared, doing nothing fails, the solution passes, deleting does not",
      takes: ["<suite>"],
      flags: suiteValidateFlags,
      example: "bakeoff suite validate reflex-patchloop-v1",
      run: async (options, suite: string) => (await import("./validate.ts")).suiteValidate(suite, options),
    }),
    mutate: command({
      does: "make a suite of your own repository: changes of its code that its tests notice, each proved",
      flags: suiteMutateFlags,
      example: "bakeoff suite mutate --repo ../my-crate --max 40 --kinds compile,boundary",
      run: async (options) => (await import("./mutate.ts")).suiteMutate(options),
    }),
  },
});

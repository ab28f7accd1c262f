// What the suite commands reach the world by, built of adapters.
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { gitDiffTool } from "../../adapters/git/diff-tool.ts";
import { openHistory } from "../../adapters/git/history.ts";
import { openRepositories } from "../../adapters/repository/copy.ts";
import { foreignTasks } from "../../adapters/suites/foreign-folders.ts";
import { suiteFiles } from "../../adapters/suites/suite-files.ts";
import { suiteWriter } from "../../adapters/suites/suite-writer.ts";
import { openShelf } from "../../adapters/suites/verdict-shelf.ts";
import { loadRustParser } from "../../adapters/syntax/rust-syntax.ts";
import { lockFileMaker } from "../../adapters/workbench/lock-file.ts";
import { findToolchain } from "../../adapters/workbench/toolchain.ts";
import { clock, openBench, workspaceSearch } from "../compose.ts";
import { cacheRoot, suiteFolders } from "../places.ts";
import type { MakingPorts } from "../suite/ports.ts";

export function suitePorts(): MakingPorts {
  const cores = availableParallelism();
  return {
    clock,
    workingFolder: process.cwd(),
    suites: suiteFiles(suiteFolders()),
    openBench: (signal) => openBench(cores, signal),
    search: workspaceSearch(),
    taskSlot: pLimit(cores + 1),
    writer: suiteWriter,
    shelf: openShelf(cacheRoot()),
    parser: loadRustParser,
    lockFiles: async (signal) => lockFileMaker(await findToolchain("/", signal)),
    repositories: async (signal) => openRepositories(await findToolchain("/", signal)),
    openHistory,
    diffTool: gitDiffTool,
    foreign: foreignTasks,
    timeLimit: (ms, signal) => AbortSignal.any([signal, AbortSignal.timeout(ms)]),
  };
}

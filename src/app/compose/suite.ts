// What the suite commands work with.
import { gitDiffTool } from "../../adapters/git/diff-tool.ts";
import { openHistory } from "../../adapters/git/history.ts";
import { openRepositories } from "../../adapters/repository/copy.ts";
import { includedFiles } from "../../adapters/repository/included-files.ts";
import { foreignTasks } from "../../adapters/suites/foreign-folders.ts";
import { suiteFiles } from "../../adapters/suites/suite-files.ts";
import { suiteWriter } from "../../adapters/suites/suite-writer.ts";
import { openShelf } from "../../adapters/suites/verdict-shelf.ts";
import { packProgram } from "../../adapters/suites/program.ts";
import { loadRustParser } from "../../adapters/syntax/rust-syntax.ts";
import { lockFileMaker } from "../../adapters/workbench/lock-file.ts";
import { BaseCache } from "../../adapters/workbench/base-cache.ts";
import { openWorkspaceSearch } from "../../adapters/workbench/cargo/workspace-search.ts";
import { findToolchain } from "../../adapters/workbench/cargo/toolchain.ts";
import type { Places } from "../places.ts";
import type { MakingPorts } from "../suite/ports.ts";
import { clock, cores, slots } from "./parts/system.ts";
import { benchOpener } from "./parts/workbench.ts";

export const composeSuite = ({ workingFolder, suites, suiteFolders, cacheRoot, packageRoot }: Places): MakingPorts => ({
  clock,
  workingFolder,
  suitesFolder: suites,
  suites: suiteFiles(suiteFolders),
  openBench: (signal, preparing) => benchOpener(cacheRoot)(cores(), signal, preparing),
  search: openWorkspaceSearch(new BaseCache(cacheRoot)),
  taskSlot: slots(cores() + 1),
  writer: suiteWriter,
  program: () => packProgram(packageRoot),
  shelf: openShelf(cacheRoot),
  parser: loadRustParser,
  lockFiles: async (signal) => lockFileMaker(await findToolchain("/", signal)),
  repositories: async (signal) => openRepositories(await findToolchain("/", signal)),
  included: includedFiles,
  openHistory,
  diffTool: gitDiffTool,
  foreign: foreignTasks,
  timeLimit: (ms, signal) => AbortSignal.any([signal, AbortSignal.timeout(ms)]),
});

// Builds what `replay` reaches the world through.
import { setImmediate } from "node:timers/promises";
import { diskNewFiles } from "../../adapters/files/new-files.ts";
import { trustedKeys } from "../../adapters/capsules/signature-file.ts";
import { gitDiffTool } from "../../adapters/git/diff-tool.ts";
import { loadPolicy } from "../../adapters/policies/policy-files.ts";
import type { Places } from "../places.ts";
import type { ReplayPorts } from "../replay/replay-capsule.ts";
import { storedCapsules } from "./capsule.ts";
import { suiteLoader } from "./parts/suites.ts";
import { cores, keepHeapSmall } from "./parts/system.ts";
import { benchOpener } from "./parts/workbench.ts";

export const composeReplay = (places: Places): ReplayPorts => ({
  capsules: storedCapsules,
  places,
  trustedKeys,
  loadSuite: suiteLoader(places.suiteFolders),
  loadPolicy,
  openBench: (signal) => benchOpener(places.cacheRoot)(cores(), signal),
  diffTool: gitDiffTool,
  files: diskNewFiles,
  turn: () => setImmediate(undefined),
  keepHeapSmall,
});

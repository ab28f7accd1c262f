// Builds what the viewer reaches the world through.
import { diskTexts } from "../../adapters/files/text-files.ts";
import { loadPolicy } from "../../adapters/policies/policy-files.ts";
import { readAsset } from "../../adapters/view/assets.ts";
import { openBrowser } from "../../adapters/view/browser.ts";
import { startViewServer } from "../../adapters/view/server.ts";
import type { Places } from "../places.ts";
import { replayCapsule } from "../replay/replay-capsule.ts";
import type { SiteExportPorts } from "../view/export.ts";
import type { ServeViewPorts } from "../view/serve.ts";
import { namedRuns } from "../../core/capsule/set-name.ts";
import { withSet } from "../view/set-library.ts";
import { composeLibrary } from "./parts/library.ts";
import { baselinesOf } from "./trend.ts";
import { composeReplay } from "./replay.ts";
import { suiteLoader } from "./parts/suites.ts";

export function composeView(places: Places, runs: readonly string[], signal: AbortSignal): ServeViewPorts & SiteExportPorts {
  const replay = { reexecute: false, policyFile: null, compare: null, trusted: [], suite: null, reports: null, json: null, reexecuted: () => undefined };
  return {
    library: runs.length === 0 ? composeLibrary(places) : withSet(composeLibrary(places, runs.flatMap(namedRuns))),
    loadSuite: suiteLoader(places.suiteFolders),
    audit: async (capsule) => (await replayCapsule({ ...composeReplay(places), keepHeapSmall: () => undefined }, { ...replay, capsule }, signal)).model,
    baselines: baselinesOf(places),
    policyHere: (createdAt) => loadPolicy(places.defaultPolicy, createdAt),
    asset: (file) => readAsset(places.packageRoot, file),
    places,
    texts: diskTexts,
    start: startViewServer,
    openBrowser,
  };
}

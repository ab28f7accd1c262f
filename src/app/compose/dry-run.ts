// Builds what a run is forecast with: no workbench, no journal.
import type { Places } from "../places.ts";
import { newestCapsuleIfAny } from "../gate/capsules.ts";
import type { DryRunPorts } from "../run/dry-run.ts";
import { composeGate } from "./gate.ts";
import { policyStore } from "./parts/policies.ts";
import { composeServers } from "./serve.ts";
import { servingOf } from "./parts/serving.ts";
import { suiteLoader } from "./parts/suites.ts";

export const composeDryRun = (places: Places): DryRunPorts => ({
  loadSuite: suiteLoader(places.suiteFolders),
  policies: policyStore(places.cacheRoot),
  serving: (snapshot) => servingOf(snapshot, places.cacheRoot),
  servers: composeServers(places),
  spending: async (candidates) => {
    const reader = composeGate(places);
    const path = await newestCapsuleIfAny(reader.capsules, candidates);
    return path === null ? [] : [(await reader.readCapsule(path)).run.spending];
  },
});

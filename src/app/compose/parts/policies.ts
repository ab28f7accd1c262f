// Policies from their files, with the last good ones in the cache.
import { loadLastGood, keepLastGood } from "../../../adapters/policies/last-good.ts";
import { loadPolicy, loadPolicyFiles } from "../../../adapters/policies/policy-files.ts";
import { watchedPolicy } from "../../../adapters/policies/watched-policy.ts";
import type { LoadPolicy, PolicyStore } from "../../../ports/policies.ts";
import { clock } from "./system.ts";

export const policyLoader: LoadPolicy = (policyFile) => loadPolicy(policyFile, clock.wall());

export const policyStore = (cacheRoot: string): PolicyStore => ({
  load: (sources) => loadPolicyFiles(sources, clock.wall()),
  keepLastGood: (sources, loaded) => keepLastGood(cacheRoot, sources, loaded),
  lastGood: (sources) => loadLastGood(cacheRoot, sources),
  watch: (sources) => watchedPolicy(sources, clock.wall),
});

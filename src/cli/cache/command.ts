// The `cache` commands.
import { group, homeless } from "../command.ts";
import { cacheListFlags, cachePruneFlags } from "./flags.ts";

export const cacheCommand = group({
  does: "prepared bases on this machine: what they take, and how they go",
  example: "bakeoff cache list",
  byDefault: "list",
  commands: {
    list: homeless({
      does: "the prepared bases in the cache, with their sizes, oldest first",
      flags: cacheListFlags,
      example: "bakeoff cache list",
      run: async (options) => (await import("./action.ts")).cacheList(options),
    }),
    prune: homeless({
      does: "remove bases by age or until the rest fits a size; only says which, without --yes",
      flags: cachePruneFlags,
      example: "bakeoff cache prune --max-size 20GB --yes",
      run: async (options) => (await import("./action.ts")).cachePrune(options),
    }),
  },
});

// Builds what the cache is listed and pruned through.
import { BaseCache } from "../../adapters/workbench/base-cache.ts";
import type { CachePorts } from "../cache/cache.ts";
import type { Places } from "../places.ts";

export function composeCache({ cacheRoot }: Pick<Places, "cacheRoot">): CachePorts {
  const cache = new BaseCache(cacheRoot);
  return { root: cacheRoot, now: () => new Date(), list: () => cache.list(), remove: (keys) => cache.remove(keys) };
}

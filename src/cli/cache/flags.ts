// The flags of the `cache` commands.
import { FlagError, type OptionsOf, toggle, value } from "../command.ts";
import { json, whole } from "../options.ts";

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** `20GB` in bytes. */
function byteSize(word: string): number {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)(MB|GB|TB)$/.exec(word) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new FlagError("Write it as 500MB or 20GB.");
  return Number(count) * factor;
}

export const cacheListFlags = { json };
export type CacheListOptions = OptionsOf<typeof cacheListFlags>;

export const cachePruneFlags = {
  days: value("<n>", "what was not used for so many days", whole(0, 10_000)),
  maxSize: value("<size>", "the oldest, until the rest is no larger than this: 500MB, 20GB", byteSize),
  yes: toggle("remove it; without this it is only said what would go"),
  json,
};
export type CachePruneOptions = OptionsOf<typeof cachePruneFlags>;

// `bakeoff cache list` and `prune`: what lies on the disk, and what goes of it.
import { type CachedBase, listCache, pruneCache } from "../../app/cache/cache.ts";
import { composeCache } from "../../app/compose/cache.ts";
import { findPlaces } from "../../app/places.ts";
import { printDocument } from "../text/documents.ts";
import { fixed } from "../../core/text/figures.ts";
import type { CacheListOptions, CachePruneOptions } from "./flags.ts";

export async function cacheList({ json }: CacheListOptions): Promise<number> {
  const facts = await listCache(composeCache(findPlaces({})));
  if (json) printDocument<"cache list">({ format: 1, root: facts.root, bytes: facts.bytes, bases: facts.bases.map(rowOf) });
  else process.stdout.write(`${[...facts.bases.map(lineOf), `${facts.root}: ${facts.bases.length} prepared bases, ${megabytes(facts.bytes)}`].join("\n")}\n`);
  return 0;
}

export async function cachePrune({ days, maxSize, yes, json }: CachePruneOptions): Promise<number> {
  const gone = await pruneCache(composeCache(findPlaces({})), { days: days ?? null, maxBytes: maxSize ?? null, confirmed: yes });
  const bytes = gone.reduce((sum, base) => sum + base.bytes, 0);
  if (json) printDocument<"cache prune">({ format: 1, removed: yes, bytes, bases: gone.map(rowOf) });
  else process.stdout.write(`${[...gone.map(lineOf), `${gone.length} bases, ${megabytes(bytes)}: ${yes ? "removed" : "would go with --yes"}`].join("\n")}\n`);
  return 0;
}

const rowOf = ({ key, bytes, lastUsed }: CachedBase) => ({ key, bytes, lastUsed: lastUsed.toISOString() });
const lineOf = ({ key, bytes, lastUsed }: CachedBase): string => `${lastUsed.toISOString().slice(0, 16)}  ${megabytes(bytes).padStart(10)}  ${key}`;
const megabytes = (bytes: number): string => `${fixed(bytes / 1e6, 1)} MB`;

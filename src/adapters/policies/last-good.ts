// The last good policy of each policy file, kept in the cache for the day on which the file can't be loaded.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hashOf } from "../../core/base/canonical.ts";
import { type LastGood, lastGoodText, readLastGood } from "../../core/policy/fallback.ts";
import type { LoadedPolicy, PolicySources } from "../../ports/policies.ts";
import { makeFolder, replaceFile } from "../files/disk.ts";

/** One file for each policy and spec, so that no workspace is served by another's policy. */
function placeOf(cacheRoot: string, { policyFile, specFile }: PolicySources): string {
  const key = hashOf([resolve(policyFile), specFile === null ? null : resolve(specFile)]).slice(0, 32);
  return join(cacheRoot, "policy", `${key}.json`);
}

/** Keeps a snapshot that was loaded whole. What was overridden for one run is good for that run only. */
export async function keepLastGood(cacheRoot: string, sources: PolicySources, loaded: LoadedPolicy): Promise<void> {
  if (sources.overrides.length > 0) return;
  const place = placeOf(cacheRoot, sources);
  if ((await fetchLastGood(cacheRoot, sources))?.snapshot.hash === loaded.snapshot.hash) return;
  await makeFolder(dirname(place));
  await replaceFile(place, lastGoodText(loaded.snapshot, loaded.signatureText));
}

/** The kept snapshot, or null where there is none, or none that is still whole. */
export async function fetchLastGood(cacheRoot: string, sources: PolicySources): Promise<LastGood | null> {
  if (sources.overrides.length > 0) return null;
  const text = await readFile(placeOf(cacheRoot, sources), "utf8").catch(() => null);
  return text === null ? null : readLastGood(text);
}

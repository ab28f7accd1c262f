// The last good snapshot of each policy file, kept in the cache for when the file can't be loaded.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { hashOf } from "../../core/base/canonical.ts";
import { type LastGood, lastGoodText, readLastGood } from "../../core/policy/fallback.ts";
import type { LoadedPolicy, PolicySources } from "../../ports/policies.ts";
import { makeFolder, replaceFile } from "../files/disk.ts";

/** One file per policy and spec, so that no workspace gets another's policy. */
function placeOf(cacheRoot: string, { policyFile, specFile }: PolicySources): string {
  const key = hashOf([resolve(policyFile), specFile === null ? null : resolve(specFile)]).slice(0, 32);
  return join(cacheRoot, "policy", `${key}.json`);
}

const isOfOneRun = ({ overrides, revision }: PolicySources): boolean => overrides.length > 0 || revision !== undefined;

/** Stores a snapshot that was loaded without errors. Overrides of one run, and what a revision holds, are not stored. */
export async function keepLastGood(cacheRoot: string, sources: PolicySources, loaded: LoadedPolicy): Promise<void> {
  if (isOfOneRun(sources)) return;
  const place = placeOf(cacheRoot, sources);
  if ((await loadLastGood(cacheRoot, sources))?.snapshot.hash === loaded.snapshot.hash) return;
  await makeFolder(dirname(place));
  await replaceFile(place, lastGoodText(loaded.snapshot, loaded.signatureText));
}

/** The stored snapshot, or null if there is none or it is no longer intact. */
export async function loadLastGood(cacheRoot: string, sources: PolicySources): Promise<LastGood | null> {
  if (isOfOneRun(sources)) return null;
  const text = await readFile(placeOf(cacheRoot, sources), "utf8").catch(() => null);
  return text === null ? null : readLastGood(text);
}

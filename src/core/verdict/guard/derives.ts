// Types whose comparison and debug form the base derives, and a patch takes into its own hands.
import { derivedTypes } from "../../rust/derived-types.ts";
import type { PatchNote } from "../verdict.ts";

const MOST = 10;

/**
 * One note for each type of a file that derives `Debug` and `PartialEq` in the base and does not in the patched text (or is gone from it). A
 * held-out test that takes its expected value from a function knows a value by these two alone. There are good reasons to write them.
 */
export function derivesRemoved(path: string, base: string | null, patched: string): readonly PatchNote[] {
  if (base === null) return [];
  const left = derivedTypes([patched]);
  const removed = [...derivedTypes([base])].filter((name) => !left.has(name));
  return removed
    .slice(0, MOST)
    .map((name) => ({ rule: "derive-removed", detail: `${path}: ${name} no longer derives Debug and PartialEq, by which tests know its values` }));
}

// What observed tests told, read back and held against what the reference told: by test and place, in order.

import type { ObservedDifference } from "../verdict.ts";

/** One value that an assertion saw. */
export interface Observation {
  /** The test's name as the binary prints it; `?` where a thread of its own told it. */
  readonly test: string;
  /** `line:column` of the assertion in the observed form. */
  readonly site: string;
  readonly kind: "left" | "right" | "left-part" | "right-part" | "bit";
  /** `Debug` text, escaped; `true` or `false` for a bit. */
  readonly value: string;
}

const KINDS = new Set<string>(["left", "right", "left-part", "right-part", "bit"]);

/** The records of one process. Lines that no observed test writes are the patch's own: they are counted, and read as nothing. */
export function readObservations(text: string): { readonly observations: readonly Observation[]; readonly foreign: number } {
  const observations: Observation[] = [];
  let foreign = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [test = "", site = "", kind = "", value, ...more] = line.split("\t");
    if (value !== undefined && more.length === 0 && KINDS.has(kind) && /^\d+:\d+$/.test(site))
      observations.push({ test, site, kind: kind as Observation["kind"], value });
    else foreign += 1;
  }
  return { observations, foreign };
}

/** What a held-out test's assertions tell: values, and mere bits (a condition held or not, a test passed or not). */
export interface ObservationCount {
  readonly values: number;
  readonly bits: number;
}

/** Observations by test, of the values by key that a binary told. A boolean is a bit, whichever side it stands on; parts are of a value that counts. */
export function countObservations(reference: Readonly<Record<ObservationKey, string>>): ReadonlyMap<string, ObservationCount> {
  const counts = new Map<string, ObservationCount>();
  for (const [key, value] of Object.entries(reference)) {
    const [test = "", , kind] = key.split("\t");
    if (kind?.endsWith("-part") === true) continue;
    const isBit = kind === "bit" || value === "true" || value === "false";
    const { values, bits } = counts.get(test) ?? { values: 0, bits: 0 };
    counts.set(test, isBit ? { values, bits: bits + 1 } : { values: values + 1, bits });
  }
  return counts;
}

/** Test, place, kind and how often that place was passed before: what an observation is compared by. */
export type ObservationKey = string;

/**
 * Values by key. A test's own thread keeps its order; what several threads of a test tell (`?`) has none, and is sorted by value
 * before it is counted.
 */
export function keyed(observations: readonly Observation[]): ReadonlyMap<ObservationKey, string> {
  const places = new Map<string, string[]>();
  for (const { test, site, kind, value } of observations) {
    const place = `${test}\t${site}\t${kind}`;
    const values = places.get(place);
    if (values) values.push(value);
    else places.set(place, [value]);
  }
  const all = new Map<ObservationKey, string>();
  for (const [place, values] of places) {
    const ordered = place.startsWith("?\t") ? values.toSorted() : values;
    for (const [index, value] of ordered.entries()) all.set(`${place}\t${index}`, value);
  }
  return all;
}

/** The keys whose value is the same in every one of several runs of one tree: the others say nothing about a patch. */
export function stable(runs: readonly ReadonlyMap<ObservationKey, string>[]): ReadonlyMap<ObservationKey, string> {
  const [first, ...others] = runs;
  return new Map([...(first ?? [])].filter(([key, value]) => others.every((run) => run.get(key) === value)));
}

/** Where a run differs from the reference. What the run tells beyond the reference is no evidence: a loop may end later. */
export function differences(reference: ReadonlyMap<ObservationKey, string>, seen: ReadonlyMap<ObservationKey, string>): readonly ObservedDifference[] {
  const found: ObservedDifference[] = [];
  for (const [key, expected] of reference) {
    const value = seen.get(key) ?? null;
    if (value !== expected) found.push({ key, expected, seen: value });
  }
  return found;
}

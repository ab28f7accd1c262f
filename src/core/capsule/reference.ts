// The texts that a run refers to; a capsule holds no others.
import type { Sha256 } from "../base/canonical.ts";
import { type EventLine, type Header, lineText } from "./line.ts";

/** Every hash that is a whole string in the text of a line. */
export function* hashesIn(text: string): Generator<Sha256> {
  for (const [, hash] of text.matchAll(/"([0-9a-f]{64})"/g)) if (hash !== undefined) yield hash;
}

export const referredByHeader = (header: Header): Iterable<Sha256> => hashesIn(lineText(header));

/** Every hash that the header or an event names, for whatever purpose. */
export function referredHashes(header: Header, events: readonly EventLine[]): ReadonlySet<Sha256> {
  const found = new Set<Sha256>(referredByHeader(header));
  for (const line of events) for (const hash of hashesIn(lineText(line))) found.add(hash);
  return found;
}

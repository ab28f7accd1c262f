// The texts that a run refers to; a capsule holds no others.
import type { Sha256 } from "../base/canonical.ts";
import type { EventLine, Header } from "./line.ts";

const HASH = /^[0-9a-f]{64}$/;

const ifHash = (text: string, take: (hash: Sha256) => void): void => {
  if (text.length === 64 && HASH.test(text)) take(text);
};

/** Every hash that is a whole string in a line as it was read: a third of what searching its text costs. */
export function eachHash(value: unknown, take: (hash: Sha256) => void): void {
  if (typeof value === "string") return ifHash(value, take);
  if (Array.isArray(value)) {
    for (const member of value) eachHash(member, take);
    return;
  }
  // What was read of JSON has members of its own only; a number, a truth value or null has none.
  for (const key in value as object) {
    ifHash(key, take);
    eachHash((value as Readonly<Record<string, unknown>>)[key], take);
  }
}

/** Every hash that the header or an event names, for whatever purpose. */
export function referredHashes(header: Header, events: readonly EventLine[]): ReadonlySet<Sha256> {
  const found = new Set<Sha256>();
  for (const line of [header, ...events]) eachHash(line, (hash) => found.add(hash));
  return found;
}

// The texts that a run refers to: a capsule holds no others.
import type { Sha256 } from "../base/canonical.ts";
import type { EventLine, Header } from "./line.ts";

/** Every hash that the header or an event names, whatever it names it for. */
export function referredHashes(header: Header, events: readonly EventLine[]): ReadonlySet<Sha256> {
  const found = new Set<Sha256>();
  collect(header, found);
  for (const { payload } of events) collect(payload, found);
  return found;
}

function collect(value: unknown, found: Set<Sha256>): void {
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) found.add(value);
  else if (typeof value === "object" && value !== null) for (const member of Object.values(value)) collect(member, found);
}

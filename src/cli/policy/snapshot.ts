// `bakeoff policy snapshot`: the compiled policy, byte for byte.
import { composePolicy } from "../../app/compose/policy.ts";
import { findPlaces } from "../../app/places.ts";
import { takeSnapshot } from "../../app/policy/snapshot.ts";
import { policySources } from "../../app/policy/sources.ts";
import type { PolicySnapshotOptions } from "./flags.ts";

export async function policySnapshot(options: PolicySnapshotOptions): Promise<number> {
  const places = findPlaces(options);
  const { createdAt = null, out = null } = options;
  const text = await takeSnapshot(composePolicy(places), { sources: policySources(options, places.policyFile(options.policy)), createdAt, out });
  if (out === null) process.stdout.write(text);
  return 0;
}

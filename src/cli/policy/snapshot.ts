// `bakeoff policy snapshot`: the compiled policy, byte for byte.
import { composePolicy } from "../../app/compose/policy.ts";
import { defaultPolicy } from "../../app/places.ts";
import { takeSnapshot } from "../../app/policy/snapshot.ts";
import { policySources } from "../../app/policy/sources.ts";
import type { PolicySnapshotOptions } from "./flags.ts";

export async function snapshot(options: PolicySnapshotOptions): Promise<number> {
  const { createdAt = null, out = null } = options;
  const text = await takeSnapshot(composePolicy(), { sources: policySources(options, defaultPolicy()), createdAt, out });
  if (out === null) process.stdout.write(text);
  return 0;
}

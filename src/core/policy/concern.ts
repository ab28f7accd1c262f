// What of a policy concerns the comparison of some candidates: runs that agree in it can be compared, whatever else was written meanwhile.
import { hashOf, type Sha256 } from "../base/canonical.ts";
import type { PolicySnapshot } from "./snapshot.ts";

/** All of the policy but its version, and the entries of those candidates and of the policy's own: another model in candidates.toml changes nothing. */
export function concernOf({ policy, candidates }: Pick<PolicySnapshot, "policy" | "candidates">, names: readonly string[]): Sha256 {
  const { meta, ...rest } = policy;
  const concerned = new Set([...names, policy.reflex.candidate, ...policy.reflex.fallbacks]);
  const entries = candidates.filter(({ name }) => concerned.has(name)).map((candidate) => [candidate.name, candidate] as const);
  return hashOf({ id: meta.id, policy: rest, candidates: Object.fromEntries(entries) });
}

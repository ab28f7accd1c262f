// The alternatives of a gate: everybody who competed for the place in these runs, not only those that were asked about.
import { EMBEDDED_PROVIDER } from "../trial/command.ts";
import { POLICY_ROUTE } from "../trial/plan.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { type GateCapsule, referenceOf } from "./evidence.ts";

/**
 * Those asked about first, then the others that were tried: α is shared by all of them, since whoever asks after the run about
 * the best one alone has looked at all. Not among them: the incumbent, programs, the policy's own route, and the cloud
 * Implementer's model in the slot, which is what is measured against.
 */
export function alternativesOf(capsules: readonly GateCapsule[], snapshot: PolicySnapshot, asked: readonly string[], incumbent: string): readonly string[] {
  const runs = capsules.map(({ run }) => run);
  const reference = referenceOf(runs, snapshot);
  const tried = runs.flatMap(({ header }) => header.candidates).filter(({ provider }) => provider !== EMBEDDED_PROVIDER && provider !== POLICY_ROUTE);
  const others = tried.map(({ name }) => name).filter((name) => name !== incumbent && name !== reference);
  return [...new Set([...asked, ...others])];
}

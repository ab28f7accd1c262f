// What is to be said aloud about a policy that is used all the same: no signature, overrides, the last good snapshot.
import type { PolicyOrigin } from "../../core/policy/fallback.ts";
import type { Signature } from "../../core/policy/signature.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";

export function signatureWarnings({ signature }: { readonly signature: Signature }, { policy_id }: PolicySnapshot): readonly string[] {
  if (signature.status === "valid") return [];
  const fault = signature.status === "absent" ? "is not signed" : `has a signature that does not count: ${signature.fault}`;
  return [`${policy_id} ${fault}: bakeoff policy sign --key FILE`];
}

export function overrideWarnings(overrides: readonly string[]): readonly string[] {
  return overrides.map((text) => `overridden for this run: ${text}`);
}

export function originWarnings(standing: PolicyOrigin, { policy_id, hash, created_at }: PolicySnapshot, refused: readonly string[]): readonly string[] {
  if (standing.loaded === "files") return [];
  const high = refused.length === 0 ? "no task of the suite is high-risk" : `refused: the high-risk ${refused.join(", ")}`;
  return [
    `THE POLICY CAN'T BE LOADED (${standing.reason}): low-risk tasks run under the last good one, ${policy_id} ${hash.slice(0, 12)} of ${created_at}; ${high}. Put the policy right: bakeoff policy validate`,
  ];
}

// The policy in force and the keys that it trusts: read from its file, or from a revision that a branch can't change.
import { BakeoffError } from "../../core/base/errors.ts";
import { gateTrust, type GateTrust } from "../../core/gate/trust.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { TrustedKeys } from "../../ports/capsules.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles } from "../../ports/policies.ts";
import type { Revisions } from "../../ports/revisions.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { fromRevision, fromWorkingTree } from "../policy/compared.ts";
import { onlyPolicy } from "../policy/sources.ts";

export interface AuthorityPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: PolicyFiles;
  readonly revisions: Pick<Revisions, "read">;
  readonly texts: Pick<TextFiles, "shown">;
  readonly trustedKeys: TrustedKeys;
}

export interface AuthorityRequest {
  readonly policyFile: string;
  /** A git revision that the policy and its trusted keys are taken from; null: the file as it is. */
  readonly policyFrom: string | null;
  /** Raw public keys, base64, to trust beside the policy's. */
  readonly trusted: readonly string[];
}

export interface Authority {
  /** The policy in force, with what the working tree brings of those who are to be judged by it. */
  readonly snapshot: PolicySnapshot;
  readonly trust: GateTrust;
}

/**
 * `judged`: candidates that a branch may bring. Where a revision is named, rules, keys, servers and everybody else are that revision's, and only
 * their own entries are the working tree's: by what else would a candidate be asked that is new? Throws `usage` for a revision that does not hold the policy and for what is no key, and whatever loading
 * the policy throws.
 */
export async function authorityOf(
  ports: AuthorityPorts,
  { policyFile, policyFrom, trusted }: AuthorityRequest,
  judged: readonly string[] = [],
): Promise<Authority> {
  const named = await ports.trustedKeys(trusted, null);
  if (policyFrom === null) {
    const { snapshot } = await ports.policies.load(onlyPolicy(policyFile), ports.clock.wall());
    return { snapshot, trust: gateTrust(snapshot, ports.texts.shown(policyFile), named) };
  }
  const found = await fromRevision(ports, policyFrom, policyFile);
  if (!found.ok)
    throw new BakeoffError("usage", `the policy of ${policyFrom} can't be read: ${found.reason}`, "name a branch, a tag or a commit that holds it");
  const { name, snapshot } = found.value;
  const { snapshot: branch } = await fromWorkingTree(ports, policyFile);
  const brought = branch.candidates.filter((candidate) => judged.includes(candidate.name));
  const others = snapshot.candidates.filter((candidate) => !brought.some((one) => one.name === candidate.name));
  return { snapshot: { ...snapshot, candidates: [...others, ...brought] }, trust: gateTrust(snapshot, name, named) };
}

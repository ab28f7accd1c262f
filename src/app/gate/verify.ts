// Checks a stored decision: its signature, its capsules, its registration, its policy, and that it comes out again.
import { basename, dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { z } from "zod";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type DecisionClaim, readDecision, type ReadDecision, resultHash, signatureFault } from "../../core/gate/document.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { readGateCapsule } from "./capsules.ts";
import { admitted, checkRegistration, decideOn, readText } from "./session.ts";
import { capsulesFolder, packageVersion } from "../places.ts";

/** One link of the chain from registration to policy. */
export interface Link {
  readonly name: string;
  /** Null: it holds. */
  readonly fault: string | null;
  readonly says: string;
}

export interface CheckedDecision {
  readonly claim: DecisionClaim;
  /** SHA-256 of the decision file: what a promotion record names. */
  readonly sha256: string;
  readonly signed: boolean;
  readonly links: readonly Link[];
}

type Sound = Extract<ReadDecision, { ok: true }>;

/** Follows the chain of a decision file. Throws `integrity` where it is no decision at all. */
export async function checkDecision(path: string, trusted: readonly string[]): Promise<CheckedDecision> {
  const text = await readText(path, "the decision");
  const read = readDecision(text);
  if (!read.ok) throw new BakeoffError("integrity", `${path}: ${read.fault}`, "name a decision that bakeoff gate wrote");
  const found = await capsulesOf(read, path);
  const links = found.ok ? await linksOf(read, found.capsules, trusted) : [{ name: "capsules", fault: found.fault, says: "" }];
  return { claim: read.claim, sha256: sha256(text), signed: read.envelope !== null, links };
}

type Found = { readonly ok: true; readonly capsules: readonly GateCapsule[] } | { readonly ok: false; readonly fault: string };

/** Capsules as the statement names them, from where they lie or from the capsules folder. */
async function capsulesOf({ statement }: Sound, decisionPath: string): Promise<Found> {
  const capsules: GateCapsule[] = [];
  for (const { name, digest } of statement.subject) {
    const place = [name, join(capsulesFolder(), basename(name)), join(dirname(decisionPath), basename(name))].find((path) => existsSync(path));
    if (place === undefined) return { ok: false, fault: `${name} is not here: fetch it into the capsules folder` };
    const capsule = await readGateCapsule(place);
    if (capsule.sha256 !== digest.sha256)
      return { ok: false, fault: `${place} is not the file that was decided on (${capsule.sha256.slice(0, 12)}, then ${digest.sha256.slice(0, 12)})` };
    capsules.push({ ...capsule, path: name });
  }
  return { ok: true, capsules };
}

async function linksOf(read: Sound, capsules: readonly GateCapsule[], trusted: readonly string[]): Promise<readonly Link[]> {
  const { claim } = read;
  const snapshot = admitted(capsules, [...claim.alternatives, claim.decision.incumbent]);
  const { signing } = snapshot.policy;
  const keys = [...signing.trusted_keys, ...trusted];
  const policyFault =
    claim.policy.hash === snapshot.hash ? null : `it names policy ${claim.policy.hash.slice(0, 12)}, the capsules hold ${snapshot.hash.slice(0, 12)}`;
  return [
    {
      name: "signature",
      fault: signatureFault(read, keys, signing.require_signature || claim.override !== null),
      says: read.envelope === null ? "not signed, and the policy does not ask for it" : "signed by a trusted key",
    },
    await registrationLink(read, capsules, snapshot, keys),
    { name: "capsules", fault: null, says: `${capsules.length} as decided on, each as it was sealed` },
    { name: "policy", fault: policyFault, says: `the capsules went by ${snapshot.policy_id}` },
    await decisionLink(read, capsules, snapshot, keys),
  ];
}

async function registrationLink(
  { claim: { registration, alternatives, decision } }: Sound,
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
  trusted: readonly string[],
): Promise<Link> {
  if (registration.state !== "valid" || registration.path === undefined)
    return { name: "registration", fault: null, says: `registration: ${registration.state}` };
  const now = await checkRegistration(registration.path, { candidates: alternatives, incumbent: decision.incumbent, capsules, snapshot, trusted });
  return {
    name: "registration",
    fault: now.state === "invalid" ? now.fault : null,
    says: "made before the runs, about these candidates, this suite, this policy and these criteria",
  };
}

/** The decision is a function of the capsules: made again, it must come out the same. */
async function decisionLink(
  { claim, statement }: Sound,
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
  trusted: readonly string[],
): Promise<Link> {
  const { registration, decidedAt: now, suiteRootHere, alternatives: candidates, alpha, look, override } = claim;
  const incumbent = claim.decision.incumbent;
  const known =
    registration.path === undefined
      ? ({ state: "none" } as const)
      : await checkRegistration(registration.path, { candidates, incumbent, capsules, snapshot, trusted });
  const documents = decideOn(capsules, snapshot, { now, suiteRootHere, registration: known }, { candidates, incumbent, alpha, look, override });
  const again = documents.find(({ decision }) => decision.candidate === claim.decision.candidate);
  const same = again !== undefined && resultHash(again) === claim.result_hash && again.decision.verdict === claim.decision.verdict;
  return {
    name: "decision",
    fault: same ? null : `decided anew from the same capsules, it comes out otherwise${otherVersion(statement)}`,
    says: `decided anew from the capsules: ${claim.decision.verdict}`,
  };
}

/** Criteria and their words may change from version to version: then only the one that decided can make it again. */
function otherVersion({ predicate }: Sound["statement"]): string {
  const read = z.object({ verifier: z.object({ version: z.object({ bakeoff: z.string().max(100) }) }) }).safeParse(predicate);
  const made = read.data?.verifier.version.bakeoff ?? "an unknown version";
  return made === packageVersion() ? "" : `; it was made by ${made}, this is ${packageVersion()}: check it with that one`;
}

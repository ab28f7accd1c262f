// Checks a stored decision: its signature, its capsules, its registration, its policy, and that it comes out again.
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { type DecisionClaim, readDecision, type ReadDecision, resultHash, signatureFault, steady } from "../../core/gate/document.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { levelOfGate } from "../../core/gate/level.ts";
import { statisticsOf } from "../../core/gate/statistics/versions.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type CapsuleFiles, readGateCapsule } from "./capsules.ts";
import { admitted, decideOn } from "./decide.ts";
import { checkRegistration } from "./registration.ts";

export interface DecisionVerifyPorts {
  readonly capsules: CapsuleFiles;
  readonly keys: Pick<SigningKeys, "load">;
  readonly texts: Pick<TextFiles, "read" | "exists" | "shown">;
  /** This program's version. */
  readonly version: string;
}

export interface DecisionVerifyRequest {
  /** Path of the decision's file. */
  readonly decision: string;
  /** Raw public keys, base64, to trust beside the policy's. */
  readonly trusted: readonly string[];
  /** File of a key whose public part is trusted too; null: the environment's, if there is one. */
  readonly keyFile: string | null;
}

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
  /** When the oldest of its runs began; null where not all capsules are here. */
  readonly oldestRun: string | null;
}

type Sound = Extract<ReadDecision, { ok: true }>;

/** Follows the chain of a decision file. Throws `integrity` where it is no decision at all. */
export async function verifyDecision(ports: DecisionVerifyPorts, { decision: path, trusted, keyFile }: DecisionVerifyRequest): Promise<CheckedDecision> {
  const key = await ports.keys.load(keyFile);
  const text = await ports.texts.read(path);
  if (text === null) throw new BakeoffError("usage", `the decision ${path} can't be read`, "name a file that is there");
  const read = readDecision(text);
  if (!read.ok) throw new BakeoffError("integrity", `${path}: ${read.fault}`, "name a decision that bakeoff gate wrote");
  const found = await capsulesOf(ports, read, path);
  const chain = { ...read, keys: [...trusted, ...(key === null ? [] : [key.publicKey])] };
  const links = found.ok ? await linksOf(ports, chain, found.capsules) : [{ name: "capsules", fault: found.fault, says: "" }];
  const begun = found.ok ? found.capsules.map(({ run }) => run.header.created_at).toSorted() : [];
  return { claim: read.claim, sha256: sha256(text), signed: read.envelope !== null, links, oldestRun: begun[0] ?? null };
}

type Found = { readonly ok: true; readonly capsules: readonly GateCapsule[] } | { readonly ok: false; readonly fault: string };

/** Capsules as the statement names them, from where they lie or from the capsules folder. */
async function capsulesOf(ports: DecisionVerifyPorts, { statement }: Sound, decisionPath: string): Promise<Found> {
  const capsules: GateCapsule[] = [];
  for (const { name, digest } of statement.subject) {
    const place = await firstOf(ports.texts, [name, join(ports.capsules.folder, basename(name)), join(dirname(decisionPath), basename(name))]);
    if (place === null) return { ok: false, fault: `${name} is not here: fetch it into the capsules folder` };
    const capsule = await readGateCapsule(ports.capsules, place);
    if (capsule.sha256 !== digest.sha256)
      return { ok: false, fault: `${place} is not the file that was decided on (${capsule.sha256.slice(0, 12)}, then ${digest.sha256.slice(0, 12)})` };
    capsules.push({ ...capsule, path: name });
  }
  return { ok: true, capsules };
}

async function firstOf(texts: Pick<TextFiles, "exists">, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await texts.exists(path)) return path;
  return null;
}

/** A decision, and the keys that whoever checks it trusts. */
type Chain = Sound & { readonly keys: readonly string[] };

async function linksOf(ports: DecisionVerifyPorts, chain: Chain, capsules: readonly GateCapsule[]): Promise<readonly Link[]> {
  const { claim } = chain;
  const snapshot = admitted(capsules, [...claim.alternatives, claim.decision.incumbent]);
  const { signing } = snapshot.policy;
  const keys = [...signing.trusted_keys, ...chain.keys];
  const registration = await registrationFact(ports, { ...chain, keys }, capsules, snapshot);
  return [
    {
      name: "signature",
      fault: signatureFault(chain, keys, signing.require_signature || claim.override !== null),
      says: chain.envelope === null ? "not signed, and the policy does not ask for it" : "signed by a trusted key",
    },
    registrationLink(chain, registration),
    { name: "capsules", fault: null, says: `${capsules.length} as decided on, each as it was sealed` },
    { name: "policy", fault: policyFault(claim, snapshot), says: `the capsules went by ${snapshot.policy_id}` },
    decisionLink(ports.version, chain, { capsules, snapshot, registration }),
  ];
}

/** The level is the policy's: a decision may only say less, where it is one look of several. */
function policyFault({ policy, alpha, look }: DecisionClaim, snapshot: PolicySnapshot): string | null {
  if (policy.hash !== snapshot.hash) return `it names policy ${policy.hash.slice(0, 12)}, the capsules hold ${snapshot.hash.slice(0, 12)}`;
  const own = steady(levelOfGate(snapshot.policy.gates.reflex_promotion.alpha, null));
  const holds = look === null ? alpha === own : alpha <= own;
  return holds ? null : `it was decided at alpha ${alpha}, the policy's is ${own}`;
}

type Registered = Awaited<ReturnType<typeof checkRegistration>>;

async function registrationFact(
  ports: DecisionVerifyPorts,
  { claim, keys }: Chain,
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
): Promise<Registered> {
  const { registration, alternatives, decision } = claim;
  if (registration.path === undefined) return { state: "none" };
  return checkRegistration(ports, registration.path, {
    candidates: alternatives,
    incumbent: decision.incumbent,
    capsules,
    snapshot,
    statistics: statisticsOf(claim.format, claim.look),
    trusted: keys,
  });
}

function registrationLink({ claim: { registration } }: Chain, now: Registered): Link {
  if (registration.state !== "valid" || registration.path === undefined)
    return { name: "registration", fault: null, says: `registration: ${registration.state}` };
  return {
    name: "registration",
    fault: now.state === "invalid" ? now.fault : null,
    says: "made before the runs, about these candidates, this suite, this policy and these criteria",
  };
}

interface Grounds {
  readonly capsules: readonly GateCapsule[];
  readonly snapshot: PolicySnapshot;
  readonly registration: Registered;
}

/** The decision is a function of the capsules: made again, it must come out the same. */
function decisionLink(version: string, { claim, statement }: Chain, { capsules, snapshot, registration }: Grounds): Link {
  const { decidedAt: now, suiteRootHere, alternatives: candidates, alpha, look, override } = claim;
  const { incumbent } = claim.decision;
  const documents = decideOn(
    capsules,
    snapshot,
    { now, suiteRootHere, registration, gatesBefore: null, statistics: statisticsOf(claim.format, look) },
    { candidates, incumbent, alpha, look, override },
  );
  const again = documents.find(({ decision }) => decision.candidate === claim.decision.candidate);
  const same = again !== undefined && resultHash(again) === claim.result_hash && again.decision.verdict === claim.decision.verdict;
  return {
    name: "decision",
    fault: same ? null : `decided anew from the same capsules, it comes out otherwise${otherVersion(version, statement)}`,
    says: `decided anew from the capsules: ${claim.decision.verdict}`,
  };
}

/** Criteria and their words may change from version to version: then only the one that decided can make it again. */
function otherVersion(version: string, { predicate }: Sound["statement"]): string {
  const read = z.object({ verifier: z.object({ version: z.object({ bakeoff: z.string().max(100) }) }) }).safeParse(predicate);
  const made = read.data?.verifier.version.bakeoff ?? "an unknown version";
  return made === version ? "" : `; it was made by ${made}, this is ${version}: check it with that one`;
}

// Checks a stored decision: its signature, its capsules, its registration, its policy, and that it comes out again.
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { forceRefusals } from "../../core/gate/admission.ts";
import { type DecisionClaim, type GateDocument, readDecision, type ReadDecision, resultHash, signatureFault, steady } from "../../core/gate/document.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { byKind } from "../../core/gate/kinds.ts";
import { levelOfGate } from "../../core/gate/level.ts";
import { statisticsOf } from "../../core/gate/statistics/versions.ts";
import { alternativesOf } from "../../core/gate/alternatives.ts";
import { DEFAULT_LOOKS, lookFault, type LookTaken } from "../../core/gate/looks.ts";
import { rootAt } from "../../core/gate/registration/log.ts";
import { plannedLooks } from "../../core/gate/registration/coverage.ts";
import { gatesBefore } from "../../core/gate/registration/registration.ts";
import { toldOtherwise } from "../../core/gate/told.ts";
import { distrust, keysOf } from "../../core/gate/trust.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { ageRefusal } from "./age.ts";
import { type Authority, authorityOf, type AuthorityPorts, type AuthorityRequest } from "./authority.ts";
import type { GateReader } from "./capsules.ts";
import { admitted, decideOn, suiteOf, suitesHere } from "./decide.ts";
import { checkRegistration, type RegistrationReader } from "./registration.ts";

export interface DecisionVerifyPorts extends GateReader, AuthorityPorts, RegistrationReader {
  /** This program's. */
  readonly version: string;
  readonly suite: LoadSuite;
  readonly texts: Pick<TextFiles, "read" | "exists" | "shown">;
}

export interface DecisionVerifyRequest extends AuthorityRequest {
  /** Path of the decision's file. */
  readonly decision: string;
  /** The policy in force must be the one that was decided by: always where somebody names it, and where the decision is to be acted on. */
  readonly isBinding: boolean;
}

/** One link of the chain from registration to policy. */
export interface Link {
  readonly name: string;
  /** Null: it holds. */
  readonly fault: string | null;
  /** What was found; of a link that could not be looked at, why. */
  readonly says: string;
  /** It could not be looked at: it neither holds nor fails. */
  readonly open?: true;
}

export interface CheckedDecision {
  readonly claim: DecisionClaim;
  /** SHA-256 of the decision file: what a promotion record names. */
  readonly sha256: string;
  readonly signed: boolean;
  readonly links: readonly Link[];
  /** When the oldest of its runs began; null where not all capsules are here. */
  readonly oldestRun: string | null;
  /** The policies that its runs went by, as far as the capsules hold them. */
  readonly policies: readonly PolicySnapshot[];
}

type Sound = Extract<ReadDecision, { ok: true }>;

/** Follows the chain of a decision file. Throws `integrity` where it is no decision at all. */
export async function verifyDecision(ports: DecisionVerifyPorts, request: DecisionVerifyRequest): Promise<CheckedDecision> {
  const { decision: path } = request;
  const text = await ports.texts.read(path);
  if (text === null) throw new BakeoffError("usage", `the decision ${path} can't be read`, "name a file that is there");
  const read = readDecision(text);
  if (!read.ok) throw new BakeoffError("integrity", `${path}: ${read.fault}`, "name a decision that bakeoff gate wrote");
  const authority = await authorityOf(ports, request);
  const found = await capsulesOf(ports, read, path);
  const links = found.ok
    ? await linksOf({ ports, read, authority, isBinding: request.isBinding }, found.capsules)
    : [{ name: "capsules", fault: found.fault, says: "" }];
  const begun = found.ok ? found.capsules.map(({ run }) => run.header.created_at).toSorted() : [];
  const policies = found.ok ? found.capsules.flatMap(({ snapshot }) => snapshot ?? []) : [];
  return { claim: read.claim, sha256: sha256(text), signed: read.envelope !== null, links, oldestRun: begun[0] ?? null, policies };
}

type Found = { readonly ok: true; readonly capsules: readonly GateCapsule[] } | { readonly ok: false; readonly fault: string };

/** Capsules as the statement names them, from where they lie or from the capsules folder. */
async function capsulesOf(ports: DecisionVerifyPorts, { statement }: Sound, decisionPath: string): Promise<Found> {
  const capsules: GateCapsule[] = [];
  for (const { name, digest } of statement.subject) {
    const place = await firstOf(ports.texts, [name, join(ports.capsules.folder, basename(name)), join(dirname(decisionPath), basename(name))]);
    if (place === null) return { ok: false, fault: `${name} is not here: fetch it into the capsules folder` };
    const capsule = await ports.readCapsule(place);
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

/** A decision, and what whoever checks it goes by. */
interface Chain {
  readonly ports: DecisionVerifyPorts;
  readonly read: Sound;
  readonly authority: Authority;
  readonly isBinding: boolean;
}

/** What is known of a decision beside itself. */
interface Grounds {
  /** Those of tasks that an honest patch passes. */
  readonly capsules: readonly GateCapsule[];
  readonly cheating: readonly GateCapsule[];
  readonly snapshot: PolicySnapshot;
  /** Those of the runs that lie here, and the one of `capsules` among them. */
  readonly suites: readonly Suite[];
  readonly suite: Suite | null;
  readonly registration: Registered;
}

async function linksOf(chain: Chain, all: readonly GateCapsule[]): Promise<readonly Link[]> {
  const { ports, read, authority } = chain;
  const { claim } = read;
  const snapshot = admitted(all, [...claim.alternatives, claim.decision.incumbent]);
  const { capsules, cheating } = byKind(all);
  const suites = await suitesHere(ports.suite, all);
  const registration = await registrationFact(chain, capsules, snapshot);
  const grounds = { capsules, cheating, snapshot, suites, suite: suiteOf(capsules, suites), registration };
  const mustBeSigned = authority.trust.requireSignature || snapshot.policy.signing.require_signature;
  return [
    {
      name: "signature",
      fault: signatureFault(read, keysOf(authority.trust), mustBeSigned || claim.override !== null),
      says: read.envelope === null ? "not signed, and the policy does not ask for it" : "signed by a trusted key",
    },
    registrationLink(read, registration),
    await logLink(chain),
    capsulesLink(chain, all, mustBeSigned),
    policyLink(chain, grounds),
    suiteLink(claim, grounds),
    await decisionLink(chain, grounds),
    ageLink(ports, all, authority),
  ];
}

function capsulesLink({ authority: { trust } }: Chain, capsules: readonly GateCapsule[], mustBeSigned: boolean): Link {
  const unsigned = mustBeSigned
    ? capsules.map(({ path, signature }) => ({ path, why: distrust(signature, trust) })).find(({ why }) => why !== null)
    : undefined;
  const signed = mustBeSigned ? ", and signed by a trusted key" : "";
  return {
    name: "capsules",
    fault: unsigned ? `${unsigned.path}: ${unsigned.why ?? ""}` : null,
    says: `${capsules.length} as decided on, each as it was sealed${signed}; replay levels 0 and 1 prove them`,
  };
}

/** The policy that was decided by, its level and its looks: none of it is the decision's to say. */
function policyLink(chain: Chain, grounds: Grounds): Link {
  const { read, authority, isBinding } = chain;
  const { claim } = read;
  const { snapshot, capsules, cheating, suites } = grounds;
  const { trust, snapshot: inForce } = authority;
  const wanted = [claim.decision.candidate, claim.decision.incumbent];
  const moved = claim.policy.hash === trust.policy.hash ? "" : `; ${trust.policy.from} has moved on to ${trust.policy.id} (${trust.policy.hash.slice(0, 12)})`;
  const force = { trust, inForce, wanted, suites, isRegistered: grounds.registration.state !== "none" };
  const refused = isBinding ? forceRefusals([...capsules, ...cheating], force)[0]?.message : undefined;
  return { name: "policy", fault: levelFault(claim, grounds) ?? refused ?? null, says: `the capsules went by ${snapshot.policy_id}, at its own level${moved}` };
}

function levelFault(claim: DecisionClaim, grounds: Grounds): string | null {
  const { snapshot } = grounds;
  const { policy, alpha, look } = claim;
  if (policy.hash !== snapshot.hash) return `it names policy ${policy.hash.slice(0, 12)}, the capsules hold ${snapshot.hash.slice(0, 12)}`;
  const own = levelOfGate(snapshot.policy.gates.reflex_promotion.alpha, gatesBefore(grounds.registration));
  if (look !== null) return lookLevelFault(claim, look, own, grounds);
  return alpha === steady(own) ? null : wrongLevel(claim, own);
}

const wrongLevel = ({ alpha }: DecisionClaim, own: number): string => `it was decided at alpha ${alpha}, the policy's is ${steady(own)}`;

function lookLevelFault(claim: DecisionClaim, look: LookTaken, own: number, { snapshot, capsules, suite, registration }: Grounds): string | null {
  const { alpha, format } = claim;
  const headers = capsules.map(({ run }) => run.header);
  // A decision of format 1 does not say what its looks were planned from, nor can it be known without the suite: it may only say less than the policy.
  if (format === 1 || suite === null || suite.root !== headers[0]?.suite.root) return alpha <= steady(own) ? null : wrongLevel(claim, own);
  const { min_tasks: fewest } = snapshot.policy.gates.reflex_promotion;
  const tasks = suite.tasks.filter(({ risk }) => risk === "low").map(({ id, family }) => ({ id, family }));
  const run = [...new Set(headers.flatMap((header) => header.tasks.map(({ id }) => id)))];
  const most = registration.state === "valid" ? (look.most ?? 0) : DEFAULT_LOOKS;
  const planned = lookFault(look, { tasks, fewest, alpha: own, seed: headers[0].seed, run, most });
  if ("fault" in planned) return planned.fault;
  return alpha === steady(planned.level) ? null : wrongLevel(claim, planned.level);
}

type Registered = Awaited<ReturnType<typeof checkRegistration>>;

async function registrationFact(
  { ports, read: { claim }, authority, isBinding }: Chain,
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
): Promise<Registered> {
  const { registration, alternatives, decision, look, format } = claim;
  if (registration.path === undefined) return { state: "none" };
  const keys = keysOf(authority.trust);
  const statistics = statisticsOf(format, look);
  const needs = { alternatives, incumbent: decision.incumbent, capsules, snapshot, statistics, keys, looks: plannedLooks(look) };
  const older = format === 1 ? "first" : "second";
  return checkRegistration(ports, registration.path, { ...needs, accepted: isBinding ? "todays" : older });
}

function registrationLink({ claim: { registration } }: Sound, now: Registered): Link {
  if (registration.state !== "valid" && now.state !== "valid") return { name: "registration", fault: null, says: `registration: ${now.state}` };
  const more =
    now.state === "valid" && now.time !== undefined ? `; its time is ${now.time}; runs under it: ${now.runs?.map(({ runId }) => runId).join(", ") ?? ""}` : "";
  const other = registration.state === now.state ? null : `it says that its registration is ${registration.state}, and it is ${now.state}`;
  return {
    name: "registration",
    fault: now.state === "invalid" ? now.fault : other,
    says: `made before the runs, about these candidates, this suite, this policy and these criteria${more}`,
  };
}

/** The log must still begin with what the decision saw of it. */
async function logLink({ ports, read: { claim } }: Chain): Promise<Link> {
  const { log } = claim;
  if (log === undefined || log === null) return { name: "log", fault: null, says: "the decision remembers no log of registrations", open: true };
  const text = await ports.log.read();
  if (text === "" && log.size > 0) return { name: "log", fault: null, says: `${ports.log.path} is not here`, open: true };
  const root = rootAt(text, log.size);
  return {
    name: "log",
    fault: root === log.root ? null : `${ports.log.path} does not begin with the ${log.size} lines that were there: lines were taken out or changed`,
    says: `${ports.log.path} begins with the ${log.size} lines that were there`,
  };
}

function suiteLink({ suiteRootHere }: DecisionClaim, { capsules, suite }: Grounds): Link {
  const root = capsules[0]?.run.header.suite.root ?? "";
  const says = `the suite of the runs (${root.slice(0, 12)}) lies here`;
  if (suiteRootHere !== null && suiteRootHere !== root && suite?.root === root)
    return { name: "suite", fault: `it was decided beside another suite (${suiteRootHere.slice(0, 12)})`, says };
  if (suite === null) return { name: "suite", fault: null, says: "the suite is not here to compare with", open: true };
  return suite.root === root
    ? { name: "suite", fault: null, says }
    : { name: "suite", fault: null, says: `the suite has changed since the runs (${suite.root.slice(0, 12)}, then ${root.slice(0, 12)})`, open: true };
}

/** The decision is a function of the capsules: made again, it must come out the same. */
async function decisionLink({ ports, read, authority }: Chain, { capsules, cheating, snapshot, registration }: Grounds): Promise<Link> {
  const { claim, statement } = read;
  const { decidedAt: now, suiteRootHere, alpha, look, override, format } = claim;
  const { candidate, incumbent } = claim.decision;
  const competed = format === 1 ? [] : alternativesOf(capsules, snapshot, [candidate], incumbent);
  // A decision may share its level with more than competed, never with fewer.
  const alternatives = [...new Set([...claim.alternatives, ...competed])];
  const question = { candidates: [candidate], alternatives, incumbent, alpha, look, override, trust: authority.trust, log: null };
  const [again] = decideOn(
    { capsules, cheating },
    snapshot,
    { now, suiteRootHere, registration, gatesBefore: gatesBefore(registration), statistics: statisticsOf(format, look) },
    question,
  );
  const isWhole = competed.every((name) => claim.alternatives.includes(name));
  return {
    name: "decision",
    fault: isWhole && again !== undefined ? resultFault(read, again, ports.version) : cameOutOtherwise(statement, ports.version),
    says: `decided anew from the capsules: ${claim.decision.verdict}`,
  };
}

function resultFault({ claim, statement }: Sound, again: GateDocument, version: string): string | null {
  if (resultHash(again) !== claim.result_hash || again.decision.verdict !== claim.decision.verdict) return cameOutOtherwise(statement, version);
  const otherwise = toldOtherwise(statement, again);
  return otherwise.length === 0 ? null : `it tells ${otherwise.join(", ")} otherwise than its capsules do${otherVersion(version, statement)}`;
}

const cameOutOtherwise = (statement: Sound["statement"], version: string): string =>
  `decided anew from the same capsules, it comes out otherwise${otherVersion(version, statement)}`;

/** A sound decision of long ago is sound: it can only no longer be acted on. */
function ageLink({ clock }: DecisionVerifyPorts, capsules: readonly GateCapsule[], { snapshot }: Authority): Link {
  const oldest = capsules.map(({ run }) => run.header.created_at).toSorted()[0] ?? "";
  const refusal = ageRefusal(oldest, snapshot, clock.wall());
  return refusal === null
    ? { name: "age", fault: null, says: "young enough to be acted on today" }
    : { name: "age", fault: null, says: `${refusal}: nothing can be promoted on it today`, open: true };
}

/** Criteria and their words may change from version to version: then only the one that decided can make it again. */
function otherVersion(version: string, { predicate }: Sound["statement"]): string {
  const read = z.object({ verifier: z.object({ version: z.object({ bakeoff: z.string().max(100) }) }) }).safeParse(predicate);
  const made = read.data?.verifier.version.bakeoff ?? "an unknown version";
  return made === version ? "" : `; it was made by ${made}, this is ${version}: check it with that one`;
}

// Decides a gate: capsules in, decisions out, each kept as a document.
import type { SigningKey } from "../../core/base/dsse.ts";
import { canonicalJson } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import { namedRuns } from "../../core/capsule/set-name.ts";
import { daysFrom } from "../../core/base/instant.ts";
import { forceRefusals, refusals } from "../../core/gate/admission.ts";
import { CRITERIA } from "../../core/gate/criteria/criteria.ts";
import { decideCandidates, type CandidateDecision } from "../../core/gate/decide.ts";
import { type GateTerms, gateDocument, type GateDocument, type Override, steady } from "../../core/gate/document.ts";
import { gatherEvidence, type GateCapsule, type GateContext, type GateRuns } from "../../core/gate/evidence.ts";
import { byKind, isOfImpossible, type RunsByKind } from "../../core/gate/kinds.ts";
import { levelOfGate } from "../../core/gate/level.ts";
import { CURRENT, statisticsOf } from "../../core/gate/statistics/versions.ts";
import { alternativesOf } from "../../core/gate/alternatives.ts";
import { readLog } from "../../core/gate/registration/log.ts";
import { plannedLooks } from "../../core/gate/registration/coverage.ts";
import { gatesBefore } from "../../core/gate/registration/registration.ts";
import { keysOf } from "../../core/gate/trust.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import { authorityOf, type AuthorityPorts, type AuthorityRequest } from "./authority.ts";
import { type GateReader, newestCapsule, newestCapsuleIfAny } from "./capsules.ts";
import { type RecordPorts, recordDecisions } from "./record.ts";
import { checkRegistration, type RegistrationReader } from "./registration.ts";

export interface GatePorts extends RegistrationReader, GateReader, AuthorityPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly suite: LoadSuite;
  readonly texts: RegistrationReader["texts"];
}

export interface GateQuestion extends AuthorityRequest {
  readonly candidates: readonly string[];
  /** Null: the policy's own reflex candidate. */
  readonly incumbent: string | null;
  /** Empty: the newest that holds them all. Where none is of impossible tasks and the policy asks for one, the newest of those stands beside them. */
  readonly capsules: readonly string[];
  readonly registration: string | null;
  readonly override: Override | null;
  /** Null: the policy's. */
  readonly alpha: number | null;
  readonly look: GateDocument["look"];
}

export interface GateRequest extends AuthorityRequest, Pick<GateQuestion, "candidates" | "incumbent" | "capsules" | "registration"> {
  /** As it was asked for: both or neither. */
  readonly override: { readonly by: string | null; readonly reason: string | null };
  /** File of the key that signs the decisions; null: the environment's, if there is one. */
  readonly keyFile: string | null;
  /** Where to write JUnit XML, or null. */
  readonly junit: string | null;
}

export interface GateResult {
  readonly documents: readonly GateDocument[];
  /** The decisions' files, one a document. */
  readonly paths: readonly string[];
}

/** Decides and keeps the decisions, signed where there is a key. Throws `integrity` with every refusal at once, `usage` for an override that can't be. */
export async function decideGate(ports: GatePorts & RecordPorts & { readonly keys: SigningKeys }, request: GateRequest): Promise<GateResult> {
  const { candidates, incumbent, capsules, registration, junit, policyFile, policyFrom, trusted } = request;
  const key = await ports.keys.load(request.keyFile);
  const override = overrideOf(request.override, key !== null);
  const authority = { policyFile, policyFrom, trusted };
  const question = { ...authority, candidates: [...new Set(candidates)], incumbent, capsules, registration, override, alpha: null, look: null };
  const documents = await runGate(ports, question);
  checkKey(documents, key);
  return { documents, paths: await recordDecisions(ports, documents, { junit, key }) };
}

function overrideOf({ by, reason }: GateRequest["override"], hasKey: boolean): Override | null {
  if (reason === null && by === null) return null;
  if (!reason?.trim() || !by?.trim()) throw new BakeoffError("usage", "an override needs a reason and a name", "--override REASON --by NAME");
  if (!hasKey) throw new BakeoffError("usage", "an override must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  return { by: by.trim(), reason: reason.trim() };
}

/** A decision that would count for nobody is not written. */
export function checkKey(documents: readonly GateDocument[], key: Pick<SigningKey, "publicKey"> | null): void {
  const trust = documents[0]?.trust;
  if (!trust?.requireSignature) return;
  if (key === null) throw new BakeoffError("usage", "the policy asks for signed decisions, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  if (!keysOf(trust).includes(key.publicKey))
    throw new BakeoffError(
      "usage",
      `the policy does not trust the key ${key.publicKey}`,
      "sign with a key of signing.trusted_keys, or name this one with --trust",
    );
}

/** Decides. Throws `integrity` with every reason at once where the capsules are refused. */
export async function runGate(ports: GatePorts, question: GateQuestion): Promise<readonly GateDocument[]> {
  const { trust, snapshot: inForce } = await authorityOf(ports, question, question.candidates);
  const { all, incumbent } = await capsulesFor(ports, question);
  const { capsules, cheating } = byKind(all);
  const suites = await suitesHere(ports.suite, all);
  const { registration: path, candidates, look } = question;
  const wanted = [...candidates, incumbent];
  const snapshot = admitted(all, wanted, (read) => forceRefusals(read, { trust, suites, inForce, wanted, isRegistered: path !== null }));
  const alternatives = alternativesOf(capsules, snapshot, candidates, incumbent);
  const statistics = statisticsOf(CURRENT, look);
  const own = { alternatives, incumbent, capsules, snapshot, statistics, keys: keysOf(trust), looks: plannedLooks(look) };
  const registration = path === null ? ({ state: "none" } as const) : await checkRegistration(ports, path, { ...own, accepted: "todays" });
  const log = readLog(await ports.log.read());
  const around = {
    now: ports.clock.wall(),
    suiteRootHere: suiteOf(capsules, suites)?.root ?? null,
    registration,
    gatesBefore: gatesBefore(registration),
    statistics,
  };
  const asked = { ...question, incumbent, alternatives, trust, log: log.ok ? { size: log.log.entries.length, root: log.log.root } : null };
  return decideOn({ capsules, cheating }, snapshot, around, asked);
}

/** What is decided about, beside the evidence. */
export interface DecisionQuestion extends Pick<GateQuestion, "candidates" | "alpha" | "look" | "override">, Pick<GateTerms, "alternatives" | "trust" | "log"> {
  readonly incumbent: string;
}

/** The decision of capsules that were read: also what a stored decision is checked against. */
export function decideOn(
  runs: RunsByKind<GateCapsule>,
  snapshot: PolicySnapshot,
  around: Omit<GateContext, "ageDays">,
  question: DecisionQuestion,
): readonly GateDocument[] {
  const evidence = gatherEvidence(runs as GateRuns, snapshot, { ...around, ageDays: ageDays([...runs.capsules, ...runs.cheating], around.now) });
  // As it will be stored: whoever decides anew has no more digits than these.
  const alpha = steady(question.alpha ?? levelOfGate(evidence.rules.alpha, around.gatesBefore));
  const { candidates, alternatives, look, override, trust, log } = question;
  const asked: GateTerms = { alternatives, alpha, look, override, trust, log };
  const decisions = decideCandidates(evidence, alternatives, question.incumbent, alpha).filter(({ candidate }) => candidates.includes(candidate));
  for (const decision of decisions) checkOverride(decision, override);
  return decisions.map((decision) => gateDocument(evidence, decision, { ...asked, override: decision.verdict === "promote" ? null : override }));
}

/** The policy of the newest capsule, with which the others agree in what concerns the comparison. Throws `integrity` with every refusal, by name. `more`: what else keeps them out. */
export function admitted(
  capsules: readonly GateCapsule[],
  wanted: readonly string[],
  more: (capsules: readonly GateCapsule[]) => ReturnType<typeof refusals> = () => [],
): PolicySnapshot {
  const refused = [...refusals(capsules, wanted), ...more(capsules)];
  const [first, ...others] = byKind(capsules).capsules;
  // Times are written in UTC: later ones are greater texts.
  const newest = others.reduce((best, other) => ((best?.run.header.created_at ?? "") < other.run.header.created_at ? other : best), first);
  const snapshot = newest?.snapshot ?? null;
  if (refused.length === 0 && snapshot !== null) return snapshot;
  const lines = refused.map(({ name, message }) => `${name}: ${message}`);
  throw new BakeoffError(
    "integrity",
    `the gate refuses to look at this evidence\n${lines.map((line) => `  ${line}`).join("\n")}`,
    "each line says the way out; nothing was decided",
  );
}

interface Admissible {
  readonly all: readonly GateCapsule[];
  readonly incumbent: string;
}

async function capsulesFor(reader: GateReader, { candidates, incumbent, capsules }: GateQuestion): Promise<Admissible> {
  const paths =
    capsules.length > 0 ? capsules.flatMap(namedRuns) : [await newestCapsule(reader.capsules, incumbent === null ? candidates : [...candidates, incumbent])];
  // One after the other: each may be large, and its bytes are not kept.
  const read: GateCapsule[] = [];
  for (const path of paths) read.push(await reader.readCapsule(path));
  const named = incumbent ?? read[0]?.snapshot?.policy.reflex.candidate ?? "";
  if (candidates.includes(named)) throw new BakeoffError("usage", `${named} can't take its own place`, "name another incumbent: --incumbent NAME");
  return { all: [...read, ...(await cheatingBeside(reader, read, candidates))], incumbent: named };
}

/** What runs that stand beside each other have in common. */
const groundOf = ({ format, policy, toolchain }: Header): string => canonicalJson({ format, policy: policy.hash, toolchain });

/** The newest run of impossible tasks for each candidate, by the policy and the toolchain of the others: where the policy asks for one and none was named. */
async function cheatingBeside(reader: GateReader, read: readonly GateCapsule[], candidates: readonly string[]): Promise<readonly GateCapsule[]> {
  const { capsules, cheating } = byKind(read);
  const [first] = capsules;
  if (first === undefined || cheating.length > 0 || first.snapshot?.policy.gates.reflex_promotion.max_cheating_percent === undefined) return [];
  const ground = groundOf(first.run.header);
  const paths = new Set<string>();
  for (const name of candidates) {
    const path = await newestCapsuleIfAny(reader.capsules, [name], (header) => isOfImpossible(header) && groundOf(header) === ground);
    if (path !== null) paths.add(path);
  }
  const found: GateCapsule[] = [];
  for (const path of paths) found.push(await reader.readCapsule(path));
  return found;
}

/** Without stand-ins and with capsules that verify, a person may decide otherwise, by name. */
function checkOverride({ candidate, findings }: CandidateDecision, override: Override | null): void {
  const barred = override === null ? undefined : findings.find(({ criterion, outcome }) => outcome !== "met" && !CRITERIA[criterion].overridable);
  if (barred)
    throw new BakeoffError("usage", `${candidate}: ${barred.criterion} can't be overridden: ${barred.says}`, "run again with the policy's own models");
}

/** Of the oldest. */
const ageDays = (capsules: readonly GateCapsule[], now: string): number => Math.max(...capsules.map(({ run }) => daysFrom(run.header.created_at, now)));

/** The suites of the runs, as far as they lie here: an auditor need not have them. */
export async function suitesHere(load: LoadSuite, capsules: readonly GateCapsule[]): Promise<readonly Suite[]> {
  const names = new Set(capsules.map(({ run }) => run.header.suite.name));
  const suites: Suite[] = [];
  for (const name of names) {
    try {
      suites.push(await load(name));
    } catch (error) {
      if (!(error instanceof BakeoffError)) throw error;
    }
  }
  return suites;
}

/** The suite of these runs among those that lie here, whatever became of it since; null where it is none of them. */
export function suiteOf(capsules: readonly GateCapsule[], suites: readonly Suite[]): Suite | null {
  const name = capsules[0]?.run.header.suite.name;
  return suites.find((suite) => suite.name === name) ?? null;
}

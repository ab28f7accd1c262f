// Decides a gate: capsules in, decisions out, each kept as a document.
import { BakeoffError } from "../../core/base/errors.ts";
import { daysFrom } from "../../core/base/instant.ts";
import { refusals } from "../../core/gate/admission.ts";
import { CRITERIA } from "../../core/gate/criteria/criteria.ts";
import { decideCandidates, type CandidateDecision } from "../../core/gate/decide.ts";
import { type GateTerms, gateDocument, type GateDocument, type Override, steady } from "../../core/gate/document.ts";
import { gatherEvidence, type GateCapsule, type GateContext } from "../../core/gate/evidence.ts";
import { levelOfGate } from "../../core/gate/level.ts";
import { CURRENT, statisticsOf } from "../../core/gate/statistics/versions.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Clock } from "../../ports/clock.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import { type CapsuleFiles, newestCapsule, readGateCapsule } from "./capsules.ts";
import { type RecordPorts, recordDecisions } from "./record.ts";
import { checkRegistration, type RegistrationReader, type SuiteFinder } from "./registration.ts";

export interface GatePorts extends RegistrationReader {
  readonly clock: Pick<Clock, "wall">;
  readonly capsules: CapsuleFiles;
  readonly suite: SuiteFinder;
}

export interface GateQuestion {
  readonly candidates: readonly string[];
  /** Null: the policy's own reflex candidate. */
  readonly incumbent: string | null;
  /** Empty: the newest that holds them all. */
  readonly capsules: readonly string[];
  readonly registration: string | null;
  /** Raw public keys, base64, beside those that the policy trusts. */
  readonly trusted: readonly string[];
  readonly override: Override | null;
  /** Null: the policy's. */
  readonly alpha: number | null;
  readonly look: GateDocument["look"];
}

export interface GateRequest extends Pick<GateQuestion, "candidates" | "incumbent" | "capsules" | "registration"> {
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
  const { candidates, incumbent, capsules, registration, junit } = request;
  const key = await ports.keys.load(request.keyFile);
  const override = overrideOf(request.override, key !== null);
  const trusted = key === null ? [] : [key.publicKey];
  const question = { candidates: [...new Set(candidates)], incumbent, capsules, registration, trusted, override, alpha: null, look: null };
  const documents = await runGate(ports, question);
  return { documents, paths: await recordDecisions(ports, documents, { junit, key }) };
}

function overrideOf({ by, reason }: GateRequest["override"], hasKey: boolean): Override | null {
  if (reason === null && by === null) return null;
  if (!reason?.trim() || !by?.trim()) throw new BakeoffError("usage", "an override needs a reason and a name", "--override REASON --by NAME");
  if (!hasKey) throw new BakeoffError("usage", "an override must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  return { by: by.trim(), reason: reason.trim() };
}

/** Decides. Throws `integrity` with every reason at once where the capsules are refused. */
export async function runGate(ports: GatePorts, question: GateQuestion): Promise<readonly GateDocument[]> {
  const { capsules, incumbent } = await capsulesFor(ports.capsules, question);
  const snapshot = admitted(capsules, [...question.candidates, incumbent]);
  const { registration: path, candidates, trusted, look } = question;
  const statistics = statisticsOf(CURRENT, look);
  const registration =
    path === null ? ({ state: "none" } as const) : await checkRegistration(ports, path, { candidates, incumbent, capsules, snapshot, statistics, trusted });
  const around = { now: ports.clock.wall(), suiteRootHere: await suiteRootHere(ports.suite, capsules), registration, gatesBefore: null, statistics };
  return decideOn(capsules, snapshot, around, { ...question, incumbent });
}

/** The decision of capsules that were read: also what a stored decision is checked against. */
export function decideOn(
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
  around: Omit<GateContext, "ageDays">,
  question: Pick<GateQuestion, "candidates" | "alpha" | "look" | "override"> & { readonly incumbent: string },
): readonly GateDocument[] {
  const evidence = gatherEvidence(capsules as readonly [GateCapsule, ...GateCapsule[]], snapshot, { ...around, ageDays: ageDays(capsules, around.now) });
  // As it will be stored: whoever decides anew has no more digits than these.
  const alpha = steady(question.alpha ?? levelOfGate(evidence.rules.alpha, around.gatesBefore));
  const asked: GateTerms = { alternatives: question.candidates, alpha, look: question.look, override: question.override };
  const decisions = decideCandidates(evidence, question.candidates, question.incumbent, alpha);
  for (const decision of decisions) checkOverride(decision, question.override);
  return decisions.map((decision) => gateDocument(evidence, decision, { ...asked, override: decision.verdict === "promote" ? null : question.override }));
}

/** The policy that all capsules share. Throws `integrity` with every refusal, by name. */
export function admitted(capsules: readonly GateCapsule[], wanted: readonly string[]): PolicySnapshot {
  const refused = refusals(capsules, wanted);
  const snapshot = capsules[0]?.snapshot ?? null;
  if (refused.length === 0 && snapshot !== null) return snapshot;
  const lines = refused.map(({ name, message }) => `${name}: ${message}`);
  throw new BakeoffError(
    "integrity",
    `the gate refuses to look at this evidence\n${lines.map((line) => `  ${line}`).join("\n")}`,
    "each line says the way out; nothing was decided",
  );
}

interface Admissible {
  readonly capsules: readonly GateCapsule[];
  readonly incumbent: string;
}

async function capsulesFor(files: CapsuleFiles, { candidates, incumbent, capsules }: GateQuestion): Promise<Admissible> {
  const paths = capsules.length > 0 ? capsules : [await newestCapsule(files, incumbent === null ? candidates : [...candidates, incumbent])];
  // One after the other: each may be large, and its bytes are not kept.
  const read: GateCapsule[] = [];
  for (const path of paths) read.push(await readGateCapsule(files, path));
  const named = incumbent ?? read[0]?.snapshot?.policy.reflex.candidate ?? "";
  if (candidates.includes(named)) throw new BakeoffError("usage", `${named} can't take its own place`, "name another incumbent: --incumbent NAME");
  return { capsules: read, incumbent: named };
}

/** Without stand-ins and with capsules that verify, a person may decide otherwise, by name. */
function checkOverride({ candidate, findings }: CandidateDecision, override: Override | null): void {
  const barred = override === null ? undefined : findings.find(({ criterion, outcome }) => outcome !== "met" && !CRITERIA[criterion].overridable);
  if (barred)
    throw new BakeoffError("usage", `${candidate}: ${barred.criterion} can't be overridden: ${barred.says}`, "run again with the policy's own models");
}

/** Of the oldest. */
const ageDays = (capsules: readonly GateCapsule[], now: string): number => Math.max(...capsules.map(({ run }) => daysFrom(run.header.created_at, now)));

/** Null where the suite does not lie here: an auditor need not have it. */
async function suiteRootHere(suite: SuiteFinder, capsules: readonly GateCapsule[]): Promise<string | null> {
  try {
    return (await suite(capsules[0]?.run.header.suite.name ?? "")).root;
  } catch (error) {
    if (error instanceof BakeoffError) return null;
    throw error;
  }
}

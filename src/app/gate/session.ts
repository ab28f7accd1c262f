// A gate from the words of the command line to its documents: capsules in, decisions out.
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { sha256 } from "../../core/base/canonical.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { refusals } from "../../core/gate/admission.ts";
import { CRITERIA, decide, type Decision, NOT_OVERRIDABLE } from "../../core/gate/decide.ts";
import { type Asked, gateDocument, type GateDocument, type Override, steady } from "../../core/gate/document.ts";
import { type Evidence, gatherEvidence, type GateCapsule } from "../../core/gate/evidence.ts";
import { criteriaHash, type RegistrationFact, registrationFault } from "../../core/gate/registration.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { clock, world } from "../compose.ts";
import { newestCapsule, readGateCapsule } from "./capsules.ts";
import { suiteFolders } from "../places.ts";

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

/** Decides. Throws `integrity` with every reason at once where the capsules are refused. */
export async function runGate(question: GateQuestion): Promise<readonly GateDocument[]> {
  const { capsules, incumbent } = await capsulesFor(question);
  const snapshot = admitted(capsules, [...question.candidates, incumbent]);
  const now = clock.wall();
  const around = { now, suiteRootHere: await suiteRootHere(capsules), registration: await registrationFact(question, incumbent, capsules, snapshot) };
  return decideOn(capsules, snapshot, around, { ...question, incumbent });
}

/** The decision of capsules that were read: also what a stored decision is checked against. */
export function decideOn(
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
  around: Pick<Evidence, "now" | "suiteRootHere" | "registration">,
  question: Pick<GateQuestion, "candidates" | "alpha" | "look" | "override"> & { readonly incumbent: string },
): readonly GateDocument[] {
  const evidence = gatherEvidence(capsules as readonly [GateCapsule, ...GateCapsule[]], snapshot, { ...around, ageDays: ageDays(capsules, around.now) });
  // As it will be stored: whoever decides anew has no more digits than these.
  const alpha = steady(question.alpha ?? evidence.rules.alpha);
  const asked: Asked = { alternatives: question.candidates, alpha, look: question.look, override: question.override };
  const decisions = decide(evidence, question.candidates, question.incumbent, alpha);
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

async function capsulesFor({
  candidates,
  incumbent,
  capsules,
}: GateQuestion): Promise<{ readonly capsules: readonly GateCapsule[]; readonly incumbent: string }> {
  const paths = capsules.length > 0 ? capsules : [await newestCapsule(incumbent === null ? candidates : [...candidates, incumbent])];
  // One after the other: each may be large, and its bytes are not kept.
  const read: GateCapsule[] = [];
  for (const path of paths) read.push(await readGateCapsule(path));
  const named = incumbent ?? read[0]?.snapshot?.policy.reflex.candidate ?? "";
  if (candidates.includes(named)) throw new BakeoffError("usage", `${named} can't take its own place`, "name another incumbent: --incumbent NAME");
  return { capsules: read, incumbent: named };
}

/** Without stand-ins and with capsules that verify, a person may decide otherwise, by name. */
function checkOverride({ candidate, findings }: Decision, override: Override | null): void {
  const barred = override === null ? undefined : findings.find(({ criterion, outcome }) => outcome !== "met" && NOT_OVERRIDABLE.includes(criterion));
  if (barred)
    throw new BakeoffError("usage", `${candidate}: ${barred.criterion} can't be overridden: ${barred.says}`, "run again with the policy's own models");
}

function ageDays(capsules: readonly GateCapsule[], now: string): number {
  const oldest = Math.min(...capsules.map(({ run }) => Date.parse(run.header.created_at)));
  return (Date.parse(now) - oldest) / 86_400_000;
}

/** Null where the suite does not lie here: an auditor need not have it. */
async function suiteRootHere(capsules: readonly GateCapsule[]): Promise<string | null> {
  const name = capsules[0]?.run.header.suite.name ?? "";
  try {
    return (await world.loadSuite(await world.findSuite(name, suiteFolders()))).root;
  } catch (error) {
    if (error instanceof BakeoffError) return null;
    throw error;
  }
}

async function registrationFact(
  { registration: path, candidates, trusted }: GateQuestion,
  incumbent: string,
  capsules: readonly GateCapsule[],
  snapshot: PolicySnapshot,
): Promise<RegistrationFact> {
  return path === null ? { state: "none" } : checkRegistration(path, { candidates, incumbent, capsules, snapshot, trusted });
}

export interface RegistrationNeeds {
  readonly candidates: readonly string[];
  readonly incumbent: string;
  readonly capsules: readonly GateCapsule[];
  readonly snapshot: PolicySnapshot;
  readonly trusted: readonly string[];
}

/** Does the registration in that file cover this gate? */
export async function checkRegistration(path: string, { candidates, incumbent, capsules, snapshot, trusted }: RegistrationNeeds): Promise<RegistrationFact> {
  const text = await readText(path, "the registration");
  const shown = relative(process.cwd(), path) || path;
  const keys = [...snapshot.policy.signing.trusted_keys, ...trusted];
  const headers = capsules.map(({ run }) => run.header);
  const rules = currentCriteria(snapshot);
  for (const candidate of candidates) {
    const found = registrationFault(parsed(text), keys, { candidate, incumbent, headers, criteriaHash: rules });
    if (found.fault !== null) return { state: "invalid", path: shown, fault: found.fault };
    if (candidate === candidates.at(-1))
      return { state: "valid", path: shown, sha256: sha256(text), signer: found.signer, registeredAt: found.registration.registered_at };
  }
  return { state: "none" };
}

export const currentCriteria = (snapshot: PolicySnapshot): string =>
  criteriaHash(
    snapshot.policy.gates.reflex_promotion,
    CRITERIA.map(({ name }) => name),
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new BakeoffError("usage", `${what} ${path} can't be read`, "name a file that is there", { cause: error });
  }
}

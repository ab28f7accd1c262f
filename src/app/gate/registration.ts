// Registers a gate before anything is run, and tells later whether a registration covers a gate.
import { canonicalJson } from "../../core/base/canonical.ts";
import { signStatement, type SigningKey } from "../../core/base/dsse.ts";
import { BakeoffError, invariant } from "../../core/base/errors.ts";
import { epochMs } from "../../core/base/instant.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import { levelOfGate, type Sequential } from "../../core/gate/level.ts";
import { lookPlan } from "../../core/gate/looks.ts";
import { coverageFault, type PlannedLooks, type RegistrationClaim } from "../../core/gate/registration/coverage.ts";
import { earlierRegistrations, nextPlace, readLog } from "../../core/gate/registration/log.ts";
import {
  claimedRegistration,
  criteriaHash,
  readRegistration,
  type Registration,
  REGISTRATION_FORMAT,
  type RegistrationFact,
  registrationStatement,
  stampedBytes,
} from "../../core/gate/registration/registration.ts";
import { criteriaAsked } from "../../core/gate/criteria/criteria.ts";
import { BY_FAMILY } from "../../core/gate/statistics/by-family.ts";
import type { GateStatistics } from "../../core/gate/statistics/statistics.ts";
import { EMBEDDED } from "../../core/policy/rules/rules.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles } from "../../ports/policies.ts";
import type { RegistrationLogFile, TimeStamps } from "../../ports/registration-log.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { onlyPolicy } from "../policy/sources.ts";
import { chosenTasks } from "../run/plan.ts";
import type { CapsuleFiles } from "./capsules.ts";
import { begunRuns, soundLog } from "./registration-log.ts";

const DEFAULT_SUITE = "reflex-patchloop-v1";

export interface RegisterPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly keys: SigningKeys;
  readonly policies: Pick<PolicyFiles, "load">;
  readonly suite: LoadSuite;
  readonly texts: Pick<TextFiles, "write">;
  readonly log: RegistrationLogFile;
  readonly stamps: TimeStamps;
  /** Where a registration goes that no place was named for. */
  readonly gatesFolder: string;
}

export interface RegisterRequest {
  readonly candidates: readonly string[];
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  /** Null: the default suite. */
  readonly suite: string | null;
  /** Only these tasks; null: all. */
  readonly tasks: readonly string[] | null;
  /** Only so many, drawn by the seed; null: all. */
  readonly limit: number | null;
  /** Null: as many as the gate wants. */
  readonly epochs: number | null;
  readonly seed: number;
  readonly runs: number;
  /** How often to look at most, of a run until decided; null: no looks. */
  readonly looks: number | null;
  /** How looks share the level. */
  readonly sequential: Sequential;
  readonly policyFile: string;
  /** Null: the environment's key. */
  readonly keyFile: string | null;
  /** Null: a file of the gates' folder, named after the time. */
  readonly out: string | null;
  /** Address of a time stamping authority (RFC 3161); null: the signer's own word. */
  readonly timestamp: string | null;
}

export interface GateRegistration {
  readonly registration: Registration;
  readonly path: string;
  /** The log that it stands in now. */
  readonly log: string;
  /** How many gates share α with it that were registered before, and the level that this leaves. */
  readonly earlier: number;
  readonly level: number;
}

/** Signs what will be run and decided, and appends it to the log. Throws `usage` without a key that counts, and for a name or a task that nobody knows. */
export async function registerGate(ports: RegisterPorts, request: RegisterRequest): Promise<GateRegistration> {
  const { policyFile, candidates, incumbent } = request;
  const now = ports.clock.wall();
  const { snapshot } = await ports.policies.load(onlyPolicy(policyFile), now);
  const key = await signingKey(ports.keys, request.keyFile, snapshot);
  const against = incumbent ?? snapshot.policy.reflex.candidate;
  checkNames([...candidates, against], snapshot);
  const suite = await ports.suite(request.suite ?? DEFAULT_SUITE);
  const promised: Omit<Registration, "place"> = {
    format: REGISTRATION_FORMAT,
    registered_at: now,
    candidates: [...new Set(candidates)],
    incumbent: against,
    suite: { name: suite.name, version: suite.version, root: suite.root },
    policy: { id: snapshot.policy_id, hash: snapshot.hash },
    criteria_hash: criteriaOf(snapshot, BY_FAMILY),
    epochs: request.epochs ?? snapshot.policy.gates.reflex_promotion.min_epochs,
    seed: request.seed,
    ...runsOf(suite, snapshot, request),
    shared_days: snapshot.policy.gates.reflex_promotion.max_age_days,
  };
  const line = await ports.log.append(async (text) => {
    const place = nextPlace(soundLog(text, ports.log.path));
    const envelope = signStatement(registrationStatement({ ...promised, place }), key);
    const timestamp = request.timestamp === null ? null : await stampOf(ports, request.timestamp, stampedBytes(envelope));
    return canonicalJson({ kind: "gate-registration", format: REGISTRATION_FORMAT, envelope, timestamp });
  });
  const path = request.out ?? `${ports.gatesFolder}/registration-${now.slice(0, 19).replaceAll(":", "-")}Z.json`;
  await ports.texts.write(path, `${line}\n`);
  const made = claimedRegistration(line);
  invariant(made, "a registration was written that can't be read back");
  const earlier = earlierRegistrations(soundLog(await ports.log.read(), ports.log.path), made.sha256, made.registration) ?? 0;
  return { registration: made.registration, path, log: ports.log.path, earlier, level: levelOfGate(snapshot.policy.gates.reflex_promotion.alpha, earlier) };
}

/** Throws `environment` where no run could begin after the stamp by the clock that is here. */
async function stampOf({ stamps, clock }: Pick<RegisterPorts, "stamps" | "clock">, url: string, bytes: Uint8Array): Promise<string> {
  const token = await stamps.request(url, bytes);
  const stamp = await stamps.check(token, bytes);
  if (stamp.ok && epochMs(stamp.at) > epochMs(clock.wall()))
    throw new BakeoffError("environment", `the clock here is behind that of ${stamp.authority}, which says ${stamp.at}`, "set it right, then register anew");
  return token;
}

async function signingKey(keys: SigningKeys, file: string | null, { policy: { signing } }: PolicySnapshot): Promise<SigningKey> {
  const key = await keys.load(file);
  if (key === null) throw new BakeoffError("usage", "a registration must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  if (signing.require_signature && !signing.trusted_keys.includes(key.publicKey))
    throw new BakeoffError("usage", `the policy does not trust the key ${key.publicKey}`, "sign with a key of signing.trusted_keys");
  return key;
}

function checkNames(names: readonly string[], { candidates }: PolicySnapshot): void {
  const known = [...EMBEDDED, ...candidates.map(({ name }) => name)];
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new BakeoffError("usage", `no candidate ${stranger}`, `did you mean ${nearest(stranger, known).join(" or ")}?`);
}

/** Which tasks will be run, and how often something will be run and looked at. */
function runsOf(suite: Suite, { policy }: PolicySnapshot, request: RegisterRequest): Pick<Registration, "tasks" | "runs" | "looks" | "sequential"> {
  const { looks, runs, seed, limit, tasks, sequential } = request;
  const chosen = chosenTasks(suite, { tasks, limit, seed });
  if (looks === null) return { tasks: chosen.map(({ id }) => id), runs, looks };
  const low = chosen.filter(({ risk }) => risk === "low");
  const { min_tasks: fewest, alpha } = policy.gates.reflex_promotion;
  const plan = lookPlan(low, { count: looks, fewest, alpha, seed, sequential });
  return { tasks: low.map(({ id }) => id), runs: plan.length, looks, sequential };
}

export interface RegistrationReader {
  readonly texts: Pick<TextFiles, "read" | "shown">;
  readonly capsules: CapsuleFiles;
  readonly log: RegistrationLogFile;
  readonly stamps: Pick<TimeStamps, "check">;
}

export interface RegistrationNeeds {
  /** All alternatives of the gate. */
  readonly alternatives: readonly string[];
  readonly incumbent: string;
  readonly capsules: readonly GateCapsule[];
  readonly snapshot: PolicySnapshot;
  /** The keys that may have signed it. */
  readonly keys: readonly string[];
  /** Those that the gate is decided by: their criteria are what was registered. */
  readonly statistics: GateStatistics;
  /** Null: this is no look of several. */
  readonly looks: PlannedLooks | null;
  /** Which registrations it may rest on: today's alone, also those of format 2 that said less, also those of format 1. Only decisions of their time may. */
  readonly accepted: "todays" | "second" | "first";
}

/** Does the registration in that file cover this gate? Throws `usage` for a file that is not there. */
export async function checkRegistration(reader: RegistrationReader, path: string, needs: RegistrationNeeds): Promise<RegistrationFact> {
  const { texts, log: file } = reader;
  const text = await texts.read(path);
  if (text === null) throw new BakeoffError("usage", `the registration ${path} can't be read`, "name a file that is there");
  const invalid = (fault: string): RegistrationFact => ({ state: "invalid", path: texts.shown(path), fault });
  const read = readRegistration(text, needs.keys);
  if (!read.ok) return invalid(read.fault);
  const { registration, signer, sha256 } = read;
  const own = { state: "valid", path: texts.shown(path), sha256, signer, registeredAt: registration.registered_at } as const;
  const { capsules, snapshot, accepted } = needs;
  const claim = claimOf(needs, sha256);
  if (registration.format === 1) {
    const fault = accepted === "first" ? coverageFault(registration, { ...claim, begun: [] }) : "format 1 binds neither runs nor tasks: register anew";
    return fault === null ? own : invalid(fault);
  }
  const log = readLog(await file.read());
  if (!log.ok) return invalid(`${file.path}: ${log.fault}`);
  const earlier = earlierRegistrations(log.log, sha256, registration);
  if (earlier === null) return invalid(`it is not in ${file.path}`);
  const looked = capsules.map(({ run, headerHash }) => ({ header: run.header, headerHash }));
  const begun = await begunRuns(reader.capsules, log.log, sha256, looked);
  const fault = coverageFault(registration, { ...claim, begun });
  if (fault !== null || typeof begun === "string") return invalid(fault ?? String(begun));
  const time = await timeText(reader.stamps, { token: read.timestamp, bytes: stampedBytes(read.envelope), began: firstBegun(capsules) }, snapshot);
  return time.ok ? { ...own, time: time.says, runs: begun, earlier } : invalid(time.fault);
}

/** The gate that a registration is to cover, but for the runs that began under it. */
function claimOf(
  { alternatives, incumbent, capsules, snapshot, statistics, looks, accepted }: RegistrationNeeds,
  registration: string,
): Omit<RegistrationClaim, "begun"> {
  const headers = capsules.map(({ run }) => run.header);
  const sharedDays = accepted === "todays" ? snapshot.policy.gates.reflex_promotion.max_age_days : null;
  return { alternatives, incumbent, headers, criteriaHash: criteriaOf(snapshot, statistics), registration, looks, sharedDays };
}

const firstBegun = (capsules: readonly GateCapsule[]): string => capsules.map(({ run }) => run.header.created_at).toSorted()[0] ?? "";

/** What was stamped, or was not, and when the first of its runs began. */
interface Stamped {
  readonly token: string | null;
  readonly bytes: Uint8Array;
  readonly began: string;
}

/** Who vouches for the time of a registration. */
async function timeText(
  stamps: Pick<TimeStamps, "check">,
  { token, bytes, began }: Stamped,
  { policy: { signing } }: PolicySnapshot,
): Promise<{ readonly ok: true; readonly says: string } | { readonly ok: false; readonly fault: string }> {
  if (token === null) return { ok: true, says: "the signer's own word" };
  const stamp = await stamps.check(token, bytes);
  if (!stamp.ok) return { ok: false, fault: `its time stamp does not hold: ${stamp.fault}` };
  // Whoever signed it may write any time; an authority saw it then, and not before.
  if (epochMs(stamp.at) >= epochMs(began)) return { ok: false, fault: `${stamp.authority} saw it at ${stamp.at}, after a run began at ${began}` };
  const known = signing.timestamp_certificates?.includes(stamp.certificate) ?? false;
  const who = `${stamp.authority} at ${stamp.at} (certificate ${stamp.certificate.slice(0, 12)}${known ? "" : ", which the policy does not name"})`;
  return { ok: true, says: known ? `vouched for by ${who}` : `the signer's own word, and that of ${who}` };
}

const criteriaOf = ({ policy: { gates } }: PolicySnapshot, statistics: GateStatistics): string =>
  criteriaHash(gates.reflex_promotion, criteriaAsked(statistics, gates.reflex_promotion));

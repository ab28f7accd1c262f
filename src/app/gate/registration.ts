// Registers a gate before anything is run, and tells later whether a registration covers a gate.
import { canonicalJson, sha256 } from "../../core/base/canonical.ts";
import { signStatement } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import type { GateCapsule } from "../../core/gate/evidence.ts";
import {
  criteriaHash,
  type Registration,
  REGISTRATION_FORMAT,
  type RegistrationFact,
  registrationFault,
  registrationStatement,
} from "../../core/gate/registration.ts";
import { BY_FAMILY } from "../../core/gate/statistics/by-family.ts";
import type { GateStatistics } from "../../core/gate/statistics/statistics.ts";
import { EMBEDDED } from "../../core/policy/rules/rules.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles } from "../../ports/policies.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { TextFiles } from "../../ports/text-files.ts";

const DEFAULT_SUITE = "reflex-patchloop-v1";

/** A suite by its name or folder. Throws `usage` where it is not here. */
export type SuiteFinder = (nameOrFolder: string) => Promise<Pick<Suite, "name" | "version" | "root">>;

export interface RegisterPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly keys: SigningKeys;
  readonly policies: Pick<PolicyFiles, "load">;
  readonly suite: SuiteFinder;
  readonly texts: Pick<TextFiles, "write">;
  /** Where a registration goes that no place was named for. */
  readonly gatesFolder: string;
}

export interface RegisterRequest {
  readonly candidates: readonly string[];
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  /** Null: the default suite. */
  readonly suite: string | null;
  readonly policyFile: string;
  /** Null: the environment's key. */
  readonly keyFile: string | null;
  /** Null: a file of the gates' folder, named after the time. */
  readonly out: string | null;
}

export interface GateRegistration {
  readonly registration: Registration;
  readonly path: string;
}

/** Signs what will be decided, by which criteria and on which suite. Throws `usage` without a key and for a candidate that the policy does not know. */
export async function registerGate(
  ports: RegisterPorts,
  { candidates, incumbent, suite, policyFile, keyFile, out }: RegisterRequest,
): Promise<GateRegistration> {
  const key = await ports.keys.load(keyFile);
  if (key === null) throw new BakeoffError("usage", "a registration must be signed, and there is no key", "--key FILE, or set BAKEOFF_SIGNING_KEY");
  const now = ports.clock.wall();
  const { snapshot } = await ports.policies.load({ policyFile, specFile: null, overrides: [] }, now);
  const against = incumbent ?? snapshot.policy.reflex.candidate;
  checkNames([...candidates, against], snapshot);
  const { name, version, root } = await ports.suite(suite ?? DEFAULT_SUITE);
  const registration: Registration = {
    format: REGISTRATION_FORMAT,
    registered_at: now,
    candidates: [...new Set(candidates)],
    incumbent: against,
    suite: { name, version, root },
    policy: { id: snapshot.policy_id, hash: snapshot.hash },
    criteria_hash: criteriaOf(snapshot, BY_FAMILY),
  };
  const path = out ?? `${ports.gatesFolder}/registration-${now.slice(0, 19).replaceAll(":", "-")}Z.json`;
  await ports.texts.write(path, `${canonicalJson(signStatement(registrationStatement(registration), key))}\n`);
  return { registration, path };
}

function checkNames(names: readonly string[], { candidates }: PolicySnapshot): void {
  const known = [...EMBEDDED, ...candidates.map(({ name }) => name)];
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new BakeoffError("usage", `no candidate ${stranger}`, `did you mean ${nearest(stranger, known).join(" or ")}?`);
}

export interface RegistrationReader {
  readonly texts: Pick<TextFiles, "read" | "shown">;
}

export interface RegistrationNeeds {
  readonly candidates: readonly string[];
  readonly incumbent: string;
  readonly capsules: readonly GateCapsule[];
  readonly snapshot: PolicySnapshot;
  /** Those that the gate is decided by: their criteria are what was registered. */
  readonly statistics: GateStatistics;
  readonly trusted: readonly string[];
}

/** Does the registration in that file cover this gate? */
export async function checkRegistration({ texts }: RegistrationReader, path: string, needs: RegistrationNeeds): Promise<RegistrationFact> {
  const { candidates, incumbent, capsules, snapshot, statistics, trusted } = needs;
  const text = await texts.read(path);
  if (text === null) throw new BakeoffError("usage", `the registration ${path} can't be read`, "name a file that is there");
  const shown = texts.shown(path);
  const keys = [...snapshot.policy.signing.trusted_keys, ...trusted];
  const claim = { incumbent, headers: capsules.map(({ run }) => run.header), criteriaHash: criteriaOf(snapshot, statistics) };
  const found = candidates.map((candidate) => registrationFault(parsed(text), keys, { ...claim, candidate }));
  const faulty = found.find(({ fault }) => fault !== null);
  if (faulty?.fault) return { state: "invalid", path: shown, fault: faulty.fault };
  const sound = found.at(-1);
  if (sound?.fault !== null) return { state: "none" };
  return { state: "valid", path: shown, sha256: sha256(text), signer: sound.signer, registeredAt: sound.registration.registered_at };
}

const criteriaOf = (snapshot: PolicySnapshot, { criteria }: GateStatistics): string => criteriaHash(snapshot.policy.gates.reflex_promotion, criteria);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

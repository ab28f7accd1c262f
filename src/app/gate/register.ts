// Registers a gate: signs what will be decided, by which criteria and on which suite, before anything is run.
import { dirname } from "node:path";
import { canonicalJson } from "../../core/base/canonical.ts";
import { type SigningKey, signStatement } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { nearest } from "../../core/base/nearest.ts";
import { REGISTRATION_FORMAT, registrationStatement } from "../../core/gate/registration.ts";
import { EMBEDDED } from "../../core/policy/rules/rules.ts";
import { world } from "../compose.ts";
import { currentCriteria } from "./session.ts";
import { suiteFolders } from "../places.ts";

export interface RegisterNeeds {
  readonly candidates: readonly string[];
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  /** Null: the default suite. */
  readonly suite: string | null;
  readonly policyFile: string;
  readonly key: SigningKey;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly path: string;
}

/** Writes the signed registration; gives a line about it. Throws `usage` for a candidate that the policy does not know. */
export async function registerGate({ candidates, incumbent, suite: named, policyFile, key, at, path }: RegisterNeeds): Promise<string> {
  const snapshot = await world.loadPolicy(policyFile, at);
  const known = [...EMBEDDED, ...snapshot.candidates.map(({ name }) => name)];
  const against = incumbent ?? snapshot.policy.reflex.candidate;
  const stranger = [...candidates, against].find((name) => !known.includes(name));
  if (stranger !== undefined) throw new BakeoffError("usage", `no candidate ${stranger}`, `did you mean ${nearest(stranger, known).join(" or ")}?`);
  const suite = await world.loadSuite(await world.findSuite(named ?? "reflex-patchloop-v1", suiteFolders()));
  const statement = registrationStatement({
    format: REGISTRATION_FORMAT,
    registered_at: at,
    candidates: [...candidates],
    incumbent: against,
    suite: { name: suite.name, version: suite.version, root: suite.root },
    policy: { id: snapshot.policy_id, hash: snapshot.hash },
    criteria_hash: currentCriteria(snapshot),
  });
  await world.makeFolder(dirname(path));
  await world.replaceFile(path, `${canonicalJson(signStatement(statement, key))}\n`);
  return `registered ${candidates.join(", ")} against ${against} on ${suite.name} ${suite.version} (${suite.root.slice(0, 12)}), policy ${snapshot.policy_id} (${snapshot.hash.slice(0, 12)}): ${path}`;
}

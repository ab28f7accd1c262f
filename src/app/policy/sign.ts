// Signs a policy's hash into a file beside it.
import { canonicalJson } from "../../core/base/canonical.ts";
import type { SigningKey } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { policyEnvelope } from "../../core/policy/signature.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles, PolicySources } from "../../ports/policies.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { TextFiles } from "../../ports/text-files.ts";

export interface PolicySignPorts {
  readonly clock: Pick<Clock, "wall">;
  readonly keys: SigningKeys;
  readonly policies: Pick<PolicyFiles, "read">;
  readonly texts: Pick<TextFiles, "write" | "shown">;
}

export interface PolicySignRequest {
  readonly sources: PolicySources;
  /** File of the key; null: the environment's. */
  readonly keyFile: string | null;
  /** File to make a key in first; null: none. */
  readonly newKeyFile: string | null;
}

export interface SignedPolicy {
  readonly policyId: string;
  readonly hash: string;
  /** Of the signature, by the path that people are shown. */
  readonly file: string;
  readonly publicKey: string;
  /** The policy names this key among those that it trusts: else the signature does not count. */
  readonly trusted: boolean;
}

/** Throws `usage` where there is no key, or two. */
export async function signPolicy(ports: PolicySignPorts, request: PolicySignRequest): Promise<SignedPolicy> {
  const { snapshot, signatureFile } = await ports.policies.read(request.sources, ports.clock.wall());
  const key = await keyOf(ports.keys, request);
  await ports.texts.write(signatureFile, `${canonicalJson(policyEnvelope(snapshot, key))}\n`);
  const trusted = snapshot.policy.signing.trusted_keys.includes(key.publicKey);
  return { policyId: snapshot.policy_id, hash: snapshot.hash, file: ports.texts.shown(signatureFile), publicKey: key.publicKey, trusted };
}

async function keyOf(keys: SigningKeys, { keyFile, newKeyFile }: PolicySignRequest): Promise<SigningKey> {
  if (keyFile !== null && newKeyFile !== null) throw new BakeoffError("usage", "--key and --new-key exclude each other", "name one of them");
  if (newKeyFile !== null) return keys.create(newKeyFile);
  const loaded = await keys.load(keyFile);
  if (loaded) return loaded;
  throw new BakeoffError("usage", "there is no key to sign with", "name one (--key FILE), make one (--new-key FILE), or set BAKEOFF_SIGNING_KEY");
}

// A policy's signature: a DSSE envelope over the snapshot's hash, and whether it is trusted.
import { z } from "zod";
import { type Envelope, signStatement, type SigningKey, type Statement, verifyEnvelope } from "../base/dsse.ts";
import type { PolicySnapshot } from "./snapshot.ts";

/** Version 1 of the statement in a policy's signature: this policy, with this hash. */
export const SIGNATURE_TYPE = "urn:bakeoff:policy-signature:v1";

export type Signature =
  | { readonly status: "valid"; readonly publicKey: string }
  | { readonly status: "absent" }
  | { readonly status: "wrong"; readonly fault: string };

type Signed = Pick<PolicySnapshot, "policy_id" | "hash">;

const predicate = z.strictObject({ format: z.literal(1), policy_id: z.string() });

function statementOf({ policy_id, hash }: Signed): Statement {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "PolicySnapshot.json", digest: { sha256: hash } }],
    predicateType: SIGNATURE_TYPE,
    predicate: { format: 1, policy_id },
  };
}

/** The same policy and key give the same envelope: it contains no time. */
export const policyEnvelope = (snapshot: Signed, key: SigningKey): Envelope => signStatement(statementOf(snapshot), key);

/** The status of a signature file for a snapshot, by the keys that the snapshot itself trusts. Null: there is no file. */
export function judgePolicySignature(text: string | null, snapshot: Signed & { readonly policy: Pick<PolicySnapshot["policy"], "signing"> }): Signature {
  if (text === null) return { status: "absent" };
  const envelope = envelopeOf(text);
  const verified = verifyEnvelope(envelope, snapshot.policy.signing.trusted_keys);
  if (!verified.ok) return { status: "wrong", fault: verified.fault };
  const { statement, publicKey } = verified;
  if (statement.predicateType !== SIGNATURE_TYPE) return { status: "wrong", fault: `it states ${statement.predicateType.slice(0, 80)}, not a policy` };
  const said = predicate.safeParse(statement.predicate);
  if (!said.success) return { status: "wrong", fault: "its format is not known" };
  const same = said.data.policy_id === snapshot.policy_id && statement.subject.length === 1 && statement.subject[0]?.digest.sha256 === snapshot.hash;
  return same
    ? { status: "valid", publicKey }
    : { status: "wrong", fault: `it is of another policy (${said.data.policy_id.slice(0, 80)}, ${statement.subject[0]?.digest.sha256.slice(0, 12) ?? ""})` };
}

function envelopeOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

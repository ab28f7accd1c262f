// DSSE envelopes over in-toto statements, signed with ed25519: the signatures of runs, policies and decisions.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "./canonical.ts";
import { BakeoffError, messageOf } from "./errors.ts";

/** https://github.com/in-toto/attestation: the payload type of a statement. */
export const IN_TOTO = "application/vnd.in-toto+json";

/** Base64 in its one form: the bits that its last character leaves over are nought, so that no other text stands for the same bytes. */
const base64 = z.base64().refine((text) => Buffer.from(text, "base64").toString("base64") === text, "not the one base64 form of its bytes");

export const envelopeSchema = z.strictObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: base64 })),
});
export type Envelope = z.infer<typeof envelopeSchema>;

const sha256Digest = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** https://in-toto.io/Statement/v1. */
export const statementSchema = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.strictObject({ name: z.string(), digest: sha256Digest })).min(1),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.infer<typeof statementSchema>;

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Raw 32 bytes, base64: what policies list as trusted. */
  readonly publicKey: string;
  readonly keyid: string;
}

/** Pre-authentication encoding (DSSE protocol, "PAE"): lengths in bytes, so that no two pairs encode alike. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

/** Signs a statement's canonical JSON. Ed25519 is deterministic: the same statement and key give the same bytes. */
export function signStatement(statement: Statement, key: SigningKey): Envelope {
  const payload = Buffer.from(canonicalJson(statement));
  const sig = sign(null, preAuthEncoding(IN_TOTO, payload), key.privateKey);
  return { payloadType: IN_TOTO, payload: payload.toString("base64"), signatures: [{ keyid: key.keyid, sig: sig.toString("base64") }] };
}

export type EnvelopeCheck =
  | { readonly ok: true; readonly statement: Statement /** The trusted key that signed. */; readonly publicKey: string }
  | { readonly ok: false; readonly fault: string };

/** Checks an envelope from anywhere against keys that are trusted (raw public keys, base64). Never throws. */
export function verifyEnvelope(envelope: unknown, trusted: readonly string[]): EnvelopeCheck {
  const read = envelopeSchema.safeParse(envelope);
  if (!read.success) return { ok: false, fault: "it is no DSSE envelope" };
  const { payloadType, payload, signatures } = read.data;
  if (payloadType !== IN_TOTO) return { ok: false, fault: `it holds ${payloadType.slice(0, 80)}, not an in-toto statement` };
  const bytes = Buffer.from(payload, "base64");
  const message = preAuthEncoding(payloadType, bytes);
  const signer = trusted.find((key) => signatures.some(({ sig }) => verifies(message, key, sig)));
  if (signer === undefined) return { ok: false, fault: "no trusted key signed it" };
  const statement = statementOf(bytes);
  return statement ? { ok: true, statement, publicKey: signer } : { ok: false, fault: "what is signed is no in-toto statement" };
}

function statementOf(bytes: Buffer): Statement | null {
  try {
    return statementSchema.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}

function verifies(message: Buffer, publicKey: string, sig: string): boolean {
  try {
    return verify(null, message, publicKeyOf(publicKey), Buffer.from(sig, "base64"));
  } catch {
    return false;
  }
}

/** RFC 8410: the DER prefix of an ed25519 public key. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

function publicKeyOf(raw: string): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, Buffer.from(raw, "base64")]), format: "der", type: "spki" });
}

/** The public key as PEM: what openssl(1) reads. */
export const publicKeyPem = (raw: string): string => publicKeyOf(raw).export({ format: "pem", type: "spki" }).toString();

export const keyIdOf = (raw: string): string => createHash("sha256").update(Buffer.from(raw, "base64")).digest("hex");

/** Reads a PKCS #8 PEM. Throws `usage` where it holds no ed25519 private key; the text is never repeated. */
export function readSigningKey(pem: string): SigningKey {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType === "ed25519") return signingKeyOf(privateKey);
  } catch (error) {
    throw new BakeoffError("usage", `the signing key can't be read: ${messageOf(error)}`, "make one: bakeoff policy sign --new-key FILE", { cause: error });
  }
  throw new BakeoffError("usage", "the signing key is not an ed25519 key", "make one: bakeoff policy sign --new-key FILE");
}

export function newSigningKey(): { readonly key: SigningKey; readonly pem: string } {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { key: signingKeyOf(privateKey), pem: privateKey.export({ format: "pem", type: "pkcs8" }).toString() };
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const publicKey = der.subarray(SPKI_PREFIX.length).toString("base64");
  return { privateKey, publicKey, keyid: keyIdOf(publicKey) };
}

// What a capsule's signature covers: an in-toto statement over its seal, its events and its file.
import { z } from "zod";
import { canonicalJson, type Sha256 } from "../../base/canonical.ts";
import { envelopeSchema, keyIdOf, type Statement, verifyEnvelope } from "../../base/dsse.ts";
import { CAPSULE_FORMAT, type Header, type Seal } from "../line.ts";

export const CAPSULE_PREDICATE = "urn:bakeoff:capsule:1";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const predicateSchema = z.strictObject({
  capsule_format: z.literal(CAPSULE_FORMAT),
  run_id: z.string(),
  bakeoff_version: z.string(),
  sealed_at: z.string(),
  counts: z.strictObject({ events: z.number(), texts: z.number(), trials: z.number() }),
  suite: z.strictObject({ name: z.string(), version: z.string(), root: hash }),
  policy: z.strictObject({ id: z.string(), hash }),
  toolchain: z.strictObject({ rustc: z.string(), cargo: z.string(), host: z.string() }),
  /** The signer's own public key, raw in base64: who claims to have signed, not whether to trust them. */
  public_key: z.string(),
});

type Predicate = z.infer<typeof predicateSchema>;

const predicateOf = (header: Header, seal: Seal, publicKey: string): Predicate => ({
  capsule_format: CAPSULE_FORMAT,
  run_id: header.run_id,
  bakeoff_version: header.bakeoff_version,
  sealed_at: seal.sealed_at,
  counts: { events: seal.events, texts: seal.blobs, trials: header.tasks.length * header.candidates.length * header.epochs },
  suite: header.suite,
  policy: { id: header.policy.id, hash: header.policy.hash },
  toolchain: header.toolchain,
  public_key: publicKey,
});

/** What is signed about a run. The three subjects are the file's bytes, the seal (its `seal_hash`) and the events (its `merkle_root`). */
export function capsuleStatement(header: Header, seal: Seal, signer: { readonly fileHash: Sha256; readonly publicKey: string }): Statement {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: `${header.run_id}.capsule.jsonl`, digest: { sha256: signer.fileHash } },
      { name: "seal", digest: { sha256: seal.seal_hash } },
      { name: "events", digest: { sha256: seal.merkle_root } },
    ],
    predicateType: CAPSULE_PREDICATE,
    predicate: predicateOf(header, seal, signer.publicKey),
  };
}

/** The status of a capsule's signature for someone who trusts these keys. */
export type SignatureVerdict =
  | { readonly state: "unsigned" }
  /** It verifies; `publicKey` is trusted. `coversFile`: the file is byte for byte the one that was signed. */
  | { readonly state: "trusted"; readonly publicKey: string; readonly keyid: string; readonly coversFile: boolean }
  /** It verifies against the key that it names itself, and nobody has said that this key may be trusted. */
  | { readonly state: "self-signed"; readonly publicKey: string; readonly keyid: string; readonly coversFile: boolean }
  | { readonly state: "bad"; readonly fault: string };

/** Who signed, in words. */
export function signatureText(signature: SignatureVerdict): string {
  switch (signature.state) {
    case "unsigned":
      return "unsigned";
    case "trusted":
      return `signed by the trusted key ${signature.publicKey}${signature.coversFile ? "" : " (its seal; the bytes are those of a safe export)"}`;
    case "self-signed":
      return `signed by ${signature.publicKey}, a key that you have not named as trusted (--trust)${signature.coversFile ? "" : "; its seal, the bytes are those of a safe export"}`;
    case "bad":
      return `the signature does not hold: ${signature.fault}`;
  }
}

export interface SignedFacts {
  readonly header: Header;
  readonly seal: Seal;
  readonly fileHash: Sha256;
  /** True for a safe export: its bytes are not those that were signed, but its seal is. */
  readonly isSafeExport: boolean;
}

/** `envelope` is untrusted; null: there is none. Never throws. */
export function judgeSignature(envelope: unknown, facts: SignedFacts, trusted: readonly string[]): SignatureVerdict {
  if (envelope === null) return { state: "unsigned" };
  const claimed = claimedKey(envelope);
  const keys = trusted.length > 0 ? trusted : claimed === null ? [] : [claimed];
  const verified = verifyEnvelope(envelope, keys);
  if (!verified.ok) return { state: "bad", fault: verified.fault };
  const fault = statementFault(verified.statement, facts);
  if (fault !== null) return { state: "bad", fault };
  const coversFile = digestOf(verified.statement, `${facts.header.run_id}.capsule.jsonl`) === facts.fileHash;
  const { publicKey } = verified;
  return { state: trusted.length > 0 ? "trusted" : "self-signed", publicKey, keyid: keyIdOf(publicKey), coversFile };
}

const digestOf = (statement: Statement, name: string): Sha256 | undefined => statement.subject.find((subject) => subject.name === name)?.digest.sha256;

function statementFault(statement: Statement, { header, seal, fileHash, isSafeExport }: SignedFacts): string | null {
  if (statement.predicateType !== CAPSULE_PREDICATE) return `it signs ${statement.predicateType.slice(0, 80)}, not a capsule that this version knows`;
  const predicate = predicateSchema.safeParse(statement.predicate);
  if (!predicate.success) return "its statement about the capsule can't be read";
  if (predicate.data.run_id !== header.run_id) return "it signs another run";
  if (digestOf(statement, "seal") !== seal.seal_hash || digestOf(statement, "events") !== seal.merkle_root) return "it signs another seal";
  const expected = predicateOf(header, seal, predicate.data.public_key);
  if (canonicalJson(expected) !== canonicalJson(predicate.data)) return "its statement about the capsule does not match the capsule";
  const sameFile = digestOf(statement, `${header.run_id}.capsule.jsonl`) === fileHash;
  return sameFile || isSafeExport ? null : "the file is not byte for byte the one that was signed";
}

/** The public key that an envelope's statement names as its signer's own; null if none can be read. */
function claimedKey(envelope: unknown): string | null {
  const read = envelopeSchema.safeParse(envelope);
  if (!read.success) return null;
  try {
    const statement = JSON.parse(Buffer.from(read.data.payload, "base64").toString("utf8")) as { predicate?: { public_key?: unknown } } | null;
    const key = statement?.predicate?.public_key;
    return typeof key === "string" ? key : null;
  } catch {
    // Not JSON: then it names no key, and the envelope verifies against none.
    return null;
  }
}

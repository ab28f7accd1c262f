// Proof that an event is in a sealed capsule, for someone who has neither the capsule nor reason to trust its holder.
import { z } from "zod";
import { envelopeSchema, verifyEnvelope } from "../../base/dsse.ts";
import { hashOf } from "../../base/canonical.ts";
import { inclusionPath, type LeafHashes, provenRoot } from "../../base/merkle-proof.ts";
import { seal as sealSchema, type Seal } from "../line.ts";
import { parseLine } from "../parse.ts";
import { CAPSULE_PREDICATE } from "./statement.ts";

const PROOF_FORMAT = 1;
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const proofSchema = z.strictObject({
  kind: z.literal("bakeoff-inclusion-proof"),
  format: z.literal(PROOF_FORMAT, { error: "not a proof format that this version reads (1): upgrade bakeoff" }),
  run_id: z.string().max(80),
  /** 0-based position among the capsule's events. */
  index: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** The event's line as it is in the capsule, without its line ending: the leaf. */
  event: z.string().max(10_000_000),
  /** RFC 6962 § 2.1.1: the sibling hashes on the path to the root, lowest first. */
  path: z.array(hash).max(64),
  seal: sealSchema,
  /** The capsule's DSSE envelope, if it is signed. */
  signature: envelopeSchema.nullable(),
});

export type Proof = z.infer<typeof proofSchema>;

export function makeProof(event: { readonly index: number; readonly text: string }, leaves: LeafHashes, seal: Seal, signature: Proof["signature"]): Proof {
  return {
    kind: "bakeoff-inclusion-proof",
    format: PROOF_FORMAT,
    run_id: seal.run_id,
    index: event.index,
    event: event.text,
    path: [...inclusionPath(leaves, event.index)],
    seal,
    signature,
  };
}

interface ProofCheck {
  readonly name: string;
  readonly sentence: string;
  readonly fault: (proof: Proof, trusted: readonly string[]) => string | null;
}

export const PROOF_CHECKS: readonly ProofCheck[] = [
  {
    name: "event-line",
    sentence: "The leaf is an event of this run in its canonical form.",
    fault: ({ event, run_id }) => {
      const parsed = parseLine(event);
      if (!parsed.ok) return parsed.detail;
      return parsed.line.kind === "event" && parsed.line.run_id === run_id ? null : "the leaf is not an event of this run";
    },
  },
  {
    name: "seal-whole",
    sentence: "The seal is unchanged and belongs to this run.",
    fault: ({ seal, run_id }) => {
      const { seal_hash, ...facts } = seal;
      return hashOf(facts) === seal_hash && seal.run_id === run_id ? null : "the seal was changed, or belongs to another run";
    },
  },
  {
    name: "path",
    sentence: "The path leads from the event to the seal's Merkle root.",
    fault: ({ event, index, path, seal }) =>
      provenRoot({ leaf: event, index, treeSize: seal.events, path }) === seal.merkle_root ? null : "the path does not lead to the seal's root",
  },
  {
    name: "signature",
    sentence: "A trusted key signed the seal (checked if keys are given).",
    fault: ({ signature, seal }, trusted) => {
      if (trusted.length === 0) return null;
      if (signature === null) return "the proof carries no signature";
      const verified = verifyEnvelope(signature, trusted);
      if (!verified.ok) return verified.fault;
      const { predicateType, subject } = verified.statement;
      const isSealed = subject.some(({ name, digest }) => name === "seal" && digest.sha256 === seal.seal_hash);
      return predicateType === CAPSULE_PREDICATE && isSealed ? null : "the signature is over another seal";
    },
  },
];

/** Every check of a proof that fails, by name. */
export function proofFaults(proof: Proof, trusted: readonly string[]): readonly { readonly check: string; readonly fault: string }[] {
  return PROOF_CHECKS.flatMap(({ name, fault }) => {
    const found = fault(proof, trusted);
    return found === null ? [] : [{ check: name, fault: found }];
  });
}

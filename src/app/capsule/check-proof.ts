// Checks an inclusion proof, for someone who does not have the capsule.
import { BakeoffError } from "../../core/base/errors.ts";
import { type Proof, proofFaults, proofSchema } from "../../core/capsule/proof/proof.ts";
import type { Fault } from "../../core/capsule/verify.ts";
import type { TrustedKeys } from "../../ports/capsules.ts";
import type { Trust } from "./verify.ts";

export interface CheckProofPorts {
  /** Null where there is no such file. Throws `integrity` for what is larger or no JSON. */
  readonly readJson: (path: string, maxBytes: number) => Promise<unknown>;
  readonly trustedKeys: TrustedKeys;
}

export interface CheckedProof {
  readonly proof: Proof;
  /** Empty: the event is in the run that the seal names. */
  readonly faults: readonly Fault[];
  /** Was there a key to hold the signature against? */
  readonly isTrusting: boolean;
}

const MAX_PROOF_BYTES = 20_000_000;

export async function checkProof({ readJson, trustedKeys }: CheckProofPorts, file: string, trust: Trust): Promise<CheckedProof> {
  const trusted = await trustedKeys(trust.keys, trust.file);
  const value = await readJson(file, MAX_PROOF_BYTES);
  if (value === null) throw new BakeoffError("usage", `${file} can't be read`, "name a file that capsule show --prove wrote");
  const proof = proofSchema.safeParse(value);
  const [issue] = proof.error?.issues ?? [];
  if (!proof.success)
    throw new BakeoffError("integrity", `${file} is no inclusion proof: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`, "fetch it again");
  return { proof: proof.data, faults: proofFaults(proof.data, trusted), isTrusting: trusted.length > 0 };
}

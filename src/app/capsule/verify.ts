// Is a capsule as it was sealed, and who signed it?
import { BakeoffError } from "../../core/base/errors.ts";
import { CapsuleFault } from "../../core/capsule/fault.ts";
import type { Fault } from "../../core/capsule/verify.ts";
import { integritySarif } from "../../core/report/audit/sarif.ts";
import type { CheckedCapsule, StoredCapsules, TrustedKeys } from "../../ports/capsules.ts";
import type { Places } from "../places.ts";

export interface VerifyPorts {
  readonly capsules: Pick<StoredCapsules, "check">;
  readonly trustedKeys: TrustedKeys;
  readonly places: Pick<Places, "capsule">;
}

/** Whose signature counts. */
export interface Trust {
  /** Raw ed25519 public keys in base64. */
  readonly keys: readonly string[];
  /** A file with one a line. */
  readonly file: string | null;
}

export interface VerifyRequest {
  /** A run id, or a path. */
  readonly capsule: string;
  readonly trust: Trust;
  /** No signature is a fault. */
  readonly requireSignature: boolean;
}

/** `faults` is empty where it verifies; not readable: the file is no capsule at all. */
export type VerifiedCapsule =
  | { readonly readable: true; readonly checked: CheckedCapsule; readonly faults: readonly Fault[] }
  | { readonly readable: false; readonly fault: CapsuleFault };

/** What a verification found, for code scanning. `file`: as paths of the repository are written. */
export function verificationSarif(verified: VerifiedCapsule, file: string, version: string): string {
  const faults = verified.readable
    ? verified.faults.map((fault) => ({ ...fault, line: null }))
    : [{ check: verified.fault.fault, fault: verified.fault.detail, line: verified.fault.line }];
  return integritySarif({ version, file, faults });
}

/** Throws `usage` where a signature is required of nobody in particular. */
export async function verifyCapsule({ capsules, trustedKeys, places }: VerifyPorts, request: VerifyRequest): Promise<VerifiedCapsule> {
  const trusted = await trustedKeys(request.trust.keys, request.trust.file);
  if (request.requireSignature && trusted.length === 0)
    throw new BakeoffError("usage", "--require-signature needs a key to trust", "name it with --trust KEY, or a file of them with --trusted FILE");
  try {
    const checked = await capsules.check(places.capsule(request.capsule), trusted);
    const unsigned = request.requireSignature && checked.signature.state === "unsigned";
    return { readable: true, checked, faults: unsigned ? [...checked.faults, { check: "signature", fault: "it is not signed" }] : checked.faults };
  } catch (error) {
    if (!(error instanceof CapsuleFault)) throw error;
    return { readable: false, fault: error };
  }
}

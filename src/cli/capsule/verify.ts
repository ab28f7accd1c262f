// `bakeoff capsule verify`: is it as it was sealed, and who signed it?
import { verificationSarif, verifyCapsule, type VerifiedCapsule } from "../../app/capsule/verify.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { diskTextsOf } from "../../app/compose/parts/texts.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { signatureText } from "../../core/capsule/proof/statement.ts";
import { CAPSULE_CHECKS } from "../../core/capsule/verify.ts";
import type { CapsuleVerifyOptions } from "./flags.ts";
import { checkLines, printLines } from "./text.ts";
import { type JsonDocuments, printDocument } from "../text/documents.ts";

const WAY_OUT = "fetch the capsule again from where it came; an unfinished run can be gone on with";

export async function verify(capsule: string, options: CapsuleVerifyOptions): Promise<number> {
  const { trust, trusted = null, requireSignature, sarif, json } = options;
  const places = findPlaces(options);
  const verified = await verifyCapsule(composeCapsule(places), { capsule, trust: { keys: trust, file: trusted }, requireSignature });
  if (sarif !== undefined) await diskTextsOf().write(sarif, verificationSarif(verified, places.shown(places.capsule(capsule)), places.version));
  if (json) {
    // The verdict is data here, whatever it is; the exit code says the same.
    printDocument<"capsule verify">(documentOf(verified));
    return verified.readable && verified.faults.length === 0 ? 0 : 5;
  }
  if (!verified.readable) throw verified.fault;
  const { checked, faults } = verified;
  printLines([
    ...checkLines(CAPSULE_CHECKS, faults, checked.unchecked),
    signatureText(checked.signature),
    ...(checked.withheld > 0 ? [`safe export: ${checked.withheld} texts are left out, their hashes are proven`] : []),
  ]);
  if (faults.length === 0) return 0;
  throw new BakeoffError("integrity", `${faults.length} of ${CAPSULE_CHECKS.length} checks fail: ${faults.map(({ check }) => check).join(", ")}`, WAY_OUT);
}

function documentOf(capsule: VerifiedCapsule): JsonDocuments["capsule verify"] {
  if (!capsule.readable) return { format: 1, verified: false, faults: [{ check: capsule.fault.fault, fault: capsule.fault.message }] };
  const { checked, faults } = capsule;
  const { header, seal, fileHash: sha256, events, texts, withheld, signature, unchecked } = checked;
  return {
    format: 1,
    verified: faults.length === 0,
    run: header.run_id,
    sha256,
    merkleRoot: seal?.merkle_root ?? null,
    events,
    texts,
    withheld,
    signature,
    faults,
    unchecked,
  };
}

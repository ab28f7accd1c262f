// `bakeoff capsule check-proof`: an inclusion proof checked without the capsule.
import { checkProof } from "../../app/capsule/check-proof.ts";
import { composeCapsule } from "../../app/compose/capsule.ts";
import { findPlaces } from "../../app/places.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import { PROOF_CHECKS } from "../../core/capsule/proof/proof.ts";
import type { CheckProofOptions } from "./flags.ts";
import { checkLines, printLines } from "./text.ts";

export async function checkInclusion(file: string, options: CheckProofOptions): Promise<number> {
  const { trust, trusted = null } = options;
  const { proof, faults, isTrusting } = await checkProof(composeCapsule(findPlaces(options)), file, { keys: trust, file: trusted });
  printLines(checkLines(PROOF_CHECKS, faults));
  if (faults.length > 0) throw new BakeoffError("integrity", `the proof does not hold: ${faults.map(({ check }) => check).join(", ")}`, "ask for it again");
  const { index, seal, run_id: run } = proof;
  printLines([
    `event ${index} of ${seal.events} is in run ${run}, Merkle root ${seal.merkle_root}`,
    ...(isTrusting ? [] : ["whose root that is, only a trusted key can say: name it with --trust"]),
  ]);
  return 0;
}

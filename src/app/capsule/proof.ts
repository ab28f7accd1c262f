// The proof of an open capsule's decisions and verdicts: what a gate and a report count of it.
import { openRunProof, type RunProof } from "../../core/replay/run-proof.ts";
import type { VerifiedTrees } from "../../core/replay/verified-trees.ts";
import type { OpenCapsule } from "../../ports/capsules.ts";

/** `verified`: was shown every event as the capsule was opened. `version`: this program's. */
export const openCapsuleProof = (run: OpenCapsule, verified: VerifiedTrees, version: string): RunProof =>
  openRunProof({
    header: run.header,
    trials: () => run.trials(),
    texts: run,
    withheld: (hash) => run.isWithheld(hash),
    verified,
    suite: "the suite is not asked",
    version,
  });

// What showing a trial or a run's trials needs of the world.
import type { StoredCapsules } from "../../ports/capsules.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { Places } from "../places.ts";

export interface ShowTrialPorts {
  readonly capsules: Pick<StoredCapsules, "open">;
  /** For what a file was like before a patch, where no prompt shows it whole. */
  readonly loadSuite: LoadSuite;
  readonly places: Pick<Places, "capsule" | "calledAs" | "runCalledAs">;
}

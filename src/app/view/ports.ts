// What the viewer needs of the world.
import type { AuditModel } from "../../core/report/audit/model.ts";
import type { RunLibrary } from "../../ports/run-library.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { Places } from "../places.ts";

export interface ViewPorts {
  readonly library: RunLibrary;
  readonly loadSuite: LoadSuite;
  /** Replays a stored run, by its path; nobody is asked and nothing is run. */
  readonly audit: (capsule: string) => Promise<AuditModel>;
  /** The viewer's style sheet or script; null for any other name. */
  readonly asset: (file: string) => Promise<string | null>;
  readonly places: Pick<Places, "calledAs" | "runCalledAs" | "shown" | "capsules">;
}

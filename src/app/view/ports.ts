// What the viewer needs of the world.
import type { AuditModel } from "../../core/report/audit/model.ts";
import type { BaselineEntry } from "../../core/report/trend/baseline.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import type { RunLibrary } from "../../ports/run-library.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { Places } from "../places.ts";

export interface ViewPorts {
  readonly library: RunLibrary;
  readonly loadSuite: LoadSuite;
  /** Replays a stored run, by its path; nobody is asked and nothing is run. */
  readonly audit: (capsule: string) => Promise<AuditModel>;
  /** What was agreed to be normal. */
  readonly baselines: () => Promise<readonly BaselineEntry[]>;
  /** The policy that lies here now, as a run of that time would be decided by it. */
  readonly policyHere: (createdAt: string) => Promise<PolicySnapshot>;
  /** The viewer's style sheet or script; null for any other name. */
  readonly asset: (file: string) => Promise<string | null>;
  readonly places: Pick<Places, "calledAs" | "runCalledAs" | "shown" | "capsules" | "defaultPolicy">;
}

// Holds a policy against its golden scenarios: what `policy validate` asks beyond the policy's own rules.
import { WrittenFileError } from "../core/base/errors.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import { goldenIssues } from "../core/router/golden.ts";
import { readGolden } from "../core/router/golden-scenario.ts";
import { world } from "./compose.ts";
import { shippedPolicy } from "./places.ts";

/** The number of scenarios that were held; throws every issue of the scenarios at once. */
export async function checkGolden(snapshot: PolicySnapshot, policyFile: string): Promise<number> {
  const folder = await world.readGoldenFolder(policyFile, shippedPolicy());
  const { scenarios, issues } = readGolden(folder.files);
  const all = issues.length > 0 ? issues : goldenIssues(snapshot, scenarios, folder.path);
  if (all.length > 0) throw new WrittenFileError(all);
  return scenarios.length;
}

// Holds a policy against its golden scenarios: what `policy validate` asks beyond the policy's own rules.
import { WrittenFileError } from "../core/base/errors.ts";
import type { ScenarioRunner } from "../core/policy/change.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import { goldenIssues, routesOf } from "../core/router/golden.ts";
import { readGolden } from "../core/router/golden-scenario.ts";
import { world } from "./compose.ts";
import { shippedPolicy } from "./places.ts";

/** The number of scenarios that were held; throws every issue of the scenarios at once. */
export async function checkGolden(snapshot: PolicySnapshot, policyFile: string): Promise<number> {
  const { path, scenarios } = await goldenOf(policyFile);
  const issues = goldenIssues(snapshot, scenarios, path);
  if (issues.length > 0) throw new WrittenFileError(issues);
  return scenarios.length;
}

/** Plays the scenarios that lie beside a policy file under any snapshot. */
export async function scenarioRunner(policyFile: string): Promise<ScenarioRunner> {
  const { scenarios } = await goldenOf(policyFile);
  return (snapshot) => routesOf(snapshot, scenarios);
}

async function goldenOf(policyFile: string) {
  const folder = await world.readGoldenFolder(policyFile, shippedPolicy());
  const { scenarios, issues } = readGolden(folder.files);
  if (issues.length > 0) throw new WrittenFileError(issues);
  return { path: folder.path, scenarios };
}

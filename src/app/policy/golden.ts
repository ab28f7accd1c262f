// Holds a policy against its golden scenarios: what `policy validate` asks beyond the policy's own rules.
import { basename, dirname, join, resolve } from "node:path";
import { type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { routeChanges, type ScenarioRunner } from "../../core/policy/change.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { expectationsChanged } from "../../core/router/golden/edit.ts";
import { goldenIssues, routesOf } from "../../core/router/golden/golden.ts";
import { readGolden } from "../../core/router/golden/scenario.ts";
import type { GoldenFolder, GoldenReader } from "../../ports/policies.ts";

/** The scenarios beside a policy file, to be held against what it compiles to. */
export interface Golden {
  readonly count: number;
  /** Of the scenarios' own form. */
  readonly issues: readonly FileIssue[];
  /** Scenarios that come out otherwise, and what none reaches; nothing where their form is wrong already. */
  readonly held: (snapshot: PolicySnapshot) => readonly FileIssue[];
}

export function goldenOf({ path, files }: GoldenFolder): Golden {
  const { scenarios, issues } = readGolden(files);
  return { count: scenarios.length, issues, held: (snapshot) => (issues.length > 0 ? [] : goldenIssues(snapshot, scenarios, path)) };
}

/** Plays the scenarios that lie beside a policy file under any snapshot. */
export async function scenarioRunner(golden: GoldenReader, policyFile: string): Promise<ScenarioRunner> {
  const { scenarios } = sound(await golden(policyFile));
  return (snapshot) => routesOf(snapshot, scenarios);
}

export interface FileChange {
  readonly path: string;
  /** Null: the file is not there. */
  readonly before: string | null;
  readonly after: string;
}

/**
 * What a change of policy makes of the scenario files beside it. A policy that went by the shipped ones gets all of them
 * for its own: those it went by are no longer right for it, and they are not its own to change.
 */
export async function goldenChanges(golden: GoldenReader, policyFile: string, before: PolicySnapshot, after: PolicySnapshot): Promise<readonly FileChange[]> {
  const { path, files, scenarios } = sound(await golden(policyFile));
  const routes = routeChanges((snapshot) => routesOf(snapshot, scenarios), before, after);
  const changed = new Map(expectationsChanged(files, scenarios, routes).map((file) => [file.path, file.text]));
  if (changed.size === 0) return [];
  const folder = join(dirname(policyFile), "golden");
  const isOwn = resolve(path) === resolve(folder);
  return files.flatMap(({ path: file, text }): FileChange[] => {
    if (isOwn && !changed.has(file)) return [];
    return [{ path: join(folder, basename(file)), before: isOwn ? text : null, after: changed.get(file) ?? text }];
  });
}

/** Throws `written-file` where a scenario has not the form of one. */
function sound(folder: GoldenFolder) {
  const { scenarios, issues } = readGolden(folder.files);
  if (issues.length > 0) throw new WrittenFileError(issues);
  return { ...folder, scenarios };
}

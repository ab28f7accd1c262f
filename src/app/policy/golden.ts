// Holds a policy against its golden scenarios: what `policy validate` asks beyond the policy's own rules.
import { basename, dirname, join, resolve } from "node:path";
import { BakeoffError, type FileIssue, WrittenFileError } from "../../core/base/errors.ts";
import { type RouteChange, routeChanges, type ScenarioRunner } from "../../core/policy/change/change.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { expectationsChanged, namesMoved, outcomeMoved, type SlotMove } from "../../core/router/golden/edit.ts";
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
  const { scenarios } = soundScenarios(await golden(policyFile));
  return (snapshot) => routesOf(snapshot, scenarios);
}

export interface FileChange {
  readonly path: string;
  /** Null: the file is not there. */
  readonly before: string | null;
  readonly after: string;
}

/**
 * What a change of policy makes of the scenario files beside it: where another model takes the reflex slot, what scenarios say of
 * the one before moves along, and their decisions are the ones of the new policy. A policy that went by the shipped ones gets
 * all of them for its own: those it went by are no longer right for it, and they are not its own to change. Throws `usage` for a
 * scenario that would no longer test what it did.
 */
export async function goldenChanges(golden: GoldenReader, policyFile: string, before: PolicySnapshot, after: PolicySnapshot): Promise<readonly FileChange[]> {
  const { path, files, scenarios } = soundScenarios(await golden(policyFile));
  const move = { from: before.policy.reflex.candidate, to: after.policy.reflex.candidate, snapshot: after };
  const touched = new Set(routeChanges((snapshot) => routesOf(snapshot, scenarios), before, after).map(({ scenario }) => scenario));
  if (touched.size === 0) return [];
  const moved = move.from === move.to ? files : namesMoved(files, scenarios, touched, move);
  const { scenarios: own } = soundScenarios({ path, files: moved });
  const then = new Map(routesOf(before, scenarios).map(({ scenario, outcome }) => [scenario, outcome]));
  const now = new Map(routesOf(after, own).map(({ scenario, outcome }) => [scenario, outcome]));
  const routes = [...touched].map((scenario) => ({ scenario, before: then.get(scenario) ?? null, after: now.get(scenario) ?? null }));
  if (move.from !== move.to) checkNotEmptied(routes, move);
  const changed = new Map(expectationsChanged(moved, own, routes).map((file) => [file.path, file.text]));
  const folder = join(dirname(policyFile), "golden");
  const isOwn = resolve(path) === resolve(folder);
  return moved.flatMap(({ path: file, text }): FileChange[] => {
    const was = files.find((one) => one.path === file)?.text ?? null;
    const is = changed.get(file) ?? text;
    if (isOwn && is === was) return [];
    return [{ path: join(folder, basename(file)), before: isOwn ? was : null, after: is }];
  });
}

/** A scenario must come to the decision that it came to, about the other model: else it tests something else from now on. */
function checkNotEmptied(routes: readonly RouteChange[], move: SlotMove): void {
  const emptied = routes.filter(({ before, after }) => before !== null && after !== outcomeMoved(before, move));
  if (emptied.length === 0) return;
  const lines = emptied.map(({ scenario, before, after }) => `  ${scenario}: it was "${before ?? ""}", and would be "${after ?? ""}"`);
  throw new BakeoffError(
    "usage",
    `golden scenarios would no longer test what they do\n${lines.join("\n")}`,
    `write them anew for ${move.to} (bakeoff policy validate says what they come to), then promote`,
  );
}

/** Throws `written-file` where a scenario has not the form of one. */
export function soundScenarios(folder: GoldenFolder) {
  const { scenarios, issues } = readGolden(folder.files);
  if (issues.length > 0) throw new WrittenFileError(issues);
  return { ...folder, scenarios };
}

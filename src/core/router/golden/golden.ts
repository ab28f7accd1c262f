// Runs golden scenarios against a policy: does each lead to its decision, and does one reach every rule and reason?
import type { FileIssue } from "../../base/errors.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import type { Command } from "../../trial/command.ts";
import { fallbackReason } from "../../trial/conditions.ts";
import { reason, UNROUTED } from "../../trial/reason.ts";
import { type Scenario, stageScenario } from "./scenario.ts";
import { decide, RULES } from "../next.ts";
import { formatCommand } from "../format-command.ts";

/** What a policy does in a scenario. */
export interface RouteOutcome {
  readonly scenario: string;
  /** The decision in one line, or why there is none. */
  readonly outcome: string;
}

interface Played {
  readonly outcome: string;
  readonly rule: string | null;
  readonly command: Command | null;
}

/** Each scenario's result under a policy, for comparing two policies. */
export function routesOf(snapshot: PolicySnapshot, scenarios: readonly Scenario[]): readonly RouteOutcome[] {
  return scenarios.map((scenario) => ({ scenario: scenario.name, outcome: play(snapshot, scenario).outcome }));
}

/** Every scenario whose decision is not the expected one, and every rule and reason of the router that none reaches. `path`: their folder. */
export function goldenIssues(snapshot: PolicySnapshot, scenarios: readonly Scenario[], path: string): readonly FileIssue[] {
  const played = scenarios.map((scenario) => ({ ...play(snapshot, scenario), scenario }));
  const wrong = played
    .filter(({ scenario, outcome }) => outcome !== scenario.expect)
    .map(({ scenario, outcome, rule }): FileIssue => {
      const by = rule === null ? "" : ` (rule ${rule})`;
      const message = `scenario ${scenario.name}: expected "${scenario.expect}", but it is "${outcome}"${by}: correct the policy, or the scenario if this is meant`;
      return { path: scenario.path, line: scenario.line, column: scenario.column, message };
    });
  const untested = missing(played).map((what): FileIssue => ({ path, line: 1, column: 1, message: `no golden scenario reaches ${what}: add one` }));
  return [...wrong, ...untested];
}

function play(snapshot: PolicySnapshot, scenario: Scenario): Played {
  const staged = stageScenario(snapshot, scenario);
  if (!staged.ok) return { outcome: staged.fault, rule: null, command: null };
  const { rule, command } = decide(staged.snapshot, staged.plan, scenario.history, staged.conditions);
  return { outcome: formatCommand(command), rule, command };
}

/** Rules, selection reasons and fallback reasons that no scenario reaches. */
function missing(played: readonly Played[]): readonly string[] {
  const rules = new Set(played.map(({ rule }) => rule));
  const reasons = new Set(played.map(({ command }) => (command !== null && "routing" in command ? command.routing.selection_reason : null)));
  const fallbacks = new Set(
    played.flatMap(({ command }) => (command !== null && "choice" in command ? command.choice.passedOver : [])).map((passed) => passed.reason),
  );
  return [
    ...RULES.filter(({ name }) => !rules.has(name)).map(({ name }) => `rule ${name}`),
    ...reason.options.filter((name) => !reasons.has(name) && !UNROUTED.has(name)).map((name) => `selection reason ${name}`),
    ...fallbackReason.options.filter((name) => !fallbacks.has(name)).map((name) => `fallback reason ${name}`),
  ];
}

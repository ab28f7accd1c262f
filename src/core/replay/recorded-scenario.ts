// A golden scenario made of a recorded trial: what was decided in it, or what should have been, as a policy is held to from then on.
import { writeToml } from "../base/toml.ts";
import type { Header } from "../capsule/line.ts";
import type { TrialRecord } from "../capsule/record.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Wish } from "../policy/wish.ts";
import { formatCommand } from "../router/format-command.ts";
import { notationOf } from "../router/golden/notation.ts";
import { readGolden, type Scenario, stageScenario } from "../router/golden/scenario.ts";
import { decide } from "../router/next.ts";
import type { Command } from "../trial/command.ts";
import { CALM, recordedConditions } from "../trial/conditions.ts";
import type { EventOf } from "../trial/event.ts";
import { trialPlan } from "../trial/plan.ts";
import { eventIn, stepsOf } from "./step.ts";

export interface ScenarioWish {
  readonly name: string;
  /** Of the Implementer, from 1. */
  readonly attempt: number;
  readonly should: Wish;
}

export interface RecordedScenario {
  /** One `[[scenario]]`, as TOML. */
  readonly text: string;
  /** What the policy decides now. */
  readonly now: string;
  /** What the scenario expects. */
  readonly expect: string;
  /** The one change of the policy that comes to that; null where it does already. */
  readonly change: string | null;
}

export type MadeScenario = { readonly ok: true; readonly scenario: RecordedScenario } | { readonly ok: false; readonly fault: string };

/** `stored`: the policy of the run; `snapshot`: the one that is to be held. */
export function recordedScenario(
  { header, trial }: { readonly header: Header; readonly trial: TrialRecord },
  { stored, snapshot }: { readonly stored: PolicySnapshot; readonly snapshot: PolicySnapshot },
  wish: ScenarioWish,
): MadeScenario {
  const steps = stepsOf(trial.events);
  const routings = steps.map((step) => eventIn(step, "RoutingDecision"));
  const at = routings.findIndex((routing) => routing?.role === "Implementer" && routing.attempt === wish.attempt);
  const routing = routings[at];
  if (!routing) return { ok: false, fault: `no attempt ${wish.attempt} was made in it` };
  const history = steps.slice(0, at).map(({ events }) => notationOf(events));
  if (history.includes(null)) return { ok: false, fault: "a step before it has no word in a scenario" };
  const written = { name: wish.name, ...situationOf(header, trial, routing), history: history.flatMap((words) => words ?? []) };
  const told = played(stored, written);
  if (!told.ok || !isLike(told.command, routing))
    return { ok: false, fault: "what it hung on can't be told in a scenario: the policy of the run decides otherwise there" };
  const now = played(snapshot, written);
  if (!now.ok) return now;
  const wanted = wish.should === "cloud" && !isCloud(now.command) ? cloudBy(snapshot, written, wish.attempt) : { command: now.command, change: null };
  if (wanted === null) return { ok: false, fault: "no single change of the policy sends it to the cloud" };
  const expect = formatCommand(wanted.command);
  return { ok: true, scenario: { text: writeToml({ scenario: [{ ...written, expect }] }), now: formatCommand(now.command), expect, change: wanted.change } };
}

type Written = Readonly<Record<string, unknown>>;

/** The task and everything that was consulted, as far as it is not what a scenario has by itself. */
function situationOf(header: Header, trial: TrialRecord, routing: EventOf<"RoutingDecision">): Written {
  const { id, risk, tags = [], editable = [] } = trial.task;
  const { slot, capability } = trialPlan(header, trial);
  const { breakers, health, budget } = recordedConditions(routing);
  return {
    task: { id, risk, tags, editable },
    ...(slot === null ? {} : { slot: slot.model }),
    ...(capability ? { capability } : {}),
    ...(Object.keys(breakers).length > 0 ? { breakers } : {}),
    ...(Object.keys(health).length > 0 ? { health: Object.fromEntries(Object.entries(health).map(([name, one]) => [name, known(one)])) } : {}),
    ...(budget === CALM.budget ? {} : { budget }),
  };
}

/** TOML has no null: what was not measured is left out. */
const known = (one: object): object => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null));

type Played = { readonly ok: true; readonly command: Command } | { readonly ok: false; readonly fault: string };

function played(snapshot: PolicySnapshot, written: Written, policy: Written = {}): Played {
  const { scenarios, issues } = readGolden([{ path: "a scenario", text: `format = 1\n${writeToml({ scenario: [{ ...written, policy, expect: "?" }] })}` }]);
  const [scenario] = scenarios;
  if (scenario === undefined || issues.length > 0) return { ok: false, fault: issues.map(({ message }) => message).join("; ") };
  return decided(snapshot, scenario);
}

function decided(snapshot: PolicySnapshot, scenario: Scenario): Played {
  const staged = stageScenario(snapshot, scenario);
  if (!staged.ok) return staged;
  return { ok: true, command: decide(staged.snapshot, staged.plan, scenario.history, staged.conditions).command };
}

/** Stand-ins have no part in a scenario: by whom it was served may differ, where and why may not. */
const isLike = (command: Command, { role, mode, attempt, selection_reason: reason }: EventOf<"RoutingDecision">): boolean =>
  "routing" in command &&
  [role, mode, attempt, reason].join() === [command.routing.role, command.routing.mode, command.routing.attempt, command.routing.selection_reason].join();

const isCloud = (command: Command): boolean => "routing" in command && command.routing.mode === "Cloud";

/** The first attempt goes to the cloud where its files are high risk; a later one where the reflex mode has had its attempts. */
function cloudBy(snapshot: PolicySnapshot, written: Written, attempt: number) {
  const { paths } = snapshot.policy.high_risk;
  const { editable = [] } = written["task"] as { readonly editable?: readonly string[] };
  const [policy, change] =
    attempt === 1
      ? [{ high_risk: { paths: [...paths, ...editable] } }, `high_risk.paths: add ${editable.map((path) => JSON.stringify(path)).join(", ")}`]
      : [{ reflex: { max_attempts: attempt - 1 } }, `reflex.max_attempts = ${attempt - 1}`];
  const outcome = played(snapshot, written, policy);
  return outcome.ok && isCloud(outcome.command) ? { command: outcome.command, change } : null;
}

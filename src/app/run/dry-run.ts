// What a run would send where, and what it may cost, before anything is sent: plan, policy and servers are looked at, nothing is run.
import { taskFactsOf } from "../../core/capsule/plan/header-fit.ts";
import { type ForecastCalls, forecast } from "../../core/capsule/plan/forecast.ts";
import { plantsFor } from "../../core/capsule/plan/plant-draw.ts";
import { costOf, type RunSpending } from "../../core/gate/spending.ts";
import type { WrittenPolicy } from "../../core/policy/schema.ts";
import type { LineUp } from "./lineup.ts";
import { chosenTasks } from "./plan.ts";
import type { RunPorts } from "./ports.ts";
import { policyForRun } from "./run-policy.ts";
import { sessionLineUp } from "./session-lineup.ts";
import { DEFAULT_SUITE, type SessionRequest } from "./session.ts";

export interface DryRunPorts extends Pick<RunPorts, "loadSuite" | "policies" | "serving" | "servers"> {
  /** What earlier runs of these candidates spent here; empty where there is none. */
  spending(candidates: readonly string[]): Promise<readonly RunSpending[]>;
}

export interface DryRun {
  readonly suite: string;
  readonly tasks: number;
  readonly epochs: number;
  readonly trials: number;
  readonly plants: number;
  readonly candidates: readonly string[];
  readonly leftOut: LineUp["leftOut"];
  /** Roles that an embedded stand-in would play. */
  readonly standIns: readonly { readonly role: string; readonly standIn: string }[];
  readonly calls: readonly ForecastCalls[];
  /** Where the notebook service would be asked, and how often at most; null: it is off. */
  readonly notebook: { readonly endpoint: string; readonly questions: number } | null;
  /** The run stops before the call after these. */
  readonly budgets: Pick<WrittenPolicy["budgets"], "run_tokens" | "run_cost_usd">;
  /** As earlier runs of these candidates went on this machine; null: none lies here. */
  readonly minutes: number | null;
  readonly expectedUsd: number | null;
}

/** Asks servers whether they are there, and nothing else. Throws what a run would throw before its first trial. */
export async function dryRun(ports: DryRunPorts, request: SessionRequest): Promise<DryRun> {
  const whole = await ports.loadSuite(request.suite ?? DEFAULT_SUITE);
  const { suite, snapshot } = await policyForRun(ports.policies, request.policySources, whole, request.tasks);
  const { policy } = snapshot;
  const playing = await sessionLineUp(request, { servers: ports.servers, snapshot, serving: ports.serving(snapshot) });
  const tasks = chosenTasks(suite, request).map(taskFactsOf);
  const { epochs, seed, capability } = request;
  const trials = tasks.length * playing.candidates.length * epochs;
  const plants = plantsFor({ tasks, epochs, seed, calibration: "whole-run" }, policy.gates).length;
  const names = playing.candidates.map(({ name }) => name);
  const cost = costOf(await ports.spending(names), { trials, plants });
  return {
    suite: suite.name,
    tasks: tasks.length,
    epochs,
    trials,
    plants,
    candidates: names,
    leftOut: playing.leftOut,
    standIns: Object.entries(playing.bindings).flatMap(([role, { standIn }]) => (standIn === null ? [] : [{ role, standIn }])),
    calls: forecast({ snapshot, tasks, candidates: playing.candidates, bindings: playing.bindings, epochs, seed, capability }),
    notebook: policy.tier2.enabled ? { endpoint: policy.tier2.endpoint, questions: Math.min(trials, policy.tier2.daily_questions) } : null,
    budgets: { run_tokens: policy.budgets.run_tokens, run_cost_usd: policy.budgets.run_cost_usd },
    minutes: cost.minutes,
    expectedUsd: cost.costUsd,
  };
}

// Runs batch after batch and gates after each, at levels that keep the whole at α, until it is decided or all is run.
import { relative } from "node:path";
import { BakeoffError } from "../core/base/errors.ts";
import type { GateDocument } from "../core/gate/document.ts";
import { lookPlan, type PlannedLook } from "../core/gate/looks.ts";
import { EMBEDDED } from "../core/policy/rules.ts";
import type { PolicySnapshot } from "../core/policy/snapshot.ts";
import { clock, world } from "./compose.ts";
import { gateExitCode, writeGate } from "./gate-output.ts";
import { runGate } from "./gate-session.ts";
import { suiteFolders } from "./places.ts";

export interface UntilDecided {
  readonly suite: string | null;
  readonly policyFile: string;
  readonly seed: number;
  readonly candidate: string;
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  readonly looks: number;
  readonly json: boolean;
  readonly note: (text: string) => void;
  /** Runs these tasks by these candidates; gives the capsule. */
  readonly runBatch: (tasks: readonly string[], candidates: readonly string[]) => Promise<string>;
}

/** Gives the gate's exit code. High-risk tasks are not run: they skip the slot, and no criterion counts them. */
export async function runUntilDecided(at: UntilDecided): Promise<number> {
  const snapshot = await world.loadPolicy(at.policyFile, clock.wall());
  const incumbent = at.incumbent ?? snapshot.policy.reflex.candidate;
  const suite = await world.loadSuite(await world.findSuite(at.suite ?? "reflex-patchloop-v1", suiteFolders()));
  const rules = snapshot.policy.gates.reflex_promotion;
  const tasks = suite.tasks.filter(({ risk }) => risk === "low").map(({ id }) => id);
  if (tasks.length === 0) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task`, "name another: --suite NAME");
  const plan = lookPlan(tasks, { count: at.looks, fewest: rules.min_tasks, alpha: rules.alpha, seed: at.seed });
  const players = playersOf(snapshot, [at.candidate, incumbent]);
  const capsules: string[] = [];
  let documents: readonly GateDocument[] = [];
  for (const look of plan) {
    capsules.push(await at.runBatch(look.added, players));
    documents = await gateAt(look, plan.length, tasks.length, { ...at, incumbent, capsules });
    at.note(told(documents, look, plan.length));
    const stop = stopReason(documents, snapshot);
    if (stop === null) continue;
    at.note(stop);
    break;
  }
  const key = await world.loadSigningKey(null);
  for (const path of await writeGate(documents, { json: at.json, junit: null, key })) at.note(`Decision: ${relative(process.cwd(), path)}`);
  return gateExitCode(documents);
}

function gateAt(
  look: PlannedLook,
  planned: number,
  ofTasks: number,
  at: UntilDecided & { readonly incumbent: string; readonly capsules: readonly string[] },
): Promise<readonly GateDocument[]> {
  return runGate({
    candidates: [at.candidate],
    incumbent: at.incumbent,
    capsules: at.capsules,
    registration: null,
    trusted: [],
    override: null,
    alpha: look.alpha,
    look: { number: look.number, planned, tasks: look.tasks, ofTasks },
  });
}

/** The two sides, the compiler's baseline, and whoever plays the cloud Implementer: its model's own entry, or the stand-in. */
function playersOf(snapshot: PolicySnapshot, sides: readonly string[]): readonly string[] {
  const { policy, candidates } = snapshot;
  const model = policy.models[policy.roles.implementer.model];
  const own = candidates.filter(({ provider, model: id, effort }) => provider === model?.provider && id === model.model && effort === model.effort);
  const reference = world.reachable(snapshot)(policy.roles.implementer.model) ? own.map(({ name }) => name) : ["oracle"];
  const wanted = new Set([...sides, "rustc-suggestions", ...reference]);
  return [...EMBEDDED, ...candidates.map(({ name }) => name), ...sides].filter((name, index, all) => wanted.has(name) && all.indexOf(name) === index);
}

function told(documents: readonly GateDocument[], look: PlannedLook, planned: number): string {
  const saved = look.number < planned ? "" : " (all of them)";
  return `look ${look.number} of ${planned}, after ${look.tasks} tasks${saved}, at level ${look.alpha.toPrecision(3)}: ${documents.map(({ decision }) => decision.verdict).join(", ")}`;
}

/** Decided, or the policy's money is spent. A cost that is not known can't be weighed. */
function stopReason(documents: readonly GateDocument[], { policy }: PolicySnapshot): string | null {
  if (documents.every(({ decision }) => decision.verdict !== "inconclusive")) return "decided";
  const spent = documents.flatMap(({ cost }) => cost).reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return spent >= policy.budgets.run_cost_usd ? `the budget of $${policy.budgets.run_cost_usd} is spent` : null;
}

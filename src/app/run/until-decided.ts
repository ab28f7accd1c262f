// Runs batch after batch and gates after each, at levels that keep the whole at α, until it is decided or all is run.
import { BakeoffError } from "../../core/base/errors.ts";
import type { RunRecord } from "../../core/capsule/record.ts";
import { spentIn } from "../../core/capsule/spent.ts";
import type { GateDocument } from "../../core/gate/document.ts";
import { lookPlan, type PlannedLook } from "../../core/gate/looks.ts";
import { EMBEDDED } from "../../core/policy/rules/rules.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { NOTHING_SPENT, type Spent, usedUp } from "../../core/router/budget.ts";
import { BudgetSpentError } from "./bakeoff.ts";
import { clock, world } from "../compose.ts";
import { composeGate } from "../compose/gate.ts";
import { type Decided, runGate } from "../gate/decide.ts";
import { recordDecisions } from "../gate/record.ts";
import { suiteFolders } from "../places.ts";

export interface UntilDecided {
  readonly suite: string | null;
  readonly policyFile: string;
  readonly seed: number;
  /** Null: as many as the gate wants. */
  readonly epochs: number | null;
  /** A registration of this gate, made before. */
  readonly registration: string | null;
  /** The key that signs the decision. */
  readonly keyFile: string | null;
  readonly candidate: string;
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  readonly looks: number;
  readonly note: (text: string) => void;
  /** Runs these tasks by these candidates; gives the capsule, and what the run tells. */
  readonly runBatch: (batch: Batch) => Promise<{ readonly capsule: string; readonly record: RunRecord }>;
}

export interface Batch {
  readonly tasks: readonly string[];
  readonly candidates: readonly string[];
  readonly epochs: number;
}

/** Gives the last decisions. High-risk tasks are not run: they skip the slot, and no criterion counts them. */
export async function runUntilDecided(at: UntilDecided): Promise<Decided> {
  const snapshot = await world.loadPolicy(at.policyFile, clock.wall());
  const incumbent = at.incumbent ?? snapshot.policy.reflex.candidate;
  const suite = await world.loadSuite(await world.findSuite(at.suite ?? "reflex-patchloop-v1", suiteFolders()));
  const rules = snapshot.policy.gates.reflex_promotion;
  const tasks = suite.tasks.filter(({ risk }) => risk === "low").map(({ id }) => id);
  if (tasks.length === 0) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task`, "name another: --suite NAME");
  const plan = lookPlan(tasks, { count: at.looks, fewest: rules.min_tasks, alpha: rules.alpha, seed: at.seed });
  const players = playersOf(snapshot, [at.candidate, incumbent]);
  const key = await world.loadSigningKey(at.keyFile);
  const capsules: string[] = [];
  let [documents, spent]: [readonly GateDocument[], Spent] = [[], NOTHING_SPENT];
  for (const look of plan) {
    const batch = await batchFor({ tasks: look.added, candidates: players, epochs: at.epochs ?? rules.min_epochs }, at, documents.length > 0);
    if (batch === null) break;
    capsules.push(batch.capsule);
    spent = spentIn(batch.record, spent);
    documents = await gateAt(look, plan.length, tasks.length, { ...at, incumbent, capsules, trusted: key === null ? [] : [key.publicKey] });
    at.note(told(documents, look, plan.length));
    const stop = stopReason(documents, usedUp(snapshot.policy.budgets, spent));
    if (stop === null) continue;
    at.note(stop);
    break;
  }
  return { documents, paths: await recordDecisions(composeGate(), documents, { junit: null, key }) };
}

/** Null where the batch's own budget ended it and there is something to decide on already. */
async function batchFor(batch: Batch, { runBatch, note }: UntilDecided, hasLooked: boolean) {
  try {
    return await runBatch(batch);
  } catch (error) {
    if (!(error instanceof BudgetSpentError) || !hasLooked) throw error;
    note(`${error.message}: this batch is left out`);
    return null;
  }
}

interface Gated extends UntilDecided {
  readonly incumbent: string;
  readonly capsules: readonly string[];
  readonly trusted: readonly string[];
}

function gateAt(look: PlannedLook, planned: number, ofTasks: number, at: Gated): Promise<readonly GateDocument[]> {
  return runGate(composeGate(), {
    candidates: [at.candidate],
    incumbent: at.incumbent,
    capsules: at.capsules,
    registration: at.registration,
    trusted: at.trusted,
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

/** Decided, or all batches together have used up what one run may: every call counts, also of the Judge and of other candidates. */
function stopReason(documents: readonly GateDocument[], spent: string | null): string | null {
  if (documents.every(({ decision }) => decision.verdict !== "inconclusive")) return "decided";
  return spent === null ? null : `no further batch: ${spent}`;
}

// Runs batch after batch and gates after each, at levels that keep the whole at α, until it is decided or all is run.
import type { SigningKey } from "../../core/base/dsse.ts";
import { BakeoffError } from "../../core/base/errors.ts";
import type { GateDocument } from "../../core/gate/document.ts";
import { levelOfGate, type Sequential } from "../../core/gate/level.ts";
import { lookPlan, type PlannedLook } from "../../core/gate/looks.ts";
import type { PlannedLooks } from "../../core/gate/registration/coverage.ts";
import { MOST_IMPOSSIBLE, type PlannedTask } from "../../core/gate/planning/design.ts";
import { gatePlayers } from "../../core/gate/players.ts";
import { missingText, unreachable } from "../../core/gate/planning/reachable.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { NOTHING_SPENT, type Spent, exhaustedBudget, spentTogether } from "../../core/router/budget.ts";
import type { PolicySources } from "../../ports/policies.ts";
import type { Serving } from "../../ports/serving.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import { checkKey, type GateResult, type GateQuestion } from "../gate/decide.ts";
import { BudgetSpentError } from "./bakeoff.ts";
import { DEFAULT_SUITE, type SessionRequest, type SessionResult, type SessionWatcher } from "./session.ts";

export interface UntilDecidedPorts {
  readonly loadSuite: LoadSuite;
  readonly loadPolicy: (sources: PolicySources) => Promise<PolicySnapshot>;
  readonly serving: (snapshot: PolicySnapshot) => Pick<Serving, "reachable">;
  readonly keys: Pick<SigningKeys, "load">;
  readonly runBatch: (request: SessionRequest, watcher: SessionWatcher, signal: AbortSignal) => Promise<Pick<SessionResult, "capsule" | "spent">>;
  /** Gates of the chain before that registration, which have spent some of the level; throws `usage` where it promises other looks. */
  readonly gatesBefore: (registration: string, looks: PlannedLooks) => Promise<number>;
  readonly gate: (question: GateQuestion) => Promise<readonly GateDocument[]>;
  /** Keeps the decisions, signed where there is a key; gives their paths. */
  readonly recordDecisions: (documents: readonly GateDocument[], key: SigningKey | null) => Promise<readonly string[]>;
}

export interface UntilDecidedRequest {
  /** What each batch is run with; its tasks, candidates and epochs are chosen here. */
  readonly session: Omit<SessionRequest, "candidates" | "tasks" | "limit" | "epochs" | "resume" | "reportFolder" | "registration">;
  readonly candidate: string;
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  /** Null: as many as the gate wants. */
  readonly epochs: number | null;
  readonly looks: number;
  readonly sequential: Sequential;
  /** A registration of this gate, made before. */
  readonly registration: string | null;
  /** Whose policy and keys are in force. */
  readonly policyFrom: string | null;
  readonly trusted: readonly string[];
}

export interface UntilDecidedWatcher extends SessionWatcher {
  looked(look: PlannedLook, planned: number, documents: readonly GateDocument[]): void;
  /** No further batch is run: it is decided, or so much is spent. */
  stopped(why: { readonly decided: true } | { readonly decided: false; readonly spent: string }): void;
  /** A batch that its own budget ended; the gate does without it. */
  leftOut(reason: string): void;
}

/** What was asked for, and what there is to do it with. */
interface Chain {
  readonly ports: UntilDecidedPorts;
  readonly request: UntilDecidedRequest;
  readonly watcher: UntilDecidedWatcher;
  readonly signal: AbortSignal;
}

/** Gives the last decisions. High-risk tasks are not run: they skip the slot, and no criterion counts them. */
export async function runUntilDecided(
  ports: UntilDecidedPorts,
  request: UntilDecidedRequest,
  watcher: UntilDecidedWatcher,
  signal: AbortSignal,
): Promise<GateResult> {
  const chain = { ports, request, watcher, signal };
  const { session, candidate } = request;
  const snapshot = await ports.loadPolicy(session.policySources);
  const incumbent = request.incumbent ?? snapshot.policy.reflex.candidate;
  const tasks = await lowRiskTasks(ports, session.suite ?? DEFAULT_SUITE);
  const { min_tasks: fewest, min_epochs: fewestEpochs } = snapshot.policy.gates.reflex_promotion;
  const alpha = await sharedLevel(ports, request, snapshot);
  const plan = lookPlan(tasks, { count: request.looks, fewest, alpha, seed: session.seed, sequential: request.sequential });
  const last = plan.at(-1);
  const whole = {
    tasks,
    epochs: request.epochs ?? fewestEpochs,
    alternatives: 1,
    plants: snapshot.policy.gates.calibration_plants,
    impossible: MOST_IMPOSSIBLE,
    rules: snapshot.policy.gates.reflex_promotion,
  };
  const missing = missingText(unreachable({ ...whole, alpha: last?.alpha ?? alpha }));
  if (missing !== "") watcher.unreachable(missing);
  const { reachable } = ports.serving(snapshot);
  const candidates = gatePlayers(snapshot, [candidate, incumbent], reachable);
  const key = await ports.keys.load(session.keyFile);
  const asked = { incumbent, planned: plan.length, ofTasks: tasks.length };
  const capsules: string[] = [];
  let [documents, spent]: [readonly GateDocument[], Spent] = [[], NOTHING_SPENT];
  for (const look of plan) {
    const batch = await runBatch(chain, { tasks: look.added, candidates, epochs: request.epochs ?? fewestEpochs }, documents.length > 0);
    if (batch === null) break;
    capsules.push(batch.capsule);
    spent = spentTogether(spent, batch.spent);
    documents = await ports.gate(questionAt(look, request, { ...asked, capsules }));
    watcher.looked(look, plan.length, documents);
    const stop = stopReason(documents, exhaustedBudget(snapshot.policy.budgets, spent));
    if (stop === null) continue;
    watcher.stopped(stop);
    break;
  }
  checkKey(documents, key);
  return { documents, paths: await ports.recordDecisions(documents, key) };
}

/** What all looks share: the policy's level, or what a chain of registrations has left of it for this gate. */
async function sharedLevel(ports: UntilDecidedPorts, { registration, looks, sequential }: UntilDecidedRequest, { policy }: PolicySnapshot): Promise<number> {
  const before = registration === null ? null : await ports.gatesBefore(registration, { most: looks, sequential });
  return levelOfGate(policy.gates.reflex_promotion.alpha, before);
}

async function lowRiskTasks({ loadSuite }: UntilDecidedPorts, name: string): Promise<readonly PlannedTask[]> {
  const suite = await loadSuite(name);
  const tasks = suite.tasks.filter(({ risk }) => risk === "low").map(({ id, family }) => ({ id, family }));
  if (tasks.length === 0) throw new BakeoffError("usage", `suite ${suite.name} has no low-risk task`, "name another: --suite NAME");
  return tasks;
}

type Batch = Pick<SessionRequest, "epochs"> & { readonly tasks: readonly string[]; readonly candidates: readonly string[] };

/** Null where the batch's own budget ended it and there is something to decide on already. */
async function runBatch({ ports, request, watcher, signal }: Chain, batch: Batch, hasLooked: boolean) {
  try {
    return await ports.runBatch(
      { ...request.session, ...batch, registration: request.registration, limit: null, resume: null, reportFolder: null },
      { ...watcher, unreachable: () => undefined },
      signal,
    );
  } catch (error) {
    if (!(error instanceof BudgetSpentError) || !hasLooked) throw error;
    watcher.leftOut(error.message);
    return null;
  }
}

interface Asked extends Pick<GateQuestion, "capsules"> {
  readonly incumbent: string;
  readonly planned: number;
  readonly ofTasks: number;
}

function questionAt(look: PlannedLook, request: UntilDecidedRequest, { incumbent, capsules, planned, ofTasks }: Asked): GateQuestion {
  const { candidate, registration, policyFrom, trusted, looks, sequential, session } = request;
  return {
    candidates: [candidate],
    incumbent,
    capsules: [...capsules],
    registration,
    policyFile: session.policySources.policyFile,
    policyFrom,
    trusted,
    override: null,
    alpha: look.alpha,
    look: { number: look.number, planned, tasks: look.tasks, ofTasks, by: look.by, most: looks, sequential },
  };
}

/** Decided, or all batches together have used up what one run may: every call counts, also of the Judge and of other candidates. */
function stopReason(documents: readonly GateDocument[], spent: string | null): Parameters<UntilDecidedWatcher["stopped"]>[0] | null {
  if (documents.every(({ decision }) => decision.verdict !== "inconclusive")) return { decided: true };
  return spent === null ? null : { decided: false, spent };
}

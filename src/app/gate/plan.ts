// Plans a gate: how likely it is to promote by the true difference, what that costs, and the smallest plan that is likely enough.
import { join } from "node:path";
import { createRandom } from "../../core/base/random.ts";
import { daysFrom } from "../../core/base/instant.ts";
import { gatherEvidence, type GateCapsule } from "../../core/gate/evidence.ts";
import { byKind } from "../../core/gate/kinds.ts";
import { levelOfGate } from "../../core/gate/level.ts";
import { type GateDesign, plantsIn, sizeOf } from "../../core/gate/planning/design.ts";
import { equalChance, gateChances } from "../../core/gate/planning/gate-chances.ts";
import type { GatePlan } from "../../core/gate/planning/gate-plan.ts";
import { guessed, type Observed, observedIn, worldsLike } from "../../core/gate/planning/observed-world.ts";
import { canPromote, unreachable } from "../../core/gate/planning/reachable.ts";
import { LIKELY, smallestPlan } from "../../core/gate/planning/smallest-plan.ts";
import { costOf, type PlannedCost, type RunSpending } from "../../core/gate/spending.ts";
import { BY_FAMILY } from "../../core/gate/statistics/by-family.ts";
import type { Suite } from "../../core/suite/suite.ts";
import type { PolicySnapshot } from "../../core/policy/snapshot.ts";
import { planSvg } from "../../core/report/gate/plan-svg.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PolicyFiles } from "../../ports/policies.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import type { TextFiles } from "../../ports/text-files.ts";
import { type GateReader, newestCapsuleIfAny } from "./capsules.ts";

export interface GatePlanPorts extends GateReader {
  readonly clock: Pick<Clock, "wall">;
  readonly policies: Pick<PolicyFiles, "load">;
  readonly suite: LoadSuite;
  readonly texts: Pick<TextFiles, "write">;
  readonly gatesFolder: string;
}

export interface GatePlanRequest {
  readonly candidate: string;
  /** Null: the policy's reflex candidate. */
  readonly incumbent: string | null;
  readonly suite: string;
  /** The suite of impossible tasks that will be run beside it, where the policy asks how often it cheats. */
  readonly impossible: string;
  readonly policyFile: string;
  /** True differences of the pass rates, in points. */
  readonly differences: readonly number[];
  /** Null: as many as the policy wants. */
  readonly epochs: number | null;
  /** Candidates that are gated together. */
  readonly alternatives: number;
  /** Gates that were registered before in the same chain; null: no chain. */
  readonly gatesBefore: number | null;
  /** Runs to take difficulties, losses and errors from; empty: the newest that holds the incumbent. */
  readonly capsules: readonly string[];
  /** Simulated gates for each figure. */
  readonly gates: number;
  readonly seed: number;
}

/** Candidate, incumbent, the compiler's baseline, and who plays the cloud Implementer. */
const PLAYERS = 4;

/** Simulates; writes the picture beside the gates' decisions. Throws `usage` for a suite that is not there. */
export async function planGate(ports: GatePlanPorts, request: GatePlanRequest): Promise<{ readonly plan: GatePlan; readonly picture: string }> {
  const { snapshot } = await ports.policies.load({ policyFile: request.policyFile, specFile: null, overrides: [] }, ports.clock.wall());
  const incumbent = request.incumbent ?? snapshot.policy.reflex.candidate;
  const design = await designFor(ports, request, snapshot);
  const runs = await runsFor(ports, request, incumbent);
  const observed = observedFrom(runs, snapshot, { candidate: request.candidate, incumbent, now: ports.clock.wall(), seed: request.seed });
  const plan = planOf(design, { request, incumbent, policy: snapshot.policy_id, observed, spending: runs.map(({ run }) => run.spending) });
  const picture = join(ports.gatesFolder, `plan-${ports.clock.wall().slice(0, 19).replaceAll(":", "-")}Z.svg`);
  await ports.texts.write(picture, planSvg(plan));
  return { plan, picture };
}

async function designFor(
  ports: GatePlanPorts,
  { suite: name, impossible, epochs, alternatives, gatesBefore }: GatePlanRequest,
  { policy }: PolicySnapshot,
): Promise<GateDesign> {
  const suite = await ports.suite(name);
  const rules = policy.gates.reflex_promotion;
  return {
    tasks: suite.tasks.filter(({ risk }) => risk === "low").map(({ id, family }) => ({ id, family })),
    epochs: epochs ?? rules.min_epochs,
    alternatives,
    plants: policy.gates.calibration_plants,
    impossible: rules.max_cheating_percent === undefined ? 0 : familiesOf(await ports.suite(impossible)),
    rules,
    alpha: levelOfGate(rules.alpha, gatesBefore),
  };
}

const familiesOf = ({ tasks }: Suite): number => new Set(tasks.map(({ family }) => family)).size;

async function runsFor(reader: GateReader, { capsules }: GatePlanRequest, incumbent: string): Promise<readonly GateCapsule[]> {
  const newest = capsules.length > 0 ? null : await newestCapsuleIfAny(reader.capsules, [incumbent]);
  const read: GateCapsule[] = [];
  for (const path of newest === null ? capsules : [newest]) read.push(await reader.readCapsule(path));
  return read;
}

interface Around {
  readonly candidate: string;
  readonly incumbent: string;
  readonly now: string;
  readonly seed: number;
}

function observedFrom(runs: readonly GateCapsule[], snapshot: PolicySnapshot, { candidate, incumbent, now, seed }: Around): Observed {
  const { capsules, cheating } = byKind(runs);
  const [first, ...others] = capsules;
  if (first === undefined) return guessed(createRandom(seed));
  const context = {
    now,
    ageDays: daysFrom(first.run.header.created_at, now),
    suiteRootHere: null,
    registration: { state: "none" },
    gatesBefore: null,
  } as const;
  return observedIn(gatherEvidence({ capsules: [first, ...others], cheating }, snapshot, { ...context, statistics: BY_FAMILY }), candidate, incumbent);
}

interface Given {
  readonly request: GatePlanRequest;
  readonly incumbent: string;
  readonly policy: string;
  readonly observed: Observed;
  readonly spending: readonly RunSpending[];
}

function planOf(design: GateDesign, { request, incumbent, policy, observed, spending }: Given): GatePlan {
  const worlds = worldsLike(observed);
  const { gates, seed } = request;
  const cost = (planned: GateDesign): PlannedCost =>
    costOf(spending, {
      trials: planned.tasks.length * planned.epochs * (PLAYERS + request.alternatives - 1) + planned.impossible * request.alternatives,
      plants: plantsIn(planned, seed).length,
    });
  const smallest = smallestPlan(design, (tried) => (canPromote(tried) ? equalChance(tried, worlds, { gates, seed }, LIKELY) : 0), seed);
  return {
    candidate: request.candidate,
    incumbent,
    suite: request.suite,
    policy,
    size: sizeOf(design),
    alpha: design.alpha,
    from: observed.from,
    unreachable: unreachable(design),
    rows: request.differences.map((difference) => ({ difference, ...gateChances(design, worlds, { difference: difference / 100, gates, seed }) })),
    cost: cost(design),
    smallest: smallest && { ...sizeOf(smallest.design), promote: smallest.promote, cost: cost(smallest.design) },
    gates,
  };
}

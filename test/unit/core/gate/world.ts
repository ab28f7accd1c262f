// Evidence made to measure: a gate's world in which everything is well, but for what a test or a simulation changes.
import type { Random } from "../../../../src/core/base/random.ts";
import type { GateEvidence } from "../../../../src/core/gate/evidence.ts";
import type { GateRules } from "../../../../src/core/gate/registration/registration.ts";
import { type CandidateFacts, candidateFacts, type GateTrial } from "../../../../src/core/gate/facts.ts";
import { BY_FAMILY } from "../../../../src/core/gate/statistics/by-family.ts";
import type { Planted } from "../../../../src/core/metrics/calibration.ts";

export const RULES: GateRules = {
  alpha: 0.05,
  min_tasks: 50,
  min_epochs: 3,
  success_parity_percent: 85,
  non_inferiority_margin_percent: 5,
  p95_attempt_ms: 5000,
  p95_model_ms: 2500,
  p95_ttft_ms: 800,
  min_tokens_per_second: 60,
  json_compliance_percent: 100,
  compile_pass_percent: 60,
  beat_rustc_suggestions: true,
  max_flake_percent: 2,
  max_infrastructure_percent: 2,
  max_false_unlock_percent: 5,
  max_false_block_percent: 10,
  max_age_days: 30,
  require_registration: false,
};

const QUICK = { modelMs: 400, attemptMs: 900, ttftMs: 60, tokensPerSecond: 180, json: true };
const GOOD_ATTEMPT = { ...QUICK, compiled: true, first: QUICK };

/** As the second statistics count: what is lost does not. */
export const counted = (trial: Pick<GateTrial, "standing">): boolean => trial.standing === "counted";

export const trialOf = (task: string, passed: boolean, attempt: Partial<GateTrial["attempts"][number]> = {}): GateTrial => ({
  task,
  family: task,
  standing: "counted",
  serverFailed: false,
  passed,
  attempts: [{ ...GOOD_ATTEMPT, ...attempt }],
  costUsd: 0.001,
  uri: `mv2://bakeoff/${task}/run/c.1/event/9`,
});

/** A candidate whose task `i` passes `passes(i)` of `epochs` trials. */
export function scripted(name: string, tasks: number, epochs: number, passes: (task: number) => number): CandidateFacts {
  const trials = Array.from({ length: tasks }, (_, task) =>
    Array.from({ length: epochs }, (__, epoch) => trialOf(`task-${String(task).padStart(4, "0")}`, epoch < passes(task))),
  ).flat();
  return candidateFacts(name, trials, counted);
}

/** A candidate that draws each trial with its task's rate. */
export function drawn(name: string, rates: readonly number[], epochs: number, random: Random): CandidateFacts {
  const trials = rates.flatMap((rate, task) => Array.from({ length: epochs }, () => trialOf(`task-${String(task).padStart(4, "0")}`, random.next() < rate)));
  return candidateFacts(name, trials, counted);
}

/** So many plants of each worth, all judged rightly. */
export function rightlyJudged(good: number, bad: number): readonly Planted[] {
  const plant = (right: "unlock" | "block", index: number): Planted => ({
    task: `task-${index}`,
    plant: right === "unlock" ? "reference" : "broken",
    right,
    judge: right,
    critic: "advisory",
    uri: "",
  });
  return [...Array.from({ length: good }, (_, index) => plant("unlock", index)), ...Array.from({ length: bad }, (_, index) => plant("block", index))];
}

export function evidenceOf(candidates: readonly CandidateFacts[], changes: Partial<GateEvidence> = {}): GateEvidence {
  return {
    capsules: [{ path: "capsules/run.capsule.jsonl", sha256: "a".repeat(64), runId: "run" }],
    rules: RULES,
    suite: { name: "suite", version: "1.0.0", root: "1".repeat(64) },
    toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
    policy: { id: "model-policy@2.0.0", hash: "2".repeat(64), snapshot_hash: "3".repeat(64) },
    otherPolicies: [],
    workers: [],
    candidates: new Map(candidates.map((facts) => [facts.name, facts])),
    reference: "cloud",
    standIns: [],
    harness: { trials: 2000, infrastructure: 0, repeatedTrees: 500, disagreeing: 0 },
    planted: rightlyJudged(60, 120),
    cheating: null,
    familyOf: (task) => task,
    seed: 1,
    gatesBefore: null,
    statistics: BY_FAMILY,
    now: "2026-11-22T12:00:00.000Z",
    ageDays: 1,
    suiteRootHere: "1".repeat(64),
    registration: { state: "none" },
    ...changes,
  };
}

// The evidence of a gate that was never held: drawn from what candidates, machine and Judge are taken to be like.
import type { Random } from "../../base/random.ts";
import { expectedFor } from "../../capsule/plan/calibration-plan.ts";
import type { Planted } from "../../metrics/calibration.ts";
import type { GateEvidence } from "../evidence.ts";
import { type CandidateFacts, candidateFacts, type GateAttempt, type GateTrial } from "../facts.ts";
import type { GateStatistics } from "../statistics/statistics.ts";
import { type GateDesign, plantsIn } from "./design.ts";

/** What a simulated gate is drawn from. Rates are shares, 0 to 1. */
export interface GateWorld {
  /** The chance of a trial to pass, by task. */
  readonly passes: (role: PlayedRole, task: string) => number;
  /** Of a trial to be lost to our own side. */
  readonly infrastructure: number;
  /** Of a known-bad patch to be unlocked, of a known-good one to stay locked. */
  readonly falseUnlock: number;
  readonly falseBlock: number;
  /** Of a tree that came again to be judged otherwise. */
  readonly flake: number;
  /** An attempt of the candidate on a task, as it would be measured. */
  readonly attempt: (task: string, random: Random) => GateAttempt;
}

/** Who is in a gate, and by which name. */
export const PLAYED = { candidate: "candidate", incumbent: "incumbent", implementer: "implementer", compiler: "rustc-suggestions" } as const;
export type PlayedRole = keyof typeof PLAYED;

const ROLES: readonly PlayedRole[] = ["candidate", "incumbent", "implementer", "compiler"];

/** A planned gate in a world. */
export interface Simulated {
  readonly design: GateDesign;
  readonly world: GateWorld;
  readonly statistics: GateStatistics;
}

export function simulatedEvidence({ design, world, statistics }: Simulated, random: Random): GateEvidence {
  const families = new Map(design.tasks.map(({ id, family }) => [id, family]));
  const sides = ROLES.map((role) => simulatedCandidate(role, { design, world, statistics }, random));
  return {
    capsules: [],
    rules: design.rules,
    suite: NOWHERE.suite,
    toolchain: NOWHERE.toolchain,
    policy: NOWHERE.policy,
    otherPolicies: [],
    workers: [],
    candidates: new Map(sides.map((facts) => [facts.name, facts])),
    reference: PLAYED.implementer,
    standIns: [],
    harness: { trials: 0, infrastructure: 0, ...treesAgain(design, world, random) },
    planted: simulatedPlants(design, world, random),
    cheating: neverCheats(design),
    familyOf: (task) => families.get(task) ?? task,
    seed: random.int(2 ** 31),
    now: NOWHERE.now,
    ageDays: 0,
    suiteRootHere: null,
    registration: { state: "valid", path: "", sha256: "", signer: "", registeredAt: NOWHERE.now },
    gatesBefore: null,
    statistics,
  };
}

const NOWHERE = {
  suite: { name: "", version: "", root: "" },
  toolchain: { rustc: "", cargo: "", host: "" },
  policy: { id: "", hash: "", snapshot_hash: "" },
  now: "1970-01-01T00:00:00.000Z",
} as const;

function simulatedCandidate(role: PlayedRole, { design, world, statistics }: Simulated, random: Random): CandidateFacts {
  const trials = design.tasks.flatMap(({ id, family }) => {
    const chance = world.passes(role, id);
    return Array.from({ length: design.epochs }, (): GateTrial => {
      const isLost = random.next() < world.infrastructure;
      return {
        task: id,
        family,
        standing: isLost ? "infrastructure" : "counted",
        passed: random.next() < chance,
        serverFailed: false,
        // Only the candidate's attempts are measured.
        attempts: role === "candidate" && !isLost ? [world.attempt(id, random)] : [],
        costUsd: 0,
        uri: null,
      };
    });
  });
  return candidateFacts(PLAYED[role], trials, (trial) => statistics.counts(trial, true));
}

/** How often a candidate cheats is not known before it was tried: here it never does. */
function neverCheats({ impossible, rules }: GateDesign): GateEvidence["cheating"] {
  if (rules.max_cheating_percent === undefined || impossible === 0) return null;
  const trials = Array.from({ length: impossible }, (_, index): GateTrial => {
    const task = `impossible-${index}`;
    return { task, family: task, standing: "counted", passed: false, serverFailed: false, attempts: [], costUsd: 0, uri: null };
  });
  return { suite: NOWHERE.suite, trials: new Map([[PLAYED.candidate, trials]]) };
}

/** The compiler's own suggestions come to the same tree in every epoch. */
function treesAgain({ tasks, epochs }: GateDesign, { flake }: GateWorld, random: Random): { readonly repeatedTrees: number; readonly disagreeing: number } {
  const repeatedTrees = epochs > 1 ? tasks.length : 0;
  return { repeatedTrees, disagreeing: occurrences(repeatedTrees, flake, random) };
}

function simulatedPlants(design: GateDesign, { falseUnlock, falseBlock }: GateWorld, random: Random): readonly Planted[] {
  return plantsIn(design, random.int(2 ** 31)).map(({ task, plant }): Planted => {
    const right = expectedFor(plant);
    const isWrong = random.next() < (right === "block" ? falseUnlock : falseBlock);
    return { task: task.id, plant, right, judge: isWrong === (right === "block") ? "unlock" : "block", critic: "advisory", uri: "" };
  });
}

function occurrences(n: number, chance: number, random: Random): number {
  if (chance === 0) return 0;
  return Array.from({ length: n }, () => random.next() < chance).filter(Boolean).length;
}

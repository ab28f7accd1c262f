// The evidence of a gate: the capsules that were let in, merged into one body of facts.
import type { Header } from "../capsule/line.ts";
import type { SignatureVerdict } from "../capsule/proof/statement.ts";
import type { Planted } from "../metrics/calibration.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { type CandidateFacts, candidateFacts, type Counting, type GateTrial } from "./facts.ts";
import { familiesOf } from "../capsule/plan/task-family.ts";
import { type HarnessFacts, harnessFacts } from "./harness.ts";
import type { RunsByKind } from "./kinds.ts";
import type { GateRules, RegistrationFact } from "./registration/registration.ts";
import type { RunFacts } from "./run-facts.ts";
import type { GateStatistics } from "./statistics/statistics.ts";

/** One capsule as it was read. */
export interface GateCapsule {
  /** As people name it: for messages and links. */
  readonly path: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  readonly run: RunFacts;
  /** The stored policy; null where it is missing or not readable. */
  readonly snapshot: PolicySnapshot | null;
  readonly merkleRoot: string | null;
  /** SHA-256 of the header's line. */
  readonly headerHash: string;
  /** Judged by the key that it names itself: whether that key counts is for the gate's trust to say. */
  readonly signature: SignatureVerdict;
  /** What does not verify, in words. */
  readonly faults: readonly string[];
  /** What replay levels 0 and 1 do not prove, in words. */
  readonly unproven: readonly string[];
}

export interface GateRuns extends RunsByKind<GateCapsule> {
  readonly capsules: readonly [GateCapsule, ...GateCapsule[]];
}

/** What runs of impossible tasks tell. */
export interface CheatingFacts {
  readonly suite: Header["suite"];
  /** The trials of each candidate. */
  readonly trials: ReadonlyMap<string, readonly GateTrial[]>;
}

/** What is known beside the capsules, at the time of the gate. */
export interface GateContext {
  /** RFC 3339, UTC. */
  readonly now: string;
  /** Days since the oldest run began. */
  readonly ageDays: number;
  /** Root of the suite as it lies here; null where it does not. */
  readonly suiteRootHere: string | null;
  readonly registration: RegistrationFact;
  /** Gates that were registered before this one in the same chain; null where no chain tells. They share α. */
  readonly gatesBefore: number | null;
  readonly statistics: GateStatistics;
}

export interface GateEvidence extends GateContext {
  readonly capsules: readonly { readonly path: string; readonly sha256: string; readonly runId: string }[];
  readonly rules: GateRules;
  readonly suite: Header["suite"];
  readonly toolchain: Header["toolchain"];
  readonly policy: Header["policy"];
  /** Other policies that lay in the files while the runs went on under theirs, in sentences. */
  readonly otherPolicies: readonly string[];
  /** What whoever reads the times must know of the workers of a queue, in sentences. */
  readonly workers: readonly string[];
  readonly candidates: ReadonlyMap<string, CandidateFacts>;
  /** The candidate that plays the cloud Implementer's model in the slot: what success parity is measured against. */
  readonly reference: string | null;
  /** Roles that the gate relies on and that a stand-in played. */
  readonly standIns: readonly { readonly role: string; readonly standIn: string }[];
  readonly harness: HarnessFacts;
  readonly planted: readonly Planted[];
  /** Null: no run of impossible tasks is looked at. */
  readonly cheating: CheatingFacts | null;
  /** The family of a task of the runs. */
  readonly familyOf: (task: string) => string;
  readonly seed: number;
}

/** Merges capsules that were let in (`refusals` found nothing). */
export function gatherEvidence({ capsules, cheating }: GateRuns, snapshot: PolicySnapshot, around: GateContext): GateEvidence {
  const { header } = capsules[0].run;
  const runs = capsules.map(({ run }) => run);
  const rules = snapshot.policy.gates.reflex_promotion;
  const counts: Counting = (trial) => around.statistics.counts(trial, rules.count_server_failures ?? true);
  return {
    ...around,
    capsules: [...capsules, ...cheating].map(({ path, sha256, run }) => ({ path, sha256, runId: run.header.run_id })),
    rules,
    suite: header.suite,
    toolchain: header.toolchain,
    // Of several that agree in what concerns the comparison, the one that it is decided by.
    policy: runs.find((run) => run.header.policy.hash === snapshot.hash)?.header.policy ?? header.policy,
    otherPolicies: [...new Set([...capsules, ...cheating].flatMap(({ run }) => run.otherPolicies))],
    workers: runs.flatMap(({ header: { run_id: id }, workerCaveats }) => workerCaveats.map((caveat) => `${id}: ${caveat}`)),
    candidates: new Map([...merged(runs.map(({ trials }) => trials))].map(([name, trials]) => [name, candidateFacts(name, trials, counts)])),
    reference: referenceOf(runs, snapshot),
    standIns: standInsOf(runs),
    harness: harnessFacts(runs.map(({ harness }) => harness)),
    planted: runs.flatMap(({ planted }) => planted),
    cheating: cheatingFacts(cheating),
    familyOf: familiesOf(...runs.map(({ header: own }) => own)),
    seed: header.seed,
  };
}

function merged(runs: readonly RunFacts["trials"][]): RunFacts["trials"] {
  const all = new Map<string, readonly GateTrial[]>();
  for (const trials of runs) {
    for (const [name, own] of trials) all.set(name, [...(all.get(name) ?? []), ...own]);
  }
  return all;
}

function cheatingFacts([first, ...others]: readonly GateCapsule[]): CheatingFacts | null {
  if (first === undefined) return null;
  return { suite: first.run.header.suite, trials: merged([first, ...others].map(({ run }) => run.impossible)) };
}

/** A candidate with the Implementer's own provider, model and effort, or the stand-in's namesake. */
export function referenceOf(runs: readonly RunFacts[], snapshot: PolicySnapshot): string | null {
  const written = snapshot.policy.models[snapshot.policy.roles.implementer.model];
  for (const { header } of runs) {
    const { standIn } = header.bindings.implementer;
    const same = header.candidates.find(({ name, provider, model }) => {
      if (standIn !== null) return name === standIn;
      const effort = snapshot.candidates.find((candidate) => candidate.name === name)?.effort;
      return provider === written?.provider && model === written.model && effort === written.effort;
    });
    if (same) return same.name;
  }
  return null;
}

/** The Implementer (parity), the Judge and the critic (unlocks): the Architect plans high-risk work only, which no criterion counts. */
function standInsOf(runs: readonly RunFacts[]): GateEvidence["standIns"] {
  const found = runs.flatMap(({ header: { bindings } }) =>
    [
      { role: "Implementer", standIn: bindings.implementer.standIn },
      { role: "Judge", standIn: bindings.judge.standIn },
      { role: "SidecarCritic", standIn: bindings.sidecarCritic.standIn },
    ].flatMap(({ role, standIn }) => (standIn === null ? [] : [{ role, standIn }])),
  );
  return [...new Map(found.map((one) => [`${one.role} ${one.standIn}`, one])).values()];
}

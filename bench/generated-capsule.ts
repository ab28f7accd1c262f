// Sealed capsules of any size, written by the code that writes real ones: trials that pass at their first attempt, as the router decides them.
import { encodeBlob } from "../src/adapters/capsules/journal/journal.ts";
import { NewFile } from "../src/adapters/files/new-file.ts";
import { canonicalJson, hashOf, openMerkle, sha256 } from "../src/core/base/canonical.ts";
import { closeSeal, type EventLine, eventUri, type Header, lineText, policyUri } from "../src/core/capsule/line.ts";
import { type PlannedTrial, plannedTrials } from "../src/core/capsule/record.ts";
import type { PolicySnapshot } from "../src/core/policy/snapshot.ts";
import type { Command } from "../src/core/trial/command.ts";
import type { TrialEvent } from "../src/core/trial/event.ts";
import { trialPlan } from "../src/core/trial/plan.ts";
import { decidedCommands, patchedText, RUN_TEXTS, type Steps, taskTexts, toldSteps } from "./decided-trial.ts";

const TIME = "2026-11-22T00:00:00.000Z";
/** Events of one trial under the shipped policy, as near as the size of a run has to be. */
const PER_TRIAL = 19;

export function generatedHeader(events: number, snapshot: PolicySnapshot): Header {
  const { roles, tier2, reflex } = snapshot.policy;
  const played = (model: string) => ({ provider: "embedded", model, standIn: "oracle" });
  const tasks = Array.from({ length: Math.max(1, Math.ceil(events / PER_TRIAL / 2)) }, (_, index) => `task-${index}`);
  return {
    kind: "header",
    format: 1,
    run_id: "generated",
    created_at: TIME,
    bakeoff_version: "0.0.0",
    suite: { name: "generated", version: "1.0.0", root: sha256("suite") },
    policy: { id: snapshot.policy_id, hash: snapshot.hash, snapshot_hash: hashOf(snapshot) },
    reflex_max_attempts: reflex.max_attempts,
    decision_register_hash: null,
    toolchain: { rustc: "rustc 1.95.0", cargo: "cargo 1.95.0", host: "x86_64-unknown-linux-gnu" },
    sandbox: "none",
    tasks: tasks.map((id) => ({ id, kind: "test", risk: "low", area: "logic", error_codes: [], digest: sha256(id) })),
    candidates: ["nop", "oracle"].map((name) => ({ name, provider: "embedded", model: name })),
    bindings: {
      architect: played(roles.architect.model),
      implementer: played(roles.implementer.model),
      judge: played(roles.judge.model),
      sidecarCritic: played(roles.sidecar_critic.model),
      notebook: { provider: "notebooklm", model: tier2.notebook, standIn: null },
    },
    epochs: 1,
    capability: false,
    seed: 1,
    concurrency: { cargo: 1, model: 1 },
    left_out: [],
    warnings: [],
  };
}

/** The steps of each trial; candidates differ in who is called, and trials of one in their ids. */
function stepsOfRun(header: Header, snapshot: PolicySnapshot): (trial: PlannedTrial) => Steps {
  const ways = new Map<string, readonly Command[]>();
  return (trial) => {
    const way = ways.get(trial.candidate) ?? decidedCommands(snapshot, trialPlan(header, trial));
    ways.set(trial.candidate, way);
    return toldSteps(snapshot, way, { id: trial.id, task: trial.task.id });
  };
}

/** A run's events in plan order. */
export function* generatedEvents(header: Header, snapshot: PolicySnapshot): Generator<EventLine> {
  const line = (trial: PlannedTrial | null, place: Pick<EventLine, "seq" | "step" | "more">, payload: TrialEvent): EventLine => ({
    kind: "event",
    uri: eventUri(header.run_id, { trial: trial?.id ?? null, task: trial?.task.id ?? null, seq: place.seq }),
    trial: trial?.id ?? null,
    spec_id: trial?.task.id ?? null,
    run_id: header.run_id,
    branch_id: `run/${header.run_id}`,
    ...place,
    timestamp: header.created_at,
    stage: "stage" in payload ? payload.stage : null,
    policy_id: header.policy.id,
    policy_hash: header.policy.hash,
    event_type: payload.type,
    payload,
  });
  const reference: TrialEvent = { type: "PolicySnapshotRef", policy_uri: policyUri(header), policy_id: header.policy.id, policy_hash: header.policy.hash };
  yield line(null, { seq: 0, step: 0, more: false }, reference);
  const stepsOf = stepsOfRun(header, snapshot);
  for (const trial of plannedTrials(header)) {
    let seq = 0;
    for (const [step, events] of stepsOf(trial).entries()) {
      for (const [index, payload] of events.entries()) yield line(trial, { seq: seq++, step, more: index < events.length - 1 }, payload);
    }
  }
}

/** Writes a sealed capsule of about so many events; gives how many. */
export const writeCapsule = (path: string, events: number, snapshot: PolicySnapshot): number => writeRun(path, generatedHeader(events, snapshot), snapshot);

/** Writes the sealed capsule of a run in which every trial of the header passes at once; gives how many events it holds. */
export function writeRun(path: string, header: Header, snapshot: PolicySnapshot): number {
  const texts = [
    canonicalJson(snapshot),
    ...RUN_TEXTS,
    ...header.tasks.flatMap(({ id }) => taskTexts(id)),
    ...plannedTrials(header).map(({ id }) => patchedText(id)),
  ].map((text) => [sha256(text), text] as const);
  const file = new NewFile(path);
  file.line(lineText(header));
  for (const [hash, text] of texts.toSorted(([a], [b]) => (a < b ? -1 : 1))) file.line(encodeBlob(hash, text));
  const tree = openMerkle();
  let count = 0;
  for (const event of generatedEvents(header, snapshot)) {
    const text = lineText(event);
    tree.add(text);
    file.line(text);
    count += 1;
  }
  const seal = closeSeal({
    kind: "seal",
    format: 1,
    run_id: header.run_id,
    sealed_at: header.created_at,
    merkle_root: tree.root(),
    header_hash: sha256(lineText(header)),
    events: count,
    blobs: texts.length,
    suite_root: header.suite.root,
    policy_hash: header.policy.hash,
  });
  file.line(lineText(seal));
  file.commit();
  return count;
}

// A run of the small world in memory, to be replayed as it is or after somebody changed it.
import { LATE_SEQ, type EventLine, type Header } from "../../../../src/core/capsule/line.ts";
import type { PolicySnapshot } from "../../../../src/core/policy/snapshot.ts";
import { foldRun, type RunReader, type RunRecord } from "../../../../src/core/capsule/record.ts";
import type { ComparedRun } from "../../../../src/core/replay/counterfactual/comparison.ts";
import type { AppliedDiff } from "../../../../src/core/trial/answer-outcome.ts";
import { openReplay, type Replay, type ReplayInput } from "../../../../src/core/replay/replay.ts";
import { VerifiedTrees } from "../../../../src/core/replay/verified-trees.ts";
import { groupBy } from "../../../../src/core/metrics/summary/rate.ts";
import { trialFacts } from "../../../../src/core/metrics/summary/trial.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import { brokenTree, type Suite, treeDigest } from "../../../../src/core/suite/suite.ts";
import { withChanges } from "../../../../src/core/text/edit.ts";
import type { BakeoffOptions } from "../../../../src/app/run/bakeoff-options.ts";
import type { Workbench } from "../../../../src/ports/workbench.ts";
import {
  fakeBench,
  headerOf,
  memoryJournal,
  optionsFor,
  policyWith,
  type RunSketch,
  type Script,
  snapshotBlob,
  suiteOf,
  TASKS,
  ranIn,
} from "../../run/fakes.ts";

export interface Recorded {
  readonly header: Header;
  readonly events: readonly EventLine[];
  readonly blobs: ReadonlyMap<string, string>;
  readonly suite: Suite;
}

/** A workbench whose trees have their true digests. */
export function bench(): Workbench {
  const fake = fakeBench();
  return {
    ...fake,
    verify: async (job, signal) => ({ ...(await fake.verify(job, signal)), treeHash: treeDigest(withChanges(brokenTree(job.task), job.changes)) }),
  };
}

export async function recorded(sketch: RunSketch & { readonly script?: Script } = {}, more: Partial<BakeoffOptions> = {}): Promise<Recorded> {
  const snapshot: PolicySnapshot = sketch.snapshot ?? policyWith();
  const journal = memoryJournal(headerOf({ ...sketch, snapshot }));
  const record = await ranIn(journal, optionsFor({ ...sketch, snapshot }, journal, { bench: bench(), ...more }));
  const blob = snapshotBlob(snapshot);
  return {
    header: record.header,
    events: journal.sealed[0]?.events ?? [],
    blobs: new Map([...journal.blobs, [blob.sha256, blob.text]]),
    suite: suiteOf(sketch.tasks ?? TASKS),
  };
}

/** A run that is held in memory, gone through as one on disk is. */
export function readerOf({ header, trials, runEvents, calibration }: RunRecord): RunReader {
  const planted = [...groupBy(calibration, (line) => line.trial ?? "")].map(([id, events]) => ({ id, events }));
  return { header, runEvents, trials: () => trials, calibrationTrials: () => planted };
}

export const factsOf = ({ header, trials }: RunRecord): ComparedRun => ({ header, trials: trials.map(trialFacts) });

export const textsOf = (blobs: ReadonlyMap<string, string>) => ({ text: (hash: string) => blobs.get(hash) ?? null, holds: (hash: string) => blobs.has(hash) });

export function verifiedIn(events: readonly EventLine[]): VerifiedTrees {
  const verified = new VerifiedTrees();
  for (const line of events) verified.add(line);
  return verified;
}

export function inputOf({ header, events, blobs, suite }: Recorded, more: Partial<ReplayInput> = {}): ReplayInput {
  return {
    header,
    trials: () => foldRun(header, events).trials,
    texts: textsOf(blobs),
    verified: verifiedIn(events),
    faults: [],
    signature: { state: "unsigned", key: null, detail: "nobody signed this capsule" },
    suite,
    withheld: () => false,
    scrub: (text) => text,
    version: header.bakeoff_version,
    ...more,
  };
}

export function replayOf(run: Recorded, more: Partial<ReplayInput> = {}): Replay {
  const reader = readerOf(foldRun(run.header, run.events));
  const replayer = openReplay(inputOf(run, more));
  const none = new Map<string, AppliedDiff>();
  for (const trial of reader.trials()) replayer.trial(trial, none);
  for (const trial of reader.calibrationTrials()) replayer.calibration(trial, none);
  return replayer.end();
}

export type Edit = (event: Record<string, unknown>) => void;

/** The run with one event rewritten by someone who also made every hash of the file fit again. */
export function edited(
  run: Recorded,
  wanted: (event: TrialEvent, line: EventLine) => boolean,
  edit: Edit,
  blobs: readonly (readonly [string, string])[] = [],
): Recorded {
  const index = run.events.findIndex((line) => line.seq < LATE_SEQ && wanted(line.payload, line));
  if (index < 0) throw new Error("no such event in the run");
  const events = run.events.map((line, at) => {
    if (at !== index) return line;
    const payload = structuredClone(line.payload) as unknown as Record<string, unknown>;
    edit(payload);
    return { ...line, payload: payload as unknown as TrialEvent };
  });
  return { ...run, events, blobs: new Map([...run.blobs, ...blobs]) };
}

export const statusesOf = ({ levels }: Replay): Readonly<Record<string, string>> => Object.fromEntries(levels.map(({ name, status }) => [name, status]));

// Runs of the small world on a real journal: created, stopped, gone on with, sealed.
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { createJournal, reopenJournal } from "../../src/adapters/capsules/journal.ts";
import type { RunRecord } from "../../src/core/capsule/record.ts";
import { runBakeoff, type BakeoffOptions } from "../../src/app/run/bakeoff.ts";
import { eventsToKeep } from "../../src/app/run/plan.ts";
import { headerOf, optionsFor, policyWith, type RunSketch, type Script, snapshotBlob } from "../unit/run/fakes.ts";

export type Sketch = RunSketch & { readonly script?: Script };

export async function runOnDisk(path: string, sketch: Sketch, more: Partial<BakeoffOptions> = {}): Promise<RunRecord> {
  const snapshot = sketch.snapshot ?? policyWith();
  const journal = await createJournal(path, headerOf({ ...sketch, snapshot }), [snapshotBlob(snapshot)]);
  try {
    return await runBakeoff(optionsFor({ ...sketch, snapshot }, journal, more));
  } finally {
    await journal.close();
  }
}

export async function resumeOnDisk(path: string, sketch: Sketch, more: Partial<BakeoffOptions> = {}): Promise<RunRecord> {
  const snapshot = sketch.snapshot ?? policyWith();
  const { journal, stored } = await reopenJournal(path, eventsToKeep);
  try {
    return await runBakeoff(optionsFor({ ...sketch, snapshot }, journal, { ...more, header: stored.header, stored }));
  } finally {
    await journal.close();
  }
}

export const read = readCapsule;

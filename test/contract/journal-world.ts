// Runs of the small world on a real journal: created, stopped, gone on with, sealed.
import { peekCapsule, readCapsule } from "../../src/adapters/capsules/file.ts";
import { createJournal, reopenJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { foldRun, type RunRecord } from "../../src/core/capsule/record.ts";
import { runBakeoff } from "../../src/app/run/bakeoff.ts";
import type { BakeoffOptions } from "../../src/app/run/bakeoff-options.ts";
import { keepRun } from "../../src/app/run/kept-run.ts";
import { headerOf, optionsFor, policyWith, type RunSketch, type Script, snapshotBlob } from "../unit/run/fakes.ts";

export type Sketch = RunSketch & { readonly script?: Script };

export async function runOnDisk(path: string, sketch: Sketch, more: Partial<BakeoffOptions> = {}): Promise<RunRecord> {
  const snapshot = sketch.snapshot ?? policyWith();
  const journal = await createJournal(path, headerOf({ ...sketch, snapshot }), [snapshotBlob(snapshot)]);
  try {
    await runBakeoff(optionsFor({ ...sketch, snapshot }, journal, more));
  } finally {
    await journal.close();
  }
  return recordIn(path);
}

export async function resumeOnDisk(path: string, sketch: Sketch, more: Partial<BakeoffOptions> = {}): Promise<RunRecord> {
  const snapshot = sketch.snapshot ?? policyWith();
  const { journal, kept } = await reopenJournal(path, keepRun);
  const { header } = await peekCapsule(path);
  try {
    await runBakeoff(optionsFor({ ...sketch, snapshot }, journal, { ...more, header, kept }));
  } finally {
    await journal.close();
  }
  return recordIn(path);
}

async function recordIn(path: string): Promise<RunRecord> {
  const { header, events } = await readCapsule(path);
  return foldRun(header, events);
}

export const read = readCapsule;

// How a run grows: models and verification are only played, the journal is on disk, sealed, reported and read by a gate. Each size in a process of its own.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJournal } from "../src/adapters/capsules/journal.ts";
import { openCapsule } from "../src/adapters/capsules/reader.ts";
import { clock } from "../src/app/compose/parts/system.ts";
import { runBakeoff } from "../src/app/run/bakeoff.ts";
import { reportModel } from "../src/core/report/model.ts";
import { markdownReport } from "../src/core/report/formats/markdown.ts";
import { headerOf, oneByOne, optionsFor, policyWith, snapshotBlob, taskNamed } from "../test/unit/run/fakes.ts";
import type { Figure } from "./figure.ts";

/** The argument with which this program carries out one such run. */
export const PLAY_RUN = "play-run";
const PER_EPOCH = 20;

/** Plays a run of so many trials and prints what it took: milliseconds, and megabytes at the most. */
export async function playRun(trials: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-bench-scale-"));
  try {
    const sketch = {
      tasks: ["a", "b", "c", "d"].map((id) => taskNamed(id)),
      candidates: ["one", "two", "three", "four", "five"],
      epochs: trials / PER_EPOCH,
      snapshot: policyWith(),
    };
    const began = clock.now();
    const path = join(folder, "run.capsule.jsonl");
    const journal = await createJournal(path, headerOf(sketch), [snapshotBlob(sketch.snapshot)]);
    await runBakeoff(optionsFor(sketch, journal, { clock, queue: oneByOne() }));
    const run = await openCapsule(path, []);
    const record = { header: run.header, runEvents: run.runEvents, calibration: [], trials: run.trials() };
    const chars = markdownReport(reportModel(record)).length;
    run.close();
    process.stdout.write(JSON.stringify({ ms: clock.now() - began, mb: process.resourceUsage().maxRSS / 1024, chars }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Played {
  readonly ms: number;
  readonly mb: number;
}

function played(trials: number): Played {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), PLAY_RUN, String(trials)], { encoding: "utf8" });
  return JSON.parse(stdout) as Played;
}

export function scaleFigures(small: number, large: number): Figure[] {
  const [few, many] = [played(small), played(large)];
  return [
    { name: `milliseconds of a trial, ${large} trials by ${small}`, unit: "×", samples: [many.ms / large / (few.ms / small)], bound: 1.2 },
    { name: `memory of a run of ${large} trials, sealed and reported`, unit: " MB", samples: [many.mb], bound: 300 },
    { name: "memory that a further trial takes", unit: " kB", samples: [((many.mb - few.mb) * 1024) / (large - small)], bound: 6 },
  ];
}

// How a run grows: models and verification are only played, the journal is on disk, gone on with, sealed and reported. Each size in a process of its own.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJournal, reopenJournal } from "../src/adapters/capsules/journal/journal.ts";
import { openCapsule } from "../src/adapters/capsules/reader.ts";
import { clock, keepHeapSmall } from "../src/app/compose/parts/system.ts";
import { runBakeoff } from "../src/app/run/bakeoff.ts";
import { keepRun } from "../src/app/run/kept-run.ts";
import { reportModel } from "../src/core/report/model.ts";
import { markdownReport } from "../src/core/report/formats/markdown.ts";
import type { Journal } from "../src/ports/journal.ts";
import { headerOf, oneByOne, optionsFor, policyWith, snapshotBlob, taskNamed } from "../test/unit/run/fakes.ts";
import type { Figure } from "./figure.ts";

/** The argument with which this program carries out one such run. */
export const PLAY_RUN = "play-run";
const TASKS = 100;
const PER_EPOCH = 5 * TASKS;

/** Plays a run of so many trials that is stopped before its seal and gone on with, and prints what it took: processor time, and megabytes at the most. */
export async function playRun(trials: number): Promise<void> {
  keepHeapSmall();
  const folder = await mkdtemp(join(tmpdir(), "bakeoff-bench-scale-"));
  try {
    const sketch = {
      tasks: Array.from({ length: TASKS }, (_, index) => taskNamed(["a", "b", "c", "d"][index % 4] ?? "a", { id: `task-${index}` })),
      candidates: ["one", "two", "three", "four", "five"],
      epochs: trials / PER_EPOCH,
      snapshot: policyWith(),
    };
    const began = process.cpuUsage();
    const path = join(folder, "run.capsule.jsonl");
    const journal = await createJournal(path, headerOf(sketch), [snapshotBlob(sketch.snapshot)]);
    const took = { resumeMs: 0 };
    const stopped: Journal = {
      path,
      append: (entry) => journal.append(entry),
      // How long a disk takes is another question.
      sync: async () => undefined,
      close: () => journal.close(),
      seal: async (...given) => {
        await journal.close();
        const asked = process.cpuUsage();
        const again = await reopenJournal(path, keepRun);
        took.resumeMs = msOf(asked);
        await again.journal.seal(...given);
      },
    };
    await runBakeoff(optionsFor(sketch, stopped, { clock, queue: oneByOne() }));
    const run = await openCapsule(path, []);
    const record = { header: run.header, runEvents: run.runEvents, calibration: [], trials: run.trials() };
    const chars = markdownReport(reportModel(record)).length;
    run.close();
    const told: Played & { readonly chars: number } = { ms: msOf(began), mb: process.resourceUsage().maxRSS / 1024, ...took, chars };
    process.stdout.write(JSON.stringify(told));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Played {
  readonly ms: number;
  readonly mb: number;
  readonly resumeMs: number;
}

function msOf(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function played(trials: number): Played {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), PLAY_RUN, String(trials)], { encoding: "utf8" });
  return JSON.parse(stdout) as Played;
}

export function scaleFigures(small: number, large: number): Figure[] {
  const [few, many] = [played(small), played(large)];
  return [
    { name: `processor time of a trial, ${large} trials by ${small}`, unit: "×", samples: [many.ms / large / (few.ms / small)], bound: 1.2 },
    { name: `memory of a run of ${large} trials, sealed and reported`, unit: " MB", samples: [many.mb], bound: 300 },
    {
      name: `going on with a journal of ${large} trials, processor time (10 s for 100,000)`,
      unit: " s",
      samples: [many.resumeMs / 1000],
      bound: large / 10_000,
    },
    { name: "memory that a further trial takes", unit: " kB", samples: [((many.mb - few.mb) * 1024) / (large - small)], bound: 6 },
  ];
}

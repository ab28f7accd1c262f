// Several runs as one in the viewer: listed beside them once all are read, its pages whole, and not there for runs that are no set.
import { beforeAll, describe, expect, it } from "vitest";
import { exportSite } from "../../../../src/app/view/export.ts";
import { withSet } from "../../../../src/app/view/set-library.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { trialFacts } from "../../../../src/core/metrics/summary/trial.ts";
import { reportModel } from "../../../../src/core/report/model.ts";
import { runDigest } from "../../../../src/core/report/runs/digest.ts";
import { runListing } from "../../../../src/core/report/runs/listing.ts";
import { numberedRows } from "../../../../src/core/report/trial-row.ts";
import { markedTrials } from "../../../../src/core/report/trial/marks.ts";
import type { LibraryRun, RunLibrary, ShelvedRun } from "../../../../src/ports/run-library.ts";
import { memoryTexts } from "../fakes.ts";
import { PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun, type Sketch, tasksNamed } from "../replay/honest-run.ts";

const made = (id: string, day: number, sketch: Sketch = {}): Promise<HonestRun> =>
  honestRun({ tasks: tasksNamed(2), ...sketch, header: (header) => ({ ...header, run_id: id, created_at: `2026-11-2${day}T00:00:00.000Z` }) });

let runs: readonly HonestRun[];
let hasty: HonestRun;
beforeAll(async () => {
  runs = [await made("b", 3, { candidates: ["other"] }), await made("a", 2, { candidates: ["small"], epochs: 2 })];
  hasty = await made("c", 4, { policy: (policy) => void (policy.reflex.max_attempts = 1) });
});

function libraryRun({ header, events, blobs }: HonestRun): LibraryRun {
  const record = foldRun(header, events);
  const report = reportModel(record);
  return {
    path: `${header.run_id}.capsule.jsonl`,
    header,
    isSealed: true,
    isSigned: false,
    faults: 0,
    runEvents: record.runEvents,
    trial: (id) => record.trials.find((trial) => trial.id === id) ?? null,
    text: (hash) => blobs.get(hash) ?? null,
    isWithheld: () => false,
    report: () => report,
    rows: () => report.trials,
    rowsOf: (tasks) => numberedRows(report.trials, tasks),
    marked: () => markedTrials(record.trials.map(trialFacts)),
    digest: () => runDigest(report, report.trials, header, record.runEvents),
  };
}

function libraryOf(all: readonly HonestRun[], state: ShelvedRun["state"] = "sealed"): RunLibrary {
  const opened = all.map(libraryRun);
  const row = (run: LibraryRun): ShelvedRun => ({
    run: run.header.run_id,
    path: run.path,
    state,
    isSigned: false,
    faults: 0,
    listing: runListing(run.digest()),
  });
  return {
    list: async () => opened.map(row),
    digests: async () => opened.map((run) => run.digest()),
    readAll: async () => undefined,
    open: async (name) => opened.find(({ path, header }) => name === path || name === header.run_id) ?? expect.unreachable(name),
    follow: async () => null,
    close: () => undefined,
  };
}

const namesIn = async (library: RunLibrary): Promise<readonly string[]> => (await library.list()).map(({ run }) => run);

describe("several runs as one", () => {
  it("are listed first where they can be taken together and all were read; else there are only the runs", async () => {
    expect(await namesIn(withSet(libraryOf(runs)))).toEqual(["set-of-2", "b", "a"]);
    expect(await namesIn(withSet(libraryOf(runs, "unread")))).toEqual(["b", "a"]);
    expect(await namesIn(withSet(libraryOf([...runs, hasty])))).toEqual(["b", "a", "c"]);
    expect(await namesIn(withSet(libraryOf(runs.slice(0, 1))))).toEqual(["b"]);
  });

  it("hold the trials of all, by their names in the set", async () => {
    const set = await withSet(libraryOf(runs)).open("set-of-2");
    expect([...set.rows()].map(({ candidate, task, epoch }) => `${candidate}/${task}/${epoch}`)).toEqual(set.set?.trials);
    expect(set.set).toMatchObject({ named: "a+b", runs: ["a", "b"] });
    for (const id of set.set?.trials ?? []) expect(set.trial(id)?.id).toBe(id);
    expect(set.trial("other/task-0/2")).toBeNull();
  });

  it("have pages that are whole: every link leads to one", async () => {
    const texts = memoryTexts();
    const ports = {
      library: withSet(libraryOf(runs)),
      loadSuite: async () => expect.unreachable("no suite is asked for"),
      audit: async () => expect.unreachable("of a set nothing is replayed"),
      baselines: async () => [],
      policyHere: async () => expect.unreachable("no policy is asked for"),
      asset: async (file: string) => (file.startsWith("viewer.") ? "" : file.startsWith("audit") ? "<p>" : null),
      places: PLACES,
      texts,
    };
    await exportSite(ports, { folder: "site", told: () => undefined }, new AbortController().signal);
    const trials = texts.written.filter((file) => file.startsWith("site/trial-set-of-2-"));
    // A cell leads to one of its epochs.
    expect(trials).toHaveLength(4);
    expect(texts.files.get("site/run-set-of-2.html")).toContain("bakeoff show a+b");
    expect(texts.files.get("site/trial-set-of-2-1.html")).toContain("other/task-0/1");
  });
});

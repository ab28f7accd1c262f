// A library in which several runs that can be taken together are also one run: the set of those that were named.
import { BakeoffError } from "../../core/base/errors.ts";
import { plannedTrials, type TrialRecord } from "../../core/capsule/record.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { type ReportModel, reportModel } from "../../core/report/model.ts";
import { runDigest } from "../../core/report/runs/digest.ts";
import { runListing } from "../../core/report/runs/listing.ts";
import { setNotices } from "../../core/report/runs/set-notices.ts";
import { numberedRows } from "../../core/report/trial-row.ts";
import { markedTrials } from "../../core/report/trial/marks.ts";
import type { LibraryRun, RunLibrary, ShelvedRun } from "../../ports/run-library.ts";
import { inTime, joined } from "../capsule/join.ts";

/** Listed once all of its runs were read; runs that can't be taken together are listed one by one only. */
export function withSet(library: RunLibrary): RunLibrary {
  let made: Promise<LibraryRun | null> | null = null;
  const setOf = (rows: readonly ShelvedRun[]): Promise<LibraryRun | null> => {
    if (rows.length < 2 || rows.some(({ state }) => state !== "sealed")) return Promise.resolve(null);
    return (made ??= together(library, rows));
  };
  return {
    list: async () => {
      const rows = await library.list();
      const set = await setOf(rows);
      return set === null ? rows : [shelved(set), ...rows];
    },
    open: async (name) => {
      const set = await setOf(await library.list());
      return set?.header.run_id === name ? set : library.open(name);
    },
    digests: () => library.digests(),
    readAll: (signal, told) => library.readAll(signal, told),
    follow: (name) => library.follow(name),
    close: () => library.close(),
  };
}

function shelved(set: LibraryRun): ShelvedRun {
  const { header, path, isSigned, faults } = set;
  return { run: header.run_id, path, state: "set", isSigned, faults, listing: runListing(set.digest()) };
}

/** Null for runs that are no set. */
async function together(library: RunLibrary, rows: readonly ShelvedRun[]): Promise<LibraryRun | null> {
  const opened: LibraryRun[] = [];
  for (const { path } of rows) opened.push(await library.open(path));
  try {
    return setRun(inTime(opened, ({ header }) => header));
  } catch (error) {
    if (error instanceof BakeoffError && error.code === "integrity") return null;
    throw error;
  }
}

function setRun(runs: readonly LibraryRun[]): LibraryRun {
  const set = joined(runs.map(({ path, header, text }) => ({ path, header, text, seal: null })));
  // Its pages are files: the name of many runs would be too long for one.
  const header = { ...set.header, run_id: `set-of-${runs.length}` };
  const trials = (): readonly TrialRecord[] => set.inOrder(runs.flatMap((run, member) => set.trialsOf(member, trialsIn(run))));
  const runEvents = runs.flatMap((run) => run.runEvents);
  let report: ReportModel | null = null;
  let marked: ReturnType<LibraryRun["marked"]> | null = null;
  const modelOf = () => (report ??= reportModel({ header, runEvents, calibration: [], trials: trials() }, setNotices(runs)));
  return {
    path: runs.map(({ path }) => path).join("+"),
    header,
    set: { named: set.header.run_id, runs: runs.map((run) => run.header.run_id), trials: trials().map(({ id }) => id) },
    isSealed: true,
    isSigned: runs.every(({ isSigned }) => isSigned),
    faults: runs.reduce((sum, { faults }) => sum + (faults ?? 0), 0),
    runEvents,
    trial: (id) => set.trial(id, (of) => runs[of.member]?.trial(of.id) ?? null),
    text: (hash) => runs.map((run) => run.text(hash)).find((text) => text !== null) ?? null,
    isWithheld: (hash) => runs.some((run) => run.isWithheld(hash)),
    report: modelOf,
    rows: () => modelOf().trials,
    rowsOf: (tasks) => numberedRows(modelOf().trials, tasks),
    marked: () => (marked ??= markedTrials(trials().map(trialFacts))),
    digest: () => runDigest(modelOf(), modelOf().trials, header, runEvents),
  };
}

const trialsIn = (run: LibraryRun): readonly TrialRecord[] => plannedTrials(run.header).flatMap(({ id }) => run.trial(id) ?? []);

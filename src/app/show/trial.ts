// One trial of a stored run as a person reads it, or all of its trials, those worth looking at first.
import { BakeoffError } from "../../core/base/errors.ts";
import type { Header } from "../../core/capsule/line.ts";
import type { TrialRecord } from "../../core/capsule/record.ts";
import { trialFacts } from "../../core/metrics/summary/trial.ts";
import { type TrialList, trialList } from "../../core/report/trial/list.ts";
import { type TrialInput, type TrialPageModel, trialPage } from "../../core/report/trial/page.ts";
import type { BrokenFile } from "../../core/report/trial/patch.ts";
import { brokenTree } from "../../core/suite/suite.ts";
import type { LoadSuite } from "../../ports/suites.ts";
import { type OpenRuns, openRuns } from "../capsule/open-set.ts";
import { resolveTrial } from "./resolve.ts";
import type { ShowTrialPorts } from "./ports.ts";

export interface ShowRequest {
  /** A run id or a path, or several as one: `A+B`. */
  readonly run: string;
  /** An id, or what stands for one: `CANDIDATE/TASK`, `TASK`. Null: all, or with `next` the first worth looking at. */
  readonly trial: string | null;
  /** The trial worth looking at after this one. */
  readonly next: boolean;
}

/** What is wrong with the capsule is said beside what it shows. */
export type Shown = { readonly faults: number; readonly list: TrialList } & (
  | { readonly page: null }
  | { readonly page: TrialPageModel; readonly next: string | null }
);

/** Throws `usage` for a trial that is not there, `integrity` for a file that can't be read as a capsule. */
export async function showTrials({ capsules, loadSuite, places }: ShowTrialPorts, { run, trial, next }: ShowRequest): Promise<Shown> {
  const capsule = await openRuns(capsules, run, (name) => places.capsule(name));
  try {
    const facts = [...capsule.trials()].map(trialFacts);
    const list = trialList({ header: capsule.header, trials: facts, named: run, calledAs: places.calledAs });
    const faults = capsule.faults.length;
    const asked = trial === null ? null : resolveTrial(trial, list, run);
    const wanted = next ? following(list, asked) : asked;
    if (wanted === null) return { faults, list, page: null };
    const page = await pageOf(capsule, wanted, loadSuite);
    return { faults, list, page, next: followingOrNull(list, wanted) };
  } finally {
    capsule.close();
  }
}

function following(list: TrialList, after: string | null): string {
  const found = followingOrNull(list, after);
  if (found !== null) return found;
  throw new BakeoffError(
    "usage",
    after === null ? "no trial of this run is worth a look: all passed in their slots" : `${after} is the last one worth a look`,
    `see them all: leave --next-failure out`,
  );
}

function followingOrNull({ trials }: TrialList, after: string | null): string | null {
  const worth = trials.filter(({ marks }) => marks.length > 0).map(({ id }) => id);
  return worth[after === null ? 0 : worth.indexOf(after) + 1] ?? null;
}

async function pageOf(capsule: OpenRuns, id: string, loadSuite: LoadSuite): Promise<TrialPageModel> {
  const trial = capsule.trial(id);
  if (trial === null) throw new BakeoffError("usage", `the run has no trial ${id}`);
  return storedTrialPage({ header: capsule.header, trial, texts: capsule }, loadSuite);
}

/** The suite is loaded only where a patched file stands in no prompt: that takes longer than all the rest. */
export async function storedTrialPage(of: Omit<TrialInput, "brokenFile">, loadSuite: LoadSuite): Promise<TrialPageModel> {
  let lacks = false;
  const page = trialPage({
    ...of,
    brokenFile: () => {
      lacks = true;
      return null;
    },
  });
  return lacks ? trialPage({ ...of, brokenFile: await storedBrokenFile(of.header, of.trial, loadSuite) }) : page;
}

/** The broken tree's files where the run's suite lies here as it was; else none. */
async function storedBrokenFile({ suite: of }: Pick<Header, "suite">, { task }: Pick<TrialRecord, "task">, loadSuite: LoadSuite): Promise<BrokenFile> {
  try {
    const suite = await loadSuite(of.name);
    const own = suite.root === of.root ? suite.tasks.find(({ id }) => id === task.id) : undefined;
    const tree = own ? brokenTree(own) : null;
    return (path) => {
      const content = tree?.get(path);
      return typeof content === "string" ? content : null;
    };
  } catch (error) {
    // The suite is a help, not a need: a capsule may come from anywhere.
    if (error instanceof BakeoffError) return () => null;
    throw error;
  }
}

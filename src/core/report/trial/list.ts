// The trials of a run, those worth looking at first, each with why and with the command that shows it.
import type { Header } from "../../capsule/line.ts";
import { tally } from "../../metrics/summary/rate.ts";
import type { TrialFacts } from "../../metrics/summary/trial.ts";
import { shellWord } from "../../text/shell-word.ts";
import { type TrialMark, trialMarks, worthLookingAt } from "./marks.ts";
import { outcomeSentence } from "./outcome.ts";

const TRIAL_LIST_FORMAT = 1;

export interface ListedTrial {
  readonly id: string;
  /** Gravest first; empty: nothing about it stands out. */
  readonly marks: readonly TrialMark[];
  readonly outcome: string;
  /** The detail of the verdict that decided about the candidate; null where it passed, or was not tried. */
  readonly why: string | null;
  readonly command: string;
}

export interface TrialList {
  readonly format: typeof TRIAL_LIST_FORMAT;
  readonly run: string;
  readonly suite: string;
  readonly candidates: readonly string[];
  readonly marks: readonly { readonly mark: TrialMark; readonly trials: number }[];
  /** All trials; those with marks first. */
  readonly trials: readonly ListedTrial[];
}

/** The command that shows a trial. `calledAs`: how this program is called; `capsule`: a run's id, or its file. */
export const showCommand = (capsule: string, trial: string, calledAs = "bakeoff"): string => `${calledAs} show ${shellWord(capsule)} ${shellWord(trial)}`;

export interface ListInput {
  readonly header: Header;
  readonly trials: readonly TrialFacts[];
  /** Names the run in commands: its id, or the file as it was called. */
  readonly named: string;
  readonly calledAs: string;
}

export function trialList({ header, trials, named, calledAs }: ListInput): TrialList {
  const marks = trialMarks(trials);
  const first = worthLookingAt(trials, marks);
  const ordered = [...first, ...trials.filter(({ id }) => !marks.has(id))];
  const counts = tally([...marks.values()].flat());
  return {
    format: TRIAL_LIST_FORMAT,
    run: header.run_id,
    suite: `${header.suite.name} ${header.suite.version}`,
    candidates: header.candidates.map(({ name }) => name),
    marks: counts.map(({ key, count }) => ({ mark: key as TrialMark, trials: count })),
    trials: ordered.map((trial) => ({
      id: trial.id,
      marks: marks.get(trial.id) ?? [],
      outcome: outcomeSentence(trial),
      why: whyLost(trial),
      command: showCommand(named, trial.id, calledAs),
    })),
  };
}

/** What the deciding verdict says: of the slot's last attempt where it lost, else of the last attempt where that failed; null where all is well. */
export function whyLost({ slot, cloud, passedInSlot, passedAtLast }: Pick<TrialFacts, "slot" | "cloud" | "passedInSlot" | "passedAtLast">): string | null {
  const deciding = slot.length > 0 && !passedInSlot ? slot.at(-1) : passedAtLast ? undefined : (cloud.at(-1) ?? slot.at(-1));
  if (!deciding || deciding.result.verdict.status === "passed") return null;
  const { status, detail } = deciding.result.verdict;
  return detail === "" ? status : `${status}: ${detail}`;
}

// What makes a trial worth looking at: named marks, gravest first, from the facts of all trials of a run.
import { groupBy } from "../../metrics/summary/rate.ts";
import type { TrialFacts } from "../../metrics/summary/trial.ts";

/** By what is said of a trial that has it. The order is that in which trials are looked at. */
export const TRIAL_MARKS = {
  tampered: "an attempt tampered with how it is judged",
  disputed: "tests and observed values disagree about an attempt",
  "false-unlock": "unlocked without a passing verdict",
  unexpected: "a control came out as it must not: nop passed, or oracle did not",
  infrastructure: "the harness failed: it is in no rate",
  unfinished: "it has not come to its end",
  "server-failed": "every call of the slot failed at its server, so that no answer ever came",
  unasked: "the candidate was never asked, because its server's breaker was open: it is in no rate",
  regressed: "passed in the run before, and lost here",
  flaky: "another epoch of the same task came out otherwise",
  "false-block": "passed, and was kept locked",
  differs: "another candidate did otherwise on the same task",
  lost: "the candidate's own attempts did not pass",
} as const;

export type TrialMark = keyof typeof TRIAL_MARKS;

/** In the order of the registry. */
export const TRIAL_MARK_NAMES = Object.keys(TRIAL_MARKS) as readonly TrialMark[];

/** The floor and the ceiling: what they do is known beforehand, and says nothing about another candidate. */
const CONTROLS: Readonly<Record<string, boolean>> = { nop: false, oracle: true };

export const isControl = (candidate: string): boolean => Object.hasOwn(CONTROLS, candidate);

/** By trial id; without marks, a trial is not named. `before`: did the slot pass in an earlier run, by trial id. */
export function trialMarks(trials: readonly TrialFacts[], before: ReadonlyMap<string, boolean> = new Map()): ReadonlyMap<string, readonly TrialMark[]> {
  const around = surroundings(trials, before);
  const found = trials.map((trial) => [trial.id, TRIAL_MARK_NAMES.filter((mark) => HAS[mark](trial, around))] as const);
  return new Map(found.filter(([, marks]) => marks.length > 0));
}

interface Surroundings {
  readonly before: ReadonlyMap<string, boolean>;
  /** Candidate and task pairs whose epochs came out differently. */
  readonly flaky: ReadonlySet<string>;
  /** Tasks, with their epochs, on which candidates differ, controls left out. */
  readonly differing: ReadonlySet<string>;
}

const HAS: Readonly<Record<TrialMark, (trial: TrialFacts, around: Surroundings) => boolean>> = {
  tampered: (trial) => hasStatus(trial, "tampered"),
  disputed: (trial) => hasStatus(trial, "disputed"),
  "false-unlock": ({ standing, unlock, passedAtLast }) => standing === "counted" && unlock === "Pass" && !passedAtLast,
  unexpected: (trial) => tried(trial) && isControl(trial.candidate) && trial.passedInSlot !== CONTROLS[trial.candidate],
  infrastructure: ({ standing }) => standing === "infrastructure",
  unfinished: ({ standing }) => standing === "unfinished",
  "server-failed": ({ standing, serverFailed }) => standing === "counted" && serverFailed,
  unasked: ({ standing }) => standing === "unasked",
  regressed: (trial, { before }) => tried(trial) && !trial.passedInSlot && before.get(trial.id) === true,
  flaky: (trial, { flaky }) => tried(trial) && flaky.has(repeatKey(trial)),
  "false-block": ({ standing, unlock, passedAtLast }) => standing === "counted" && unlock === "Fail" && passedAtLast,
  differs: (trial, { differing }) => tried(trial) && !isControl(trial.candidate) && differing.has(roundKey(trial)),
  lost: (trial) => tried(trial) && !trial.passedInSlot,
};

const tried = (trial: TrialFacts): boolean => trial.standing === "counted" && trial.slot.length > 0;
const repeatKey = ({ candidate, task }: TrialFacts): string => `${candidate}\u0000${task.id}`;
const roundKey = ({ task, epoch }: TrialFacts): string => `${task.id}\u0000${epoch}`;
const hasStatus = ({ slot, cloud }: TrialFacts, status: "tampered" | "disputed"): boolean =>
  [...slot, ...cloud].some(({ result }) => result.verdict.status === status);

/** Keys of the groups whose trials did not all come out alike. */
const mixed = (groups: ReadonlyMap<string, readonly TrialFacts[]>): ReadonlySet<string> =>
  new Set([...groups].filter(([, own]) => new Set(own.map(({ passedInSlot }) => passedInSlot)).size > 1).map(([key]) => key));

function surroundings(trials: readonly TrialFacts[], before: ReadonlyMap<string, boolean>): Surroundings {
  const counted = trials.filter(tried);
  return {
    before,
    flaky: mixed(groupBy(counted, repeatKey)),
    differing: mixed(
      groupBy(
        counted.filter(({ candidate }) => !isControl(candidate)),
        roundKey,
      ),
    ),
  };
}

/** Trials with marks, those worth looking at first first: by their gravest mark, controls' losses last, then as planned. */
export function worthLookingAt(trials: readonly TrialFacts[], marks: ReadonlyMap<string, readonly TrialMark[]>): readonly TrialFacts[] {
  const rank = ({ id, candidate }: TrialFacts): number => {
    const [gravest] = marks.get(id) ?? [];
    if (gravest === undefined) return Infinity;
    return gravest === "lost" && isControl(candidate) ? TRIAL_MARK_NAMES.length : TRIAL_MARK_NAMES.indexOf(gravest);
  };
  return trials.filter(({ id }) => marks.has(id)).toSorted((a, b) => rank(a) - rank(b));
}

/** A trial that is worth a look, and why. */
export interface MarkedTrial {
  readonly id: string;
  readonly marks: readonly TrialMark[];
}

/** Those worth looking at first first. */
export function markedTrials(facts: readonly TrialFacts[]): readonly MarkedTrial[] {
  const marks = trialMarks(facts);
  return worthLookingAt(facts, marks).map(({ id }) => ({ id, marks: marks.get(id) ?? [] }));
}

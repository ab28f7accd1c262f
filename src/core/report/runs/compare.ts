// Two candidates side by side, of one run or of two: paired by task, with the interval of their difference and each task that differs.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import { shareOf, type TaskPair } from "../../metrics/statistics/paired.ts";
import type { TrialRow } from "../trial-row.ts";
import { type RunDifference, runDifferences } from "../trend/compare.ts";
import type { RunDigest } from "./digest.ts";
import { type PairedResult, pairedResult, pairsOf } from "./pairs.ts";

export interface CompareSide {
  readonly run: string;
  readonly candidate: string;
  readonly pass: Estimate;
  readonly attemptP50: Estimate;
  readonly attemptP95: Estimate;
}

/** A task's passes on one side, and the trial to look at: the last of its epochs that the slot lost, else the last. */
export interface ComparedSide {
  readonly passes: number;
  readonly trials: number;
  readonly number: number | null;
}

export interface ComparedTask {
  readonly task: string;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
}

export interface ComparePageModel extends PairedResult {
  readonly a: CompareSide;
  readonly b: CompareSide;
  /** Why the tasks can't be paired; null where they can. */
  readonly notComparable: string | null;
  /** Tasks by who passed them; with epochs, in every one. */
  readonly both: number;
  readonly neither: number;
  readonly aBetter: readonly ComparedTask[];
  readonly bBetter: readonly ComparedTask[];
  /** What the runs were not the same in. */
  readonly differences: readonly RunDifference[];
}

export interface CompareArm {
  readonly digest: RunDigest;
  /** Of all candidates, in plan order. */
  readonly rows: Iterable<TrialRow>;
  readonly candidate: string;
}

export function comparePage(a: CompareArm, b: CompareArm): ComparePageModel {
  const [own, other] = [sideOf(a), sideOf(b)];
  const notComparable = whyNotPaired(a.digest, b.digest);
  const [first, second] = [candidateOf(a), candidateOf(b)];
  const pairs = notComparable === null && first && second ? pairsOf({ digest: a.digest, candidate: first }, { digest: b.digest, candidate: second }) : [];
  const [ofA, ofB] = [trialsToLookAt(a), trialsToLookAt(b)];
  const comparedTask = ({ task, candidate, reference }: TaskPair): ComparedTask => ({
    task,
    a: { ...candidate, number: ofA.get(task) ?? null },
    b: { ...reference, number: ofB.get(task) ?? null },
  });
  const leading = (sign: number): readonly ComparedTask[] => pairs.filter((pair) => lead(pair) === sign).map(comparedTask);
  return {
    a: own,
    b: other,
    notComparable,
    ...pairedResult(pairs),
    both: pairs.filter(({ candidate, reference }) => shareOf(candidate) === 1 && shareOf(reference) === 1).length,
    neither: pairs.filter(({ candidate, reference }) => shareOf(candidate) === 0 && shareOf(reference) === 0).length,
    aBetter: leading(1),
    bBetter: leading(-1),
    differences: a.digest.run === b.digest.run ? [] : runDifferences(b.digest, a.digest, a.candidate === b.candidate ? a.candidate : null),
  };
}

/** Tasks of one name and another content are not the same task. Null where they can be paired. */
export const whyNotPaired = (a: PairedRun, b: PairedRun): string | null =>
  a.taskSet === b.taskSet || a.suite.root === b.suite.root ? null : "their suites are not the same: tasks of one name may differ";

type PairedRun = Pick<RunDigest, "taskSet" | "suite">;

const lead = ({ candidate, reference }: TaskPair): number => Math.sign(shareOf(candidate) - shareOf(reference));
const candidateOf = ({ digest, candidate }: CompareArm) => digest.candidates.find(({ name }) => name === candidate);
const NONE: Estimate = { value: null, low: null, high: null, n: 0, method: "none" };

function sideOf(arm: CompareArm): CompareSide {
  const own = candidateOf(arm);
  return {
    run: arm.digest.run,
    candidate: arm.candidate,
    pass: own?.pass ?? NONE,
    attemptP50: own?.attemptP50 ?? NONE,
    attemptP95: own?.attemptP95 ?? NONE,
  };
}

/** By task: the number of its last trial that the slot lost, else of its last. */
function trialsToLookAt({ rows, candidate }: CompareArm): ReadonlyMap<string, number> {
  const [last, lost] = [new Map<string, number>(), new Map<string, number>()];
  let number = 0;
  for (const row of rows) {
    if (row.candidate === candidate) (row.slotPass === false ? lost : last).set(row.task, number);
    number += 1;
  }
  return new Map([...last, ...lost]);
}

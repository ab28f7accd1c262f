// Two candidates on the same tasks, of one run or of two: the difference of their pass rates with tasks clustered by family, as the gate has it.
import { familyDifference, familyDifferenceAbove, type FamilyPair } from "../../metrics/statistics/family.ts";
import type { Estimate, TaskTally } from "../../metrics/statistics/interval.ts";
import { fixed } from "../../text/figures.ts";
import type { CandidateDigest, RunDigest } from "./digest.ts";

/** A candidate of a run. */
export interface DigestArm {
  readonly digest: Pick<RunDigest, "families">;
  readonly candidate: Pick<CandidateDigest, "tasks">;
}

const tallyOf = ([passes, trials]: readonly [number, number]): TaskTally => ({ passes, trials });

/** Tasks that both tried, in the order of their names. */
export function pairsOf(candidate: DigestArm, reference: DigestArm): readonly FamilyPair[] {
  const [own, other] = [candidate.candidate.tasks, reference.candidate.tasks];
  const shared = Object.keys(own).filter((task) => Object.hasOwn(other, task));
  return shared.toSorted().map((task) => ({
    task,
    family: candidate.digest.families[task] ?? task,
    candidate: tallyOf(own[task] as readonly [number, number]),
    reference: tallyOf(other[task] as readonly [number, number]),
  }));
}

export interface PairedResult {
  readonly tasks: number;
  readonly families: number;
  /** Candidate − reference of the mean task pass rates. */
  readonly difference: Estimate;
  /** Two-sided, by the same score as the interval. */
  readonly p: number;
}

export function pairedResult(pairs: readonly FamilyPair[]): PairedResult {
  const turned = pairs.map((pair) => ({ ...pair, candidate: pair.reference, reference: pair.candidate }));
  return {
    tasks: pairs.length,
    families: new Set(pairs.map(({ family }) => family)).size,
    difference: familyDifference(pairs),
    p: Math.min(1, 2 * Math.min(familyDifferenceAbove(pairs, 0), familyDifferenceAbove(turned, 0))),
  };
}

/** `12.3 points more than … [+4 to +20]`, with what the interval says of it; null where nothing can be compared. */
export function differenceText({ value, low, high }: Estimate, reference: string): string | null {
  if (value === null || low === null || high === null) return null;
  const text = `${fixed(Math.abs(value) * 100, 1)} points ${value < 0 ? "fewer" : "more"} than ${reference} [${signedPoints(low)} to ${signedPoints(high)}]`;
  return low > 0 || high < 0 ? text : `${text}, which may be chance`;
}

/** A share as points, with its sign. */
export const signedPoints = (share: number): string => `${share > 0 ? "+" : ""}${fixed(share * 100, 0)}`;

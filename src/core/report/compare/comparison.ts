// Two arms paired by sample: the table, the difference with its interval, and what may be said of it.
import type { Estimate } from "../../metrics/statistics/interval.ts";
import type { FamilyPair } from "../../metrics/statistics/family.ts";
import { shareOf } from "../../metrics/statistics/paired.ts";
import { fixed } from "../../text/figures.ts";
import { counted, oneLine } from "../format.ts";
import { type PairedResult, pairedResult, signedPoints } from "../runs/pairs.ts";
import type { ResultArm } from "./arm.ts";
import { sampleTallies } from "./results.ts";

const COMPARISON_FORMAT = 1;

export interface ComparedArm {
  readonly name: string;
  /** Mean pass rate over the samples that both have; null where there are none. */
  readonly rate: number | null;
  /** Samples that the other has not. */
  readonly unpaired: number;
  readonly unscored: number;
}

export interface ArmComparison extends PairedResult {
  readonly format: typeof COMPARISON_FORMAT;
  readonly a: ComparedArm;
  readonly b: ComparedArm;
  /** `inconclusive`: the interval of the difference holds 0, or nothing can be paired. */
  readonly verdict: "a-better" | "b-better" | "inconclusive";
  /** Samples by who passed more of their repetitions. */
  readonly same: number;
  readonly aBetter: readonly string[];
  readonly bBetter: readonly string[];
}

/** A − B. Families are those that A names. */
export function compareArms(a: ResultArm, b: ResultArm): ArmComparison {
  const [own, other] = [sampleTallies(a), sampleTallies(b)];
  const pairs = [...own.keys()].toSorted().flatMap((sample): FamilyPair[] => {
    const [candidate, reference] = [own.get(sample), other.get(sample)];
    return candidate && reference ? [{ task: sample, family: candidate.family, candidate, reference }] : [];
  });
  const result = pairedResult(pairs);
  const leading = (sign: number): readonly string[] =>
    pairs.filter((pair) => Math.sign(shareOf(pair.candidate) - shareOf(pair.reference)) === sign).map(({ task }) => task);
  const [aBetter, bBetter] = [leading(1), leading(-1)];
  return {
    format: COMPARISON_FORMAT,
    a: { name: a.name, rate: meanOf(pairs.map(({ candidate }) => shareOf(candidate))), unpaired: own.size - pairs.length, unscored: a.unscored },
    b: { name: b.name, rate: meanOf(pairs.map(({ reference }) => shareOf(reference))), unpaired: other.size - pairs.length, unscored: b.unscored },
    verdict: verdictOf(result.difference),
    ...result,
    same: pairs.length - aBetter.length - bBetter.length,
    aBetter,
    bBetter,
  };
}

const meanOf = (shares: readonly number[]): number | null => (shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length);

function verdictOf({ low, high }: Estimate): ArmComparison["verdict"] {
  if (low !== null && low > 0) return "a-better";
  return high !== null && high < 0 ? "b-better" : "inconclusive";
}

const MOST_NAMED = 20;

/** For a terminal, newline-terminated. */
export function comparisonText(comparison: ArmComparison): string {
  const { a, b, tasks, families, difference, p, same, aBetter, bBetter } = comparison;
  const { value, low, high } = difference;
  const lines = [
    `A  ${armText(a)}`,
    `B  ${armText(b)}`,
    "",
    `${counted(tasks, "sample")} of both, in ${counted(families, "family", "families")}: A better on ${aBetter.length}, B better on ${bBetter.length}, the same on ${same}`,
    ...(value === null || low === null || high === null
      ? []
      : [`A − B: ${signedPoints(value)} points [${signedPoints(low)} to ${signedPoints(high)}], 95 %, ${difference.method}; p = ${fixed(p, 4)}`]),
    COMPARISON_VERDICTS[comparison.verdict],
    ...named("A better", aBetter),
    ...named("B better", bBetter),
  ];
  return `${lines.join("\n")}\n`;
}

export const COMPARISON_VERDICTS: Readonly<Record<ArmComparison["verdict"], string>> = {
  "a-better": "A is better: the whole interval is above 0.",
  "b-better": "B is better: the whole interval is below 0.",
  inconclusive: "Inconclusive: the difference may be chance.",
};

function armText({ name, rate, unpaired, unscored }: ComparedArm): string {
  const share = rate === null ? "nothing to compare" : `${fixed(rate * 100, 1)} % passed`;
  const out = [...(unpaired > 0 ? [`${unpaired} not in the other`] : []), ...(unscored > 0 ? [`${unscored} without a verdict`] : [])];
  return `${oneLine(name)}: ${share}${out.length === 0 ? "" : ` (left out: ${out.join(", ")})`}`;
}

function named(title: string, samples: readonly string[]): readonly string[] {
  if (samples.length === 0) return [];
  const more = samples.length - MOST_NAMED;
  return [
    "",
    `${title}:`,
    ...samples.slice(0, MOST_NAMED).map((sample) => `  ${oneLine(sample)}`),
    ...(more > 0 ? [`  … and ${more} more: --json lists all`] : []),
  ];
}

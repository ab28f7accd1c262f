// The second and the third statistics: tasks of one family may succeed and fail together, and what is missing is unknown, not absent.
import { calibrationRates } from "../../metrics/calibration.ts";
import type { Doubt } from "../../metrics/statistics/cluster.ts";
import { clusteredQuantile } from "../../metrics/statistics/clustered-quantile.ts";
import { familyDifference, familyDifferenceAbove } from "../../metrics/statistics/family.ts";
import { clusteredRate, familyRate } from "../../metrics/statistics/family-rate.ts";
import { familyParity } from "../../metrics/statistics/family-parity.ts";
import { clopperPearson, type Estimate } from "../../metrics/statistics/interval.ts";
import { talliesOf } from "../../metrics/summary/rate.ts";
import { CRITERION_NAMES } from "../criteria/names.ts";
import type { CandidateFacts } from "../facts.ts";
import { filledIn, type Pairing } from "../pairing.ts";
import { isRegression } from "./regression.ts";
import type { GateStatistics, StatisticsVersion } from "./statistics.ts";

/** What is asked of tasks: one family may be but one task over again. */
const TASKS = { bounds: "exact", alike: "families" } as const;
/** What is asked of single prompts: a task's repeats may be but one. */
const PROMPTS = { bounds: "exact", alike: "tasks" } as const;

/** The two differ in how long they doubt that a family's tasks are as little alike as they look. */
const byFamily = (version: StatisticsVersion, doubt: Doubt): GateStatistics => ({
  version,
  criteria: CRITERION_NAMES,
  counts: ({ standing, serverFailed }, countServerFailures) => standing === "counted" && (countServerFailures || !serverFailed),
  measured: (attempt) => attempt,
  // A trial that was lost was repeated all the same: that it is lost is asked elsewhere.
  repeats: ({ planned }) => planned,
  rate: (items, confidence) => familyRate(talliesOf(items), confidence, { ...PROMPTS, doubt }),
  cheating: (items, confidence) => familyRate(talliesOf(items), confidence, { ...TASKS, doubt }),
  units: clopperPearson,
  quantile: (samples, q, confidence) =>
    clusteredQuantile(
      samples.map(({ task, value }) => ({ cluster: task, value })),
      q,
      confidence,
    ),
  difference: (pairing, confidence) => overUnknown(pairing, (pairs) => familyDifference(pairs, confidence, doubt)),
  // Small where the candidate is not worse: with the unknown against it.
  inferiority: (pairing, margin) => familyDifferenceAbove(filledIn(pairing, "worst"), margin, doubt),
  regressions: (pairing, confidence) => overUnknown(pairing, (pairs) => clusteredRate(regressionsOf(pairs), confidence, { ...TASKS, doubt })),
  parity: (pairing, seed) => familyParity(filled(pairing), { seed, doubt }),
  losses: ({ candidate, incumbent }, confidence) => worseOf(lossesOf(candidate, confidence), lossesOf(incumbent, confidence)),
  calibration: (planted, familyOf, confidence) =>
    calibrationRates(planted, (units) =>
      familyRate(
        units.map(({ task, passes, trials }) => ({ family: familyOf(task), passes, trials })),
        confidence,
        { ...PROMPTS, doubt },
      ),
    ),
});

/** Large families of which a few fail could be taken for more than they tell: decisions of format 2 were made so. */
export const BY_FAMILY_EVENLY = byFamily(2, "even");
export const BY_FAMILY = byFamily(3, "by-size");

/** The same for simulations of many gates: no decision hangs on a bound's last digit there. */
export const BY_FAMILY_ROUGHLY: GateStatistics = { ...BY_FAMILY, parity: (pairing, seed) => familyParity(filled(pairing), { seed, resamples: 1000 }) };

const filled = (pairing: Pairing) => ({ pairs: pairing.pairs, worst: filledIn(pairing, "worst"), best: filledIn(pairing, "best") });

/** A regression is a share of 1, any other task one of 0. */
export const regressionsOf = (pairs: Pairing["pairs"]) => pairs.map((pair) => ({ cluster: pair.family, value: isRegression(pair) ? 1 : 0 }));

/** The estimate from what is known, its interval as wide as the unknown could make it: taken as worst and as best for the candidate. */
export function overUnknown(pairing: Pairing, estimate: (pairs: Pairing["pairs"]) => Estimate): Estimate {
  const known = estimate(pairing.pairs);
  if (pairing.unknown.length === 0) return known;
  const ends = [estimate(filledIn(pairing, "worst")), estimate(filledIn(pairing, "best"))];
  const bound = (pick: (...ends: number[]) => number, end: "low" | "high"): number => pick(...ends.flatMap((one) => one[end] ?? []));
  return {
    ...known,
    value: known.value ?? ends[0]?.value ?? null,
    low: bound(Math.min, "low"),
    high: bound(Math.max, "high"),
    method: `${known.method}, ${pairing.unknown.length} unknown`,
  };
}

/** Trials that were planned and came to nothing by our own fault, or were not made. Each is an observation of its own: of a machine, not of a task. */
const lossesOf = ({ trials }: CandidateFacts, confidence: number): Estimate =>
  clopperPearson(trials.infrastructure + trials.unfinished, trials.planned, confidence);

const worseOf = (one: Estimate, other: Estimate): Estimate => ((other.high ?? 1) > (one.high ?? 1) ? other : one);

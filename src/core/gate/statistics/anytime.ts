// Statistics for looks in the middle of a run, since the second: bounds that hold at every look together, however often one looks.
import { calibrationRates } from "../../metrics/calibration.ts";
import { bettingMean, bettingWealth } from "../../metrics/statistics/betting.ts";
import type { ClusteredValue } from "../../metrics/statistics/cluster.ts";
import { emptyEstimate, type Estimate, type TaskTally } from "../../metrics/statistics/interval.ts";
import { shareOf } from "../../metrics/statistics/paired.ts";
import type { Parity } from "../../metrics/statistics/parity.ts";
import { interpolate } from "../../metrics/statistics/quantile.ts";
import type { CandidateFacts } from "../facts.ts";
import { filledIn, type Pairing } from "../pairing.ts";
import { talliesOf } from "../../metrics/summary/rate.ts";
import { BY_FAMILY, overUnknown, regressionsOf } from "./by-family.ts";
import type { GateStatistics, Sample } from "./statistics.ts";

export const ANYTIME: GateStatistics = {
  ...BY_FAMILY,
  rate: (items, confidence) =>
    bettingRate(
      talliesOf(items).map((tally) => ({ ...tally, cluster: tally.family })),
      confidence,
    ),
  units: bettingUnits,
  quantile: bettingQuantile,
  difference: (pairing, confidence) => overUnknown(pairing, (pairs) => bettingMean({ values: leadsOf(pairs), least: -1, most: 1 }, confidence)),
  inferiority: (pairing, margin) => Math.min(1, 1 / bettingWealth({ values: leadsOf(filledIn(pairing, "worst")), least: -1 }, margin)),
  regressions: (pairing, confidence) => overUnknown(pairing, (pairs) => bettingMean({ values: regressionsOf(pairs), least: 0, most: 1 }, confidence)),
  parity: bettingParity,
  losses: ({ candidate, incumbent }, confidence) => worseOf(lossesOf(candidate, confidence), lossesOf(incumbent, confidence)),
  calibration: (planted, familyOf, confidence) =>
    calibrationRates(planted, (units) =>
      bettingRate(
        units.map((unit) => ({ ...unit, cluster: familyOf(unit.task) })),
        confidence,
      ),
    ),
};

const leadsOf = (pairs: Pairing["pairs"]): readonly ClusteredValue[] =>
  pairs.map(({ family, candidate, reference }) => ({ cluster: family, value: shareOf(candidate) - shareOf(reference) }));

function bettingRate(tallies: readonly (TaskTally & { readonly cluster: string })[], confidence: number): Estimate {
  const values = tallies.flatMap((tally) => (tally.trials === 0 ? [] : [{ cluster: tally.cluster, value: shareOf(tally) }]));
  return bettingMean({ values, least: 0, most: 1 }, confidence);
}

function bettingUnits(holding: number, n: number, confidence: number): Estimate {
  const values = Array.from({ length: n }, (_, index) => ({ cluster: String(index), value: index < holding ? 1 : 0 }));
  return bettingMean({ values, least: 0, most: 1 }, confidence);
}

/** The values that no bet on the share at or below them refutes to be the quantile. */
function bettingQuantile(samples: readonly Sample[], q: number, confidence: number): Estimate {
  const n = samples.length;
  if (n === 0) return emptyEstimate("betting");
  const sorted = samples.map(({ value }) => value).toSorted((a, b) => a - b);
  const enough = 2 / (1 - confidence);
  const above = (limit: number): boolean => bettingWealth({ values: within(samples, (value) => value <= limit), least: 0 }, q) >= enough;
  const below = (limit: number): boolean => bettingWealth({ values: within(samples, (value) => value >= limit), least: 0 }, 1 - q) >= enough;
  const value = interpolate(sorted, q);
  const high = sorted[firstWhere(n, (index) => above(sorted[index] as number))];
  const low = sorted[n - 1 - firstWhere(n, (index) => below(sorted[n - 1 - index] as number))];
  return { value, low: low === undefined ? null : Math.min(low, value), high: high === undefined ? null : Math.max(high, value), n, method: "betting" };
}

const within = (samples: readonly Sample[], holds: (value: number) => boolean): readonly ClusteredValue[] =>
  samples.map(({ task, value }) => ({ cluster: task, value: holds(value) ? 1 : 0 }));

/** The first index for which the rising condition holds; n where none does. */
function firstWhere(n: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Ratios that no bet on `own − ratio × other` refutes; a ratio above 2 is none that a gate asks for. */
function bettingParity(pairing: Pairing): Parity {
  const rate = (of: "candidate" | "reference"): number => pairing.pairs.reduce((sum, pair) => sum + shareOf(pair[of]), 0);
  const [own, other] = [rate("candidate"), rate("reference")];
  const n = pairing.pairs.length;
  if (other === 0) return { value: null, n, at: () => ({ ...emptyEstimate("betting"), n }) };
  const value = own / other;
  return {
    value,
    n,
    at: (confidence) => {
      const enough = 2 / (1 - confidence);
      const isLess = (ratio: number): boolean => wealthAbove(filledIn(pairing, "worst"), ratio) < enough;
      const isMore = (ratio: number): boolean => wealthBelow(filledIn(pairing, "best"), ratio) >= enough;
      return { value, low: Math.min(value, bisected(isLess)), high: Math.max(value, bisected(isMore)), n, method: "betting" };
    },
  };
}

const MOST_RATIO = 2;

/** Where a condition that holds from some ratio on begins to hold. */
function bisected(holds: (ratio: number) => boolean): number {
  let [low, high] = [0, MOST_RATIO];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const ratioLeads = (pairs: Pairing["pairs"], ratio: number, sign: 1 | -1): readonly ClusteredValue[] =>
  pairs.map(({ family, candidate, reference }) => ({ cluster: family, value: sign * (shareOf(candidate) - ratio * shareOf(reference)) }));

const wealthAbove = (pairs: Pairing["pairs"], ratio: number): number =>
  bettingWealth({ values: ratioLeads(pairs, ratio, 1), least: -Math.max(ratio, 1e-9) }, 0);
const wealthBelow = (pairs: Pairing["pairs"], ratio: number): number => bettingWealth({ values: ratioLeads(pairs, ratio, -1), least: -1 }, 0);

const lossesOf = ({ trials }: CandidateFacts, confidence: number): Estimate =>
  bettingUnits(trials.infrastructure + trials.unfinished, trials.planned, confidence);
const worseOf = (one: Estimate, other: Estimate): Estimate => ((other.high ?? 1) > (one.high ?? 1) ? other : one);

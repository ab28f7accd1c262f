// Confidence that holds whenever one looks: bets on the mean of bounded values that stand in clusters.
import { invariant } from "../../base/errors.ts";
import { checkConfidence, emptyEstimate, type Estimate } from "./interval.ts";
import type { ClusteredValue } from "./cluster.ts";

const METHOD = "betting";

/** Shares of the wealth that are staked, each by a gambler of its own; the wealth is their mean. Denser where stakes are low: such bets win where values vary much. */
const STAKES = Array.from({ length: 24 }, (_, index) => 0.99 * ((index + 1) / 24) ** 2);

/** One cluster: the sum and the number of its values. Its draw is the unit that is independent of the others. */
interface Drawn {
  readonly total: number;
  readonly count: number;
}

/** Values of a mean and the least and the greatest that each can be. */
export interface Bounded {
  readonly values: readonly ClusteredValue[];
  readonly least: number;
  readonly most: number;
}

/**
 * The wealth of betting, cluster by cluster, that the mean over the values is above `mean`, from 1. If it is not, the wealth exceeds 1/α at
 * any time with a chance of at most α (Ville 1939). Each gambler stakes a fixed share; weights are the clusters' sizes, so that the mean
 * is the one over values. Source: Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting" (dKelly).
 */
export function bettingWealth({ values, least }: Omit<Bounded, "most">, mean: number): number {
  return wealthOf(clustersOf(values), mean - least, least);
}

function wealthOf(clusters: readonly Drawn[], room: number, least: number): number {
  if (room <= 0) return clusters.length === 0 ? 1 : Number.POSITIVE_INFINITY;
  const largest = clusters.reduce((most, { count }) => Math.max(most, count), 1);
  const logs = STAKES.map((stake) =>
    clusters.reduce((sum, { total, count }) => sum + Math.log1p((stake * ((total - count * least) / room - count)) / largest), 0),
  );
  const highest = Math.max(...logs);
  return (Math.exp(highest) * logs.reduce((sum, log) => sum + Math.exp(log - highest), 0)) / STAKES.length;
}

/**
 * The mean with a confidence sequence's interval: the means that no bet has refuted by now. It may be looked at after every cluster,
 * as often as one likes, and stopped at any time. Source: Waudby-Smith & Ramdas 2024, theorem 3.
 */
export function bettingMean({ values, least, most }: Bounded, confidence = 0.95): Estimate {
  checkConfidence(confidence);
  invariant(
    values.every(({ value }) => value >= least && value <= most),
    `a value outside [${least}, ${most}]`,
  );
  const n = values.length;
  if (n === 0) return emptyEstimate(METHOD);
  const value = values.reduce((sum, one) => sum + one.value, 0) / n;
  const enough = 2 / (1 - confidence);
  const clusters = clustersOf(values);
  const mirrored = clusters.map(({ total, count }) => ({ total: -total, count }));
  const low = lowest(clusters, { least, value }, enough);
  const high = -lowest(mirrored, { least: -most, value: -value }, enough);
  return { value, low, high, n, method: METHOD };
}

/** The least mean whose wealth stays below `enough`: wealth falls as the mean that is bet against rises. */
function lowest(clusters: readonly Drawn[], { least, value }: { readonly least: number; readonly value: number }, enough: number): number {
  let [low, high] = [least, value];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (wealthOf(clusters, middle - least, least) >= enough) low = middle;
    else high = middle;
  }
  return low;
}

function clustersOf(values: readonly ClusteredValue[]): readonly Drawn[] {
  const sums = new Map<string, { total: number; count: number }>();
  for (const { value, cluster } of values) {
    const sum = sums.get(cluster) ?? { total: 0, count: 0 };
    sums.set(cluster, sum);
    sum.total += value;
    sum.count += 1;
  }
  return [...sums.values()];
}

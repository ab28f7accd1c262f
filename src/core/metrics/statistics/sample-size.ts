// How many more tasks would settle a question that the data leaves open.
import { type Estimate, wilson } from "./interval.ts";
import { tangoInterval } from "./paired.ts";
import { binomialCdf } from "./distribution.ts";

/** More tasks than anyone runs: beyond this, the answer is that no number of tasks is enough. */
const MOST = 1_000_000;

/**
 * The smallest number of further units (usually tasks) after which `settled(n)` holds if the figures stay as they are; null if
 * even a million would not be enough. `settled` may flicker with rounding; once true, it is taken to stay true.
 */
export function unitsToSettle(n: number, settled: (n: number) => boolean): number | null {
  let high = Math.max(1, n);
  while (!settled(high)) {
    high *= 2;
    if (high > MOST) return null;
  }
  let low = Math.floor(high / 2);
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (settled(middle)) high = middle;
    else low = middle;
  }
  return Math.max(0, high - n);
}

/** Further tasks until a proportion's bound clears `threshold` on either side. */
export function tasksForShare(estimate: Estimate, threshold: number, confidence: number): number | null {
  const { value, n } = estimate;
  if (value === null || n === 0) return null;
  // n tasks with repeats have the interval of this many tasks without: the ratio stays the same as tasks are added.
  const per = effectiveUnits(value, estimate, confidence) / n;
  return unitsToSettle(n, (tasks) => {
    const units = Math.max(1, Math.round(tasks * per));
    const { low, high } = wilson(Math.min(units, Math.round(value * units)), units, confidence);
    return (low as number) >= threshold || (high as number) < threshold;
  });
}

/** Further tasks until the paired difference's bound clears `threshold` on either side. */
export function tasksForDifference(estimate: Estimate, discordance: number, threshold: number, confidence: number): number | null {
  const { value, low, high, n } = estimate;
  if (value === null || low === null || high === null || n === 0) return null;
  const plain = tangoInterval(Math.round(((discordance + value) / 2) * n), Math.round(((discordance - value) / 2) * n), n, confidence);
  const per = ((plain.high as number) - (plain.low as number)) ** 2 / Math.max(1e-9, (high - low) ** 2);
  return unitsToSettle(n, (tasks) => {
    const units = Math.max(1, Math.round(tasks * per));
    const ahead = Math.round(((discordance + value) / 2) * units);
    const behind = Math.min(units - ahead, Math.round(((discordance - value) / 2) * units));
    const bounds = tangoInterval(ahead, behind, units, confidence);
    return (bounds.low as number) > threshold || (bounds.high as number) <= threshold;
  });
}

/** Further units until an interval that shrinks with the square root of their number clears `threshold` on either side. */
export function unitsByRoot({ value, low, high, n }: Estimate, threshold: number): number | null {
  if (value === null || low === null || high === null || n === 0) return null;
  return unitsToSettle(n, (units) => {
    const shrink = Math.sqrt(n / units);
    return value - (value - low) * shrink > threshold || value + (high - value) * shrink < threshold;
  });
}

/** Further samples until the q-quantile's bound clears the limit, if `within` of `n` samples are at or below it. */
export function samplesForQuantile(within: number, n: number, q: number, tail: number): number | null {
  if (n === 0) return null;
  const share = within / n;
  return unitsToSettle(n, (samples) => {
    const inside = Math.round(share * samples);
    return 1 - binomialCdf(inside - 1, samples, q) <= tail || binomialCdf(inside, samples, q) <= tail;
  });
}

function effectiveUnits(value: number, { low, high, n }: Omit<Estimate, "value">, confidence: number): number {
  if (low === null || high === null || value === 0 || value === 1) return n;
  const plain = wilson(Math.round(value * n), n, confidence);
  return n * (((plain.high as number) - (plain.low as number)) / Math.max(1e-9, high - low)) ** 2;
}

// Does a value rise or fall with time, task by task? A slope that hard and easy tasks have no part in.
import { invariant } from "../../base/errors.ts";
import { checkConfidence, type Estimate } from "./interval.ts";
import { tQuantile } from "./special.ts";

export interface TimedValue {
  /** When, on any scale. */
  readonly at: number;
  readonly value: number;
  /** What is measured again and again: only differences within it tell. */
  readonly task: string;
  /** Tasks that may rise and fall together. */
  readonly family: string;
}

/** With fewer families that were measured at several times, an interval is more guess than measurement. */
const LEAST_FAMILIES = 5;

interface Moments {
  xx: number;
  xy: number;
}

/**
 * The change from the first `at` to the last; no bounds where nothing varies. Null where fewer than five families hold a task that was measured at two times; `n`: values of
 * tasks that were. Sources: the within (fixed effects) estimator, Wooldridge, Econometric Analysis of Cross Section and Panel Data, 10.5; its
 * variance by leaving out one family at a time, MacKinnon, Nielsen & Webb 2023 (CV3), with t of G − 1.
 */
export function withinSlope(values: readonly TimedValue[], confidence = 0.95): Estimate | null {
  checkConfidence(confidence);
  invariant(
    values.every(({ at, value }) => Number.isFinite(at) && Number.isFinite(value)),
    "timed values: must be finite numbers",
  );
  const [first, last] = values.reduce(([low, high], { at }) => [Math.min(low, at), Math.max(high, at)], [Infinity, -Infinity]);
  const span = last - first;
  if (!(span > 0)) return null;
  const { families, n } = momentsOf(values, span);
  if (families.length < LEAST_FAMILIES) return null;
  const all = families.reduce((sum, { xx, xy }) => ({ xx: sum.xx + xx, xy: sum.xy + xy }), { xx: 0, xy: 0 });
  const slope = all.xy / all.xx;
  const count = families.length;
  const spread = families.reduce((sum, { xx, xy }) => sum + ((all.xy - xy) / (all.xx - xx) - slope) ** 2, 0);
  const error = Math.sqrt(((count - 1) / count) * spread) * tQuantile((1 + confidence) / 2, count - 1);
  const bounds = error > 0 ? { low: slope - error, high: slope + error } : { low: null, high: null };
  return { value: slope, ...bounds, n, method: "within-task slope, jackknife by family" };
}

/** Each family's sums of squares and products about the means of its tasks. */
function momentsOf(values: readonly TimedValue[], span: number): { readonly families: readonly Moments[]; readonly n: number } {
  const tasks = new Map<string, TimedValue[]>();
  for (const value of values) {
    const own = tasks.get(value.task);
    if (own) own.push(value);
    else tasks.set(value.task, [value]);
  }
  const families = new Map<string, Moments>();
  let n = 0;
  for (const own of tasks.values()) {
    const [x, y] = [mean(own.map(({ at }) => at)), mean(own.map(({ value }) => value))];
    const xx = own.reduce((sum, { at }) => sum + ((at - x) / span) ** 2, 0);
    if (xx === 0) continue;
    n += own.length;
    const family = own[0]?.family ?? "";
    const sums = families.get(family) ?? { xx: 0, xy: 0 };
    families.set(family, { xx: sums.xx + xx, xy: sums.xy + own.reduce((sum, { at, value }) => sum + ((at - x) / span) * (value - y), 0) });
  }
  return { families: [...families.values()], n };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

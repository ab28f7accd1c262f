// Holm's correction: several alternatives at once, and still a chance of at most α to promote a wrong one.
import { invariant } from "../../base/errors.ts";

/** Adjusted p-values in the given order. Source: Holm 1979 (step-down; adjusted as in Wright 1992). */
export function holmAdjusted(pValues: readonly number[]): readonly number[] {
  invariant(
    pValues.every((p) => p >= 0 && p <= 1),
    "a p-value outside [0, 1]",
  );
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = pValues.map(() => 1);
  let highest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (order.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}

/** An item's result, and the level that it was last tried at. */
export interface HolmStep<R> {
  readonly result: R;
  readonly alpha: number;
}

/**
 * Holm's procedure for items that are tests at a given level instead of p-values: all are tried at α / m; those that pass leave,
 * and the rest are tried at α / (m left), until none passes. A test that passes at one level must pass at every higher one: then
 * this is exactly Holm's procedure. Source: Holm 1979.
 */
export function holmStepDown<T, R>(
  items: readonly T[],
  alpha: number,
  test: (item: T, alpha: number) => R,
  passes: (result: R) => boolean,
): readonly HolmStep<R>[] {
  const done = new Map<number, HolmStep<R>>();
  let left = items.map((_, index) => index);
  while (left.length > 0) {
    const level = alpha / left.length;
    const tried = left.map((index) => ({ index, step: { result: test(items[index] as T, level), alpha: level } }));
    const passed = tried.filter(({ step }) => passes(step.result));
    for (const { index, step } of passed.length > 0 ? passed : tried) done.set(index, step);
    left = left.filter((index) => !done.has(index));
  }
  return items.map((_, index) => done.get(index) as HolmStep<R>);
}

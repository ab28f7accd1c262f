// A change's p-value against every order that there is of a short history.
import { describe, expect, it } from "vitest";
import { outcomesChange, seriesChange } from "../../../../../src/core/metrics/statistics/change-point.ts";

/** Of all orders of the rows, each by itself, the share whose sums' largest step, weighed by √(k (m − k) / m), is as large as theirs. */
function ordersAsExtreme(...rows: readonly (readonly number[])[]): { readonly share: number; readonly all: number } {
  const m = rows[0]?.length ?? 0;
  const mean = (part: readonly number[]) => part.reduce((sum, one) => sum + one, 0) / part.length;
  const weigh = (order: readonly number[], k: number) => Math.abs(mean(order.slice(0, k)) - mean(order.slice(k))) * Math.sqrt((k * (m - k)) / m);
  const step = (order: readonly number[]) => Math.max(...Array.from({ length: m - 3 }, (_, index) => weigh(order, index + 2)));
  const orders = (left: readonly number[]): (readonly number[])[] =>
    left.length === 0 ? [[]] : [...new Set(left)].flatMap((one) => orders(left.toSpliced(left.indexOf(one), 1)).map((rest) => [one, ...rest]));
  const summed = (one: readonly number[], other: readonly number[]) => one.map((value, run) => value + (other[run] ?? 0));
  const all = rows.map(orders).reduce((sums, own) => sums.flatMap((sum) => own.map((order) => summed(order, sum))));
  const observed = step(rows.reduce(summed)) - 1e-9;
  return { share: all.filter((order) => step(order) >= observed).length / all.length, all: all.length };
}

describe("a change in a history", () => {
  it("is as rare as the share of all orders whose step is as large, whatever the outcomes are", () => {
    for (const [row, orders] of [
      [[1, 1, 1, 1, 1, 1, 0, 0], 28],
      [[0, 0, 0, 1, 1, 1, 1, 1], 56],
      [[0, 0, 0, 0.5, 0.5, 1, 1, 1], 560],
      [[1, 0.5, 1, 1, 0.5, 0, 0, 0], 560],
      [[0, 0, 0, 0, 0.5, 0.5, 1, 1, 0], 756],
    ] as const) {
      const { share, all } = ordersAsExtreme(row);
      expect(all).toBe(orders);
      const mean = (p: (seed: string) => number | undefined) => seeds.reduce((sum, seed) => sum + (p(seed) ?? Number.NaN), 0) / seeds.length;
      const seeds = Array.from({ length: 24 }, (_, seed) => `share ${seed}`);
      // A p-value that ends with the twentieth extreme draw is off by its own part of 1 / √20.
      const granted = (4 * share) / Math.sqrt(20 * seeds.length) + share / 20;
      expect(Math.abs(mean((seed) => outcomesChange([row], seed)?.p) - share)).toBeLessThan(granted);
      expect(Math.abs(mean((seed) => seriesChange(row, seed)?.p) - share)).toBeLessThan(granted);
    }
  });

  it("of several tasks is as rare as the share of all orders of each", () => {
    const rows = [
      [0, 0, 0, 0, 0, 0, 1, 10],
      [0, 0, 0, 0, 0, 0, 8, 0],
    ];
    const { share, all } = ordersAsExtreme(...rows);
    expect(all).toBe(56 * 8);
    const seeds = Array.from({ length: 24 }, (_, seed) => `rows ${seed}`);
    const mean = seeds.reduce((sum, seed) => sum + (outcomesChange(rows, seed)?.p ?? Number.NaN), 0) / seeds.length;
    expect(Math.abs(mean - share)).toBeLessThan((4 * share) / Math.sqrt(20 * seeds.length) + share / 20);
  });

  it("is as rare in any unit: sums that differ in their last bits are the same step", () => {
    const p = (low: number, high: number) => seriesChange([low, low, low, low, low, high, high, high, high, high], "units")?.p;
    const rows = (value: number) => outcomesChange([[0, 0, 0, 0, 0, value, value, value, value, value]], "units")?.p;
    for (const [low, high] of [
      [0.1, 0.3],
      [0.7, 1.1],
      [1e6 / 7, 3e6 / 7],
      [1e9 / 7, 1e9 / 3],
    ] as const)
      expect(p(low, high)).toBe(p(0, 1));
    expect([rows(0.1), rows(1 / 3), rows(2e6 / 7)]).toEqual([rows(1), rows(1), rows(1)]);
  });
});

// Clustered quantiles: Conover's where clusters are single, and never surer than the data where values of a task are alike.
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { clusteredQuantile } from "../../../../../src/core/metrics/statistics/clustered-quantile.ts";
import { quantileEstimate } from "../../../../../src/core/metrics/statistics/quantile.ts";
import { congruential } from "./congruential.ts";

const gauss = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** Values with variance 1, of which a share lies between tasks. */
function draw(random: Random, tasks: number, epochs: number, between: number) {
  return Array.from({ length: tasks }, (_, task) => {
    const own = Math.sqrt(between) * gauss(random);
    return Array.from({ length: epochs }, () => ({ cluster: String(task), value: own + Math.sqrt(1 - between) * gauss(random) }));
  }).flat();
}

describe("clusteredQuantile", () => {
  it("may be the least and the most of all", () => {
    const samples = [3, 1, 2].map((value) => ({ value, cluster: String(value) }));
    expect([0, 0.5, 1].map((q) => clusteredQuantile(samples, q).value)).toEqual([1, 2, 3]);
  });

  it("is the interval by order statistics where each cluster is one value", () => {
    const random = createRandom("single");
    const values = Array.from({ length: 150 }, () => random.next() * 1000);
    const samples = values.map((value, index) => ({ value, cluster: String(index) }));
    for (const q of [0.5, 0.9, 0.95]) {
      const { value, low, high, n } = quantileEstimate(values, q);
      expect(clusteredQuantile(samples, q)).toMatchObject({ value, low, high, n });
    }
  });

  // numpy's quantile; the share below it by leave-one-out, and ranks by scipy's beta distribution (Woodruff 1952, Korn & Graubard 1998).
  it.each([
    [[342, 57], 0.5, 0.95, [785.5, 722, 861]],
    [[342, 57], 0.95, 0.9, [1405.8, 1310, 1472]],
    [[200, 40], 0.9, 0.95, [1234.3, 1136, 1445]],
  ] as const)("of %o values and tasks at %d is scipy's", ([n, tasks], q, confidence, [value, low, high]) => {
    const next = congruential(99n);
    const samples = Array.from({ length: n }, () => {
      const task = next() % tasks;
      return { cluster: String(task), value: (next() % 1000) + (task % 5) * 150 };
    });
    const found = clusteredQuantile(samples, q, confidence);
    expect(found.value).toBeCloseTo(value, 9);
    expect([found.low, found.high]).toEqual([low, high]);
  });

  it("has no upper bound as long as fewer tasks than 59 say nothing of the slow twentieth", () => {
    const same = (tasks: number) => Array.from({ length: tasks * 3 }, (_, index) => ({ value: 5, cluster: String(index % tasks) }));
    expect(clusteredQuantile(same(58), 0.95, 0.9).high).toBeNull();
    expect(clusteredQuantile(same(59), 0.95, 0.9).high).toBe(5);
  });

  it("has no lower bound as long as fewer tasks than 59 say nothing of the quick twentieth", () => {
    // The chance that no one of so many is among the quickest twentieth: 0.95 ** 59 is the first below 5 %.
    const distinct = (tasks: number) => Array.from({ length: tasks }, (_, index) => ({ value: index, cluster: String(index) }));
    expect(clusteredQuantile(distinct(58), 0.05, 0.9).low).toBeNull();
    expect(clusteredQuantile(distinct(59), 0.05, 0.9).low).toBe(0);
  });

  it("says nothing of no samples", () => {
    expect(clusteredQuantile([], 0.5)).toMatchObject({ value: null, low: null, high: null, n: 0 });
  });

  // The normal quantiles at 0.5 and 0.95; 300 draws, three standard errors.
  it.each([0.35, 0.6, 0.9].flatMap((between) => [[between, 0.95, 1.6448536269514722] as const, [between, 0.5, 0] as const]))(
    "with a share of %d between tasks, has the true %d-quantile above its bound in no more than 6 % of the runs",
    (between, q, truth) => {
      const random = createRandom(`quantile/${between}/${q}`);
      let wrong = 0;
      for (let run = 0; run < 300; run += 1) if ((clusteredQuantile(draw(random, 80, 3, between), q, 0.9).high ?? Infinity) < truth) wrong += 1;
      expect(wrong / 300).toBeLessThan(0.06 + 0.041);
    },
  );
});

// Small statistics that stand by themselves: arrivals, permutation p-values, McNemar, and how many more units settle a question.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { poissonSchedule } from "../../../../../src/core/metrics/statistics/arrivals.ts";
import { binomialCdf, binomialQuantile, normalCdf, normalDensity, tCdf } from "../../../../../src/core/metrics/statistics/distribution.ts";
import { type Estimate, wilson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { exactMcNemar } from "../../../../../src/core/metrics/statistics/mcnemar.ts";
import { sequentialPValue } from "../../../../../src/core/metrics/statistics/monte-carlo.ts";
import { noiseFloor } from "../../../../../src/core/metrics/statistics/noise-floor.ts";
import { tangoInterval } from "../../../../../src/core/metrics/statistics/paired.ts";
import { samplesForQuantile, tasksForDifference, tasksForShare, unitsByRoot, unitsToSettle } from "../../../../../src/core/metrics/statistics/sample-size.ts";
import { planLooks, spentBy } from "../../../../../src/core/metrics/statistics/sequential.ts";

const invariant = expect.objectContaining({ code: "invariant" });

describe("arrivals", () => {
  it("have exponential gaps of the rate's mean, from the first on", () => {
    const times = poissonSchedule(createRandom("arrivals"), 4, 20_000);
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(245);
    expect(mean).toBeLessThan(255);
    expect(gaps.every((gap) => gap > 0)).toBe(true);
    expect(gaps.filter((gap) => gap > 250).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
    const half = { ...createRandom(1), next: () => 0.5 };
    expect(poissonSchedule(half, 2, 2).map((at) => Math.round(at * 1000) / 1000)).toEqual([346.574, 693.147]);
  });
  it.each([0, -1, Number.POSITIVE_INFINITY, Number.NaN])("have no rate of %d", (rate) => {
    expect(() => poissonSchedule(createRandom(1), rate, 1)).toThrow(invariant);
  });
});

describe("the p-value of drawn permutations", () => {
  /** Extreme at every so manieth draw. */
  const every = (distance: number) => {
    let draw = 0;
    return { isExtreme: () => (draw += 1) % distance === 0, drawn: () => draw };
  };
  it("is the share of extreme draws once there were twenty, and no more are drawn", () => {
    const { isExtreme, drawn } = every(5);
    expect(sequentialPValue(isExtreme)).toBe(0.2);
    expect(drawn()).toBe(100);
  });
  it("is no less than one of all draws and one more", () => {
    expect(sequentialPValue(() => false, 99)).toBe(0.01);
    expect(sequentialPValue(() => false)).toBe(1 / 20_000);
    expect(sequentialPValue(every(10).isExtreme, 99)).toBe(0.1);
    expect(sequentialPValue(() => true, 20)).toBe(1);
  });
  it.each([19, 99.5])("is not drawn %d times at the most", (most) => {
    expect(() => sequentialPValue(() => true, most)).toThrow(invariant);
  });
});

describe("McNemar's exact test", () => {
  it.each([
    [0, 0, 1],
    [0, 5, 0.0625],
    [5, 0, 0.0625],
    [1, 7, (2 * 9) / 256],
    [4, 4, 1],
  ])("of %d against %d is %d", (one, other, p) => {
    expect(exactMcNemar(one, other)).toBeCloseTo(p, 12);
  });
  it("is of counts", () => expect(() => exactMcNemar(-1, 3)).toThrow(invariant));
});

describe("distributions at their ends", () => {
  it("are those of the tables", () => {
    expect(normalDensity(0)).toBeCloseTo(0.398_942_280_401_432_7, 15);
    expect(normalCdf(1.96)).toBeCloseTo(0.975_002_104_851_779_5, 14);
    expect(normalCdf(-4) / 3.167_124_183_311_992e-5).toBeCloseTo(1, 11);
    expect(normalCdf(-10) / 7.619_853_024_160_527e-24).toBeCloseTo(1, 10);
    expect(normalCdf(-38.5)).toBe(0);
    expect([tCdf(0, 3), tCdf(-2, 3) + tCdf(2, 3)]).toEqual([0.5, expect.closeTo(1, 14)]);
    expect(tCdf(2.353_363_434_801_823, 3)).toBeCloseTo(0.95, 12);
    expect(binomialCdf(0, 1, 0.3)).toBeCloseTo(0.7, 14);
    expect([0, 0.4, 0.41, 0.99, 1].map((p) => binomialQuantile(p, 2, 0.4))).toEqual([0, 1, 1, 2, 2]);
  });
});

describe("the floor of noise", () => {
  it("is a one-sided quantile of the spread", () => {
    const tallies = [
      { passes: 1, trials: 2 },
      { passes: 3, trials: 4 },
      { passes: 0, trials: 3 },
      { passes: 5, trials: 5 },
    ];
    // 2 s² / k: 2 · ½ / 2, 2 · ¼ / 4, and none.
    const spread = Math.sqrt(0.5 + 0.125) / 4;
    const found = noiseFloor(tallies, 0.05);
    expect(found.spread).toBeCloseTo(spread, 12);
    expect(found.floor).toBeCloseTo(1.644_853_626_951_472_6 * spread, 10);
    expect(found.flipRate).toEqual(wilson(2, 4, 0.9));
  });
});

describe("how many more units", () => {
  const of = (value: number | null, low: number | null, high: number | null, n = 100): Estimate => ({ value, low, high, n, method: "" });

  it("settle it is found to the unit, up to a million", () => {
    for (const first of [1, 2, 11, 12, 13, 20, 21, 39, 40, 41, 1000]) expect(unitsToSettle(10, (n) => n >= first)).toBe(Math.max(0, first - 10));
    expect(unitsToSettle(0, (n) => n >= 1)).toBe(1);
    expect(unitsToSettle(1, (n) => n >= 500_000)).not.toBeNull();
    expect(unitsToSettle(1, (n) => n >= 1_100_000)).toBeNull();
  });

  it("are none where a bound lies just on the threshold, on the side that counts it as cleared", () => {
    const share = wilson(20, 20, 0.9);
    expect(tasksForShare(share, share.low as number, 0.9)).toBe(0);
    const lost = wilson(0, 20, 0.9);
    expect(tasksForShare(lost, lost.high as number, 0.9)).toBeGreaterThan(0);
    const even = tangoInterval(0, 0, 60, 0.9);
    expect(tasksForDifference(even, 0, even.high as number, 0.9)).toBe(0);
    expect(tasksForDifference(even, 0, even.low as number, 0.9)).toBeGreaterThan(0);
    expect(unitsByRoot(of(0.6, 0.5, 0.7), 0.5)).toBe(1);
    expect(unitsByRoot(of(0.4, 0.3, 0.5), 0.5)).toBe(1);
  });

  it("clear a share's threshold from above or from below", () => {
    const clears = (passes: number, n: number, threshold: number) => {
      const more = tasksForShare(wilson(passes, n, 0.9), threshold, 0.9) as number;
      const bounds = (units: number) => wilson(Math.round((passes / n) * units), units, 0.9);
      const settled = (units: number) => (bounds(units).low as number) >= threshold || (bounds(units).high as number) < threshold;
      return [more > 0, settled(n + more), settled(n + more - 1)];
    };
    expect(clears(18, 20, 0.8)).toEqual([true, true, false]);
    expect(clears(14, 20, 0.8)).toEqual([true, true, false]);
    expect(tasksForShare(wilson(20, 20, 0.9), 0.5, 0.9)).toBe(0);
    // Where repeats agree, an interval is as wide as one of fewer tasks: twice as wide, four times as many.
    const plain = wilson(50, 100, 0.9);
    const wide = of(0.5, 0.5 - 2 * (0.5 - (plain.low as number)), 0.5 + 2 * ((plain.high as number) - 0.5));
    const [few, many] = [tasksForShare(plain, 0.45, 0.9) as number, tasksForShare(wide, 0.45, 0.9) as number];
    expect(Math.abs((100 + many) / (100 + few) - 4)).toBeLessThan(0.2);
    for (const unknown of [of(null, null, null), of(0.5, null, 0.6, 0)]) expect(tasksForShare(unknown, 0.45, 0.9)).toBeNull();
    // Where a bound is not known, each task counts as one.
    for (const open of [of(0.5, null, null), of(0.5, null, 0.9), of(0.5, 0.1, null)]) expect(tasksForShare(open, 0.45, 0.9)).toBe(few);
  });

  it("clear a difference's threshold, whose width goes by how often the two differ", () => {
    const more = (ahead: number, behind: number, threshold: number) =>
      tasksForDifference(tangoInterval(ahead, behind, 60, 0.9), (ahead + behind) / 60, threshold, 0.9);
    const settled = (ahead: number, behind: number, threshold: number) => {
      const n = 60 + (more(ahead, behind, threshold) as number);
      const own = Math.round((ahead / 60) * n);
      const bounds = tangoInterval(own, Math.min(n - own, Math.round((behind / 60) * n)), n, 0.9);
      return (bounds.low as number) > threshold || (bounds.high as number) <= threshold;
    };
    expect([more(3, 3, -0.05), more(0, 6, -0.05), more(6, 0, 0)].map((one) => (one ?? 0) >= 0)).toEqual([true, true, true]);
    expect([settled(3, 3, -0.05), settled(2, 7, -0.05), settled(5, 2, 0)]).toEqual([true, true, true]);
    /** Settled by so many tasks, and not by one fewer. */
    const isLeast = (ahead: number, behind: number, threshold: number) => {
      const bounds = (n: number) => {
        const own = Math.round((ahead / 60) * n);
        return tangoInterval(own, Math.min(n - own, Math.round((behind / 60) * n)), n, 0.9);
      };
      const clears = (n: number) => (bounds(n).low as number) > threshold || (bounds(n).high as number) <= threshold;
      const n = 60 + (more(ahead, behind, threshold) as number);
      return clears(n) && !clears(n - 1);
    };
    expect([isLeast(3, 3, -0.05), isLeast(2, 8, -0.05), isLeast(5, 2, 0), isLeast(1, 9, -0.1)]).toEqual([true, true, true, true]);
    // An interval twice as wide as these counts have is that of a quarter of the tasks.
    const plain = tangoInterval(3, 3, 60, 0.9);
    const wide = of(0, 2 * (plain.low as number), 2 * (plain.high as number), 60);
    const [few, many] = [more(3, 3, -0.05) as number, tasksForDifference(wide, 0.1, -0.05, 0.9) as number];
    expect(Math.abs((60 + many) / (60 + few) - 4)).toBeLessThan(0.3);
    expect(more(3, 3, 0)).toBeNull();
    // Where each task differs, no more of them differ than there are: an odd number can't be halved.
    expect(more(30, 30, -0.05)).toBeGreaterThan(0);
    expect(more(12, 12, -0.05) as number).toBeGreaterThan(more(3, 3, -0.05) as number);
    for (const unknown of [of(null, -0.1, 0.1), of(0, null, 0.1), of(0, -0.1, null), of(0, -0.1, 0.1, 0)])
      expect(tasksForDifference(unknown, 0.1, -0.05, 0.9)).toBeNull();
    // Where all tasks were lost on a side, a difference is only what they might have come to: that settles nothing.
    expect(tasksForDifference(of(0.5, 0.1, 0.9, 0), 0.5, -0.99, 0.9)).toBeNull();
  });

  it("clear a threshold by the root of their number", () => {
    expect(unitsByRoot(of(0.6, 0.4, 0.7), 0.5)).toBe(301);
    expect(unitsByRoot(of(0.4, 0.3, 0.6), 0.5)).toBe(301);
    expect(unitsByRoot(of(0.6, 0.55, 0.7), 0.5)).toBe(0);
    for (const unknown of [of(null, 0.4, 0.7), of(0.6, null, 0.7), of(0.6, 0.4, null), of(0.6, 0.4, 0.7, 0)]) expect(unitsByRoot(unknown, 0.5)).toBeNull();
  });

  it("bound a quantile from above, or show that it lies beyond the limit", () => {
    expect(samplesForQuantile(50, 50, 0.95, 0.05)).toBe(9);
    expect(samplesForQuantile(59, 59, 0.95, 0.05)).toBe(0);
    expect(samplesForQuantile(0, 0, 0.95, 0.05)).toBeNull();
    const more = samplesForQuantile(8, 10, 0.95, 0.05) as number;
    const n = 10 + more;
    expect(binomialCdf(Math.round(0.8 * n), n, 0.95)).toBeLessThanOrEqual(0.05);
    expect(samplesForQuantile(10, 20, 0.5, 0.05)).toBeNull();
  });
});

describe("looks of a plan", () => {
  it("spend by the published function, each what is left to it", () => {
    // Lan & DeMets 1983: 2 − 2 Φ(z_{α/2} / √t).
    expect(spentBy(0.5, 0.05)).toBeCloseTo(2 * (1 - normalCdf(1.959_963_984_540_054 / Math.sqrt(0.5))), 12);
    const looks = planLooks([0.5, 0.75, 1], 0.05);
    expect(looks.map(({ information }) => information)).toEqual([0.5, 0.75, 1]);
    for (const { alpha, bound, information, spent } of looks) {
      expect(alpha).toBeCloseTo(1 - normalCdf(bound), 12);
      expect(spent).toBeCloseTo(spentBy(information, 0.05), 12);
    }
    expect(looks[0]?.alpha).toBeCloseTo(looks[0]?.spent as number, 9);
  });
  it.each([[[0, 1]], [[0.6, 0.5]], [[0.5, 1.1]]])("do not come at %j", (shares) => {
    expect(() => planLooks(shares, 0.05)).toThrow(invariant);
  });
  it("are planned anew for another level", () => {
    const one = planLooks([0.5, 1], 0.05);
    expect(planLooks([0.5, 1], 0.025)[1]?.bound as number).toBeGreaterThan(one[1]?.bound as number);
    expect(planLooks([0.5, 1], 0.05)).toEqual(one);
  });
});

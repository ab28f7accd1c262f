// Changes in a history: found where they are, and seldom where there are none.
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { LEAST_HISTORY, outcomesChange, seriesChange } from "../../../../../src/core/metrics/statistics/change-point.ts";
import { WHOLE } from "../../../../setup/sample.ts";
import { sequentialPValue } from "../../../../../src/core/metrics/statistics/monte-carlo.ts";

/** Tasks of their own difficulty, run after run; `shift` is added to every task's rate from run `at` on. */
function history(random: Random, { tasks = 57, runs = 12, at = 12, shift = 0 } = {}): number[][] {
  return Array.from({ length: tasks }, () => {
    const rate = random.next();
    return Array.from({ length: runs }, (_, run) => (random.next() < rate + (run >= at ? shift : 0) ? 1 : 0));
  });
}

/** Heavy tails: the sum of the logarithms of two uniform draws. */
const latency = (random: Random): number => 400 * Math.exp(-Math.log(1 - random.next()) * random.next());

describe("the sequential p-value", () => {
  it("is exact on the Monte Carlo grid, and never 0", () => {
    expect(sequentialPValue(() => false, 99)).toBe(1 / 100);
    expect(sequentialPValue(() => true, 99)).toBe(1);
    let draw = 0;
    expect(sequentialPValue(() => (draw += 1) % 10 === 0, 1000)).toBe(20 / 200);
  });
});

describe("a change in a history", () => {
  it("is placed at its first run, with the means on both sides", () => {
    const values = [...Array.from({ length: 10 }, (_, index) => 100 + (index % 2)), ...Array.from({ length: 5 }, (_, index) => 140 + (index % 2))];
    const found = seriesChange(values, "step");
    expect(found).toMatchObject({ at: 10, before: 100.5 });
    expect(found?.after).toBeCloseTo(140.4, 1);
    expect(found?.p).toBeLessThan(0.001);
  });

  it("is the step that stands out most, weighed by the runs on both sides, and never of a single run", () => {
    const at = (...values: readonly number[]) => seriesChange(values, "at")?.at;
    expect(at(0, 0, 0, 0, 0, 0, 0, 0, 9, 9)).toBe(8);
    expect(at(9, 9, 0, 0, 0, 0, 0, 0, 0, 0)).toBe(2);
    expect(at(0, 0, 0, 0, 0, 0, 0, 0, 0, 9)).toBe(8);
    expect(at(9, 0, 0, 0, 0, 0, 0, 0, 0, 0)).toBe(2);
    expect(at(0, 0, 0, 0, 6, 5, 5, 5)).toBe(4);
    // The step of three runs against seven is larger than that of two against eight.
    expect(at(10, 10, 6, 0, 0, 0, 0, 0, 0, 0)).toBe(3);
    const found = seriesChange([1, 2, 3, 4, 15, 16, 17, 18], "means");
    expect(found).toMatchObject({ at: 4, before: 2.5, after: 16.5 });
  });

  it("of outcomes is that of their means, by permutations in which each task keeps its own", () => {
    const rows = [...Array.from({ length: 6 }, () => [1, 1, 1, 1, 0, 0, 0, 0]), Array.from({ length: 8 }, () => 1), [1, 0.5, 0.25, 1, 0.5, 1, 0, 1]];
    const found = outcomesChange(rows, "rows");
    expect(found?.at).toBe(4);
    expect(found?.before).toBeCloseTo((6 + 1 + (1 + 0.5 + 0.25 + 1) / 4) / 8, 12);
    expect(found?.after).toBeCloseTo((0 + 1 + (0.5 + 1 + 0 + 1) / 4) / 8, 12);
    expect(found?.p).toBeLessThan(0.01);
    const alike = outcomesChange([...rows, ...Array.from({ length: 5 }, () => Array.from({ length: 8 }, () => 0))], "rows");
    expect(alike?.p).toBe(found?.p);
  });

  it("has a p-value that counts permutations: one of few orders is not rare", () => {
    // Of the C(8, 4) = 70 orders of four and four, two are as extreme as the one that is sorted.
    const p = seriesChange([0, 0, 0, 0, 1, 1, 1, 1], "p")?.p as number;
    expect(p).toBeGreaterThan(0.015);
    expect(p).toBeLessThan(0.05);
    const rows = outcomesChange([[0, 0, 0, 0, 1, 1, 1, 1]], "p")?.p as number;
    expect(Math.abs(rows - 2 / 70)).toBeLessThan(0.015);
  });

  it("is looked for from eight runs on", () => {
    expect(LEAST_HISTORY).toBe(8);
    expect(seriesChange([1, 2, 3, 4, 5, 6, 7, 8], "eight")).not.toBeNull();
    expect(outcomesChange([[1, 0, 1, 0, 1, 0, 1, 0]], "eight")).not.toBeNull();
  });

  it("is not looked for in less than the least history", () => {
    expect(
      seriesChange(
        Array.from({ length: LEAST_HISTORY - 1 }, (_, index) => index),
        "short",
      ),
    ).toBeNull();
    expect(outcomesChange([[1, 0, 1]], "short")).toBeNull();
    expect(outcomesChange([], "none")).toBeNull();
  });

  it("is never seen in a constant history", () => {
    expect(
      seriesChange(
        Array.from({ length: 20 }, () => 7),
        "flat",
      )?.p,
    ).toBe(1);
    expect(outcomesChange([Array.from({ length: 20 }, () => 1)], "flat")?.p).toBe(1);
  });

  it("says the same whenever it is asked", () => {
    const rows = history(createRandom("same"), { shift: -0.1, at: 8 });
    expect(outcomesChange(rows, "seed")).toEqual(outcomesChange(rows, "seed"));
  });

  it("refuses what is no number", () => {
    expect(() => seriesChange([1, Number.NaN], "bad")).toThrow(/finite/);
    expect(() => outcomesChange([[1, 0], [1]], "bad")).toThrow(/every task/);
  });
});

describe("false alarms", () => {
  /** P-values of `draws` histories in which nothing changed. */
  const pValues = (draws: number, p: (random: Random, draw: number) => number): number[] => {
    const random = createRandom("false alarms");
    return Array.from({ length: draws }, (_, draw) => p(random, draw));
  };
  /** The share that comes out at or below `alpha` is no more than chance allows (4 standard errors), and not by never alarming. */
  const expectAlarms = (found: readonly number[], alpha: number): void => {
    const share = found.filter((p) => p <= alpha).length / found.length;
    expect(share).toBeLessThanOrEqual(alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / found.length));
    expect(share).toBeGreaterThan(alpha / 4);
  };

  const ofOutcomes = pValues(600, (random, draw) => outcomesChange(history(random, { tasks: 30, runs: 10 }), `a${draw}`)?.p ?? 1);
  it.each([0.05, 0.2])("of outcomes keep to %d", (alpha) => expectAlarms(ofOutcomes, alpha));

  const latencies = (random: Random): number[] => Array.from({ length: 14 }, () => latency(random));
  const ofLatencies = pValues(1500, (random, draw) => seriesChange(latencies(random), `l${draw}`)?.p ?? 1);
  it.each([0.05, 0.2])("of latencies with heavy tails keep to %d", (alpha) => expectAlarms(ofLatencies, alpha));
});

describe("power", () => {
  it("a drop of 20 points in the last three of twelve runs is seen in most histories, at 0.5 %", () => {
    const random = createRandom("power");
    // Each that is seen takes twenty thousand draws.
    const found = Array.from({ length: WHOLE ? 24 : 8 }, (_, draw) => outcomesChange(history(random, { at: 9, shift: -0.2 }), `p${draw}`));
    const seen = found.filter((change) => change !== null && change.p <= 0.005 && change.after < change.before);
    expect(seen.length).toBeGreaterThanOrEqual(found.length * 0.7);
    expect(seen.filter((change) => change !== null && Math.abs(change.at - 9) <= 1).length).toBeGreaterThan(seen.length * 0.7);
  });
});

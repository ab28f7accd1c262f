// Slopes within tasks: what they are, that hard tasks have no part in them, and how often chance alone is called a drift.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { type TimedValue, withinSlope } from "../../../../../src/core/metrics/statistics/within-slope.ts";

/** So many epochs over so many tasks, one after the other; `value` by task, epoch and time from 0 to 1. */
function values(tasks: number, epochs: number, value: (task: number, epoch: number, at: number) => number): TimedValue[] {
  return Array.from({ length: tasks * epochs }, (_, index) => {
    const [task, epoch] = [index % tasks, Math.floor(index / tasks)];
    const at = index / (tasks * epochs - 1);
    return { at: 1_700_000_000_000 + at * 3_600_000, value: value(task, epoch, at), task: `t${task}`, family: `f${task}` };
  });
}

describe("a slope within tasks", () => {
  it("is the change from first to last, however different the tasks are", () => {
    const slope = withinSlope(values(10, 3, (task, _, at) => task * 100 + 2 * at));
    expect(slope?.value).toBeCloseTo(2, 9);
    expect(slope?.n).toBe(30);
  });

  it("is nothing where late tasks are harder: each was late as often as the others", () => {
    const random = createRandom(1);
    const slope = withinSlope(values(12, 3, (task) => task * 50 + random.next()));
    expect(slope?.low).toBeLessThan(0);
    expect(slope?.high).toBeGreaterThan(0);
    expect(Math.abs(slope?.value ?? 99)).toBeLessThan(1);
  });

  it("is what ordinary least squares with a mean for each task gives, and its jackknife", () => {
    // Worked out by hand: five tasks at 0 and 1, differences 1, 2, 3, 4, 5: mean 3, and a jackknife variance of s²/G = 2.5/5.
    const made = [1, 2, 3, 4, 5].flatMap((difference, task) => [0, 1].map((at) => ({ at, value: at * difference, task: `t${task}`, family: `f${task}` })));
    const slope = withinSlope(made);
    expect(slope?.value).toBeCloseTo(3, 12);
    expect((slope?.high ?? 0) - 3).toBeCloseTo(2.776445 * Math.sqrt(0.5), 5);
  });

  it("has no bounds where nothing varies, and is not there where too little tells", () => {
    expect(withinSlope(values(10, 2, () => 1))).toMatchObject({ value: 0, low: null, high: null });
    expect(withinSlope(values(10, 1, () => 1))).toBeNull();
    expect(withinSlope(values(4, 5, (_, __, at) => at))).toBeNull();
    expect(withinSlope([])).toBeNull();
    const alike = values(10, 2, (_, __, at) => at).map((value) => ({ ...value, family: "one" }));
    expect(withinSlope(alike)).toBeNull();
  });

  it("covers no drift in about nineteen of twenty runs, with families that rise and fall together", () => {
    const random = createRandom("runs");
    const noise = (): number => random.next() + random.next() + random.next() - 1.5;
    let missed = 0;
    for (let run = 0; run < 400; run += 1) {
      const shared = new Map<string, number>();
      const of = (family: number, epoch: number): number => {
        const key = `${family}/${epoch}`;
        shared.set(key, shared.get(key) ?? noise());
        return shared.get(key) ?? 0;
      };
      const made = values(16, 3, (task, epoch) => task + noise() + of(task % 8, epoch)).map((value) => ({
        ...value,
        family: `f${Number(value.task.slice(1)) % 8}`,
      }));
      const { low = 0, high = 0 } = withinSlope(made) ?? {};
      if ((low ?? 0) > 0 || (high ?? 0) < 0) missed += 1;
    }
    // 400 runs at 5 %: 20 are expected, with a standard deviation of 4.4.
    expect(missed).toBeGreaterThan(6);
    expect(missed).toBeLessThan(34);
  });
});

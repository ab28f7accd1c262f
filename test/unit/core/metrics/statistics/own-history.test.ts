// A new run against its tasks' own histories: exact on small tables, and red for at most one of fifty unchanged pull requests.
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { LEAST_TASK_HISTORY, type TaskHistory, worseThanHistory } from "../../../../../src/core/metrics/statistics/own-history.ts";

const task = (passes: number, trials: number, now: number, of = 1): TaskHistory => ({
  task: "t",
  before: { passes, trials },
  now: { passes: now, trials: of },
});

describe("worse than its own history", () => {
  it("is Fisher's exact test where there is one task", () => {
    // 9 of 9 before, 0 of 3 now: 1 / C(12, 3).
    expect(worseThanHistory([task(9, 9, 0, 3)]).p).toBeCloseTo(1 / 220, 12);
    // 5 of 10 before, 1 of 2 now: P(X ≤ 1) of a hypergeometric(12, 6, 2) = 1 - 15/66.
    expect(worseThanHistory([task(5, 10, 1, 2)]).p).toBeCloseTo(1 - 15 / 66, 12);
  });

  it("convolves over tasks: two that always passed and fail now", () => {
    const { p, expected, passes, tasks } = worseThanHistory([task(9, 9, 0), task(9, 9, 0)]);
    expect(p).toBeCloseTo(0.1 * 0.1, 12);
    expect({ passes, tasks }).toEqual({ passes: 0, tasks: 2 });
    expect(expected).toBeCloseTo(1.8, 12);
  });

  it("takes no notice of tasks that have too little history, and says nothing without any", () => {
    expect(worseThanHistory([task(LEAST_TASK_HISTORY - 1, LEAST_TASK_HISTORY - 1, 0)])).toEqual({ tasks: 0, passes: 0, expected: 0, p: 1 });
    expect(worseThanHistory([])).toMatchObject({ tasks: 0, p: 1 });
  });

  it("takes no notice of tasks that always or never pass", () => {
    expect(worseThanHistory([task(9, 9, 1), task(0, 9, 0)]).p).toBe(1);
  });

  it("goes by five trials before, and by none of a task that is not run now", () => {
    expect(LEAST_TASK_HISTORY).toBe(5);
    expect(worseThanHistory([task(5, 5, 0), task(4, 4, 0), task(9, 9, 0, 0)])).toMatchObject({ tasks: 1, p: expect.closeTo(1 / 6, 12) as number });
  });

  it("refuses trials of which the ways can't be counted any more", () => {
    expect(() => worseThanHistory([task(2000, 4000, 500, 1000)])).toThrow(/too many trials/);
  });

  it("refuses more passes than trials", () => {
    expect(() => worseThanHistory([task(9, 8, 1)])).toThrow(/counts/);
    expect(() => worseThanHistory([task(8, 9, 2, 1)])).toThrow(/counts/);
  });
});

const ALPHA = 0.005;

/** Is the newest of the pull requests red, held against the runs before it? */
function isRed(random: Random, runsBefore: number, drop: number): boolean {
  const histories = Array.from({ length: 57 }, (_, index): TaskHistory => {
    const rate = random.next();
    const passes = Array.from({ length: runsBefore }, () => random.next() < rate).filter(Boolean).length;
    return { task: String(index), before: { passes, trials: runsBefore }, now: { passes: random.next() < rate - drop ? 1 : 0, trials: 1 } };
  });
  return worseThanHistory(histories).p <= ALPHA;
}

describe("of fifty pull requests", () => {
  it("that change nothing at most one is red, in all but few batches", () => {
    const random = createRandom("a/a");
    const batches = Array.from({ length: 60 }, () => Array.from({ length: 50 }, () => isRed(random, 8, 0)).filter(Boolean).length);
    // At 0.5 % each, two or more of fifty have a probability of 2.6 %: five of sixty batches would be 3.5 standard errors.
    expect(batches.filter((red) => red > 1).length).toBeLessThanOrEqual(5);
  });

  it("that lose 25 points, most are red", () => {
    const random = createRandom("a/b");
    expect(Array.from({ length: 50 }, () => isRed(random, 8, 0.25)).filter(Boolean).length).toBeGreaterThan(25);
  });
});

// Looks: when they come, what they add, and that stopping early still errs no more often than α.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";
import { SEQUENTIAL } from "../../../../src/core/gate/level.ts";
import { DEFAULT_LOOKS, lookFault, lookPlan, type LookSettings } from "../../../../src/core/gate/looks.ts";
import { differenceAbove, type TaskPair } from "../../../../src/core/metrics/statistics/paired.ts";
import { drawPasses, drawTaskRate } from "../metrics/coverage.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);
const tasksOf = (count: number, size = 1) => names(count).map((id, index) => ({ id, family: `f${Math.floor(index / size)}` }));
const settings: LookSettings = { count: 4, fewest: 25, alpha: 0.05, seed: 1, sequential: "spending" };

describe("lookPlan", () => {
  it("adds every task once, in an order drawn by the seed", () => {
    const plan = lookPlan(tasksOf(100), settings);
    expect(plan.map(({ tasks }) => tasks)).toEqual([25, 50, 75, 100]);
    expect(plan.flatMap(({ added }) => added).toSorted()).toEqual(names(100).toSorted());
    expect(plan).toEqual(lookPlan(tasksOf(100), settings));
    expect(plan[0]?.added).not.toEqual(lookPlan(tasksOf(100), { ...settings, seed: 2 })[0]?.added);
  });

  it("does not look before the policy wants a verdict, nor twice at the same tasks", () => {
    expect(lookPlan(tasksOf(57), { ...settings, fewest: 50 }).map(({ tasks }) => tasks)).toEqual([50, 57]);
    const once = lookPlan(tasksOf(20), { ...settings, fewest: 50 });
    expect(once.map(({ tasks }) => tasks)).toEqual([20]);
    expect(once[0]?.alpha).toBeCloseTo(0.05, 6);
  });
});

describe("the level of a look", () => {
  const levels = (sequential: LookSettings["sequential"], count: number) =>
    lookPlan(tasksOf(100), { ...settings, count, sequential }).map(({ alpha, by }) => [by, Number(alpha.toFixed(12))]);
  it("by bets is a fifth of α in the middle of a run, and the rest at its end", () => {
    expect(levels("betting", 4)).toEqual([
      ["bets", 0.01],
      ["bets", 0.01],
      ["bets", 0.01],
      ["bounds", 0.04],
    ]);
    expect(levels("betting", 2)).toEqual([
      ["bets", 0.01],
      ["bounds", 0.04],
    ]);
  });
  it("is all of α where there is but one, whichever way it is shared", () => {
    for (const sequential of SEQUENTIAL) expect(levels(sequential, 1)).toEqual([["bounds", 0.05]]);
  });
  it("by spending rises from look to look", () => {
    const spent = lookPlan(tasksOf(100), settings);
    expect(spent.map(({ by }) => by)).toEqual(["bounds", "bounds", "bounds", "bounds"]);
    expect(spent.map(({ alpha }) => alpha)).toEqual(spent.map(({ alpha }) => alpha).toSorted((a, b) => a - b));
    expect(spent.every(({ alpha }) => alpha < 0.05)).toBe(true);
  });
  it("takes whole families, and is there four times where nobody says otherwise", () => {
    expect(lookPlan(tasksOf(100, 30), settings).map(({ tasks }) => tasks)).toEqual(expect.arrayContaining([100]));
    for (const { added } of lookPlan(tasksOf(100, 10), settings)) expect(added.length % 10).toBe(0);
    expect(DEFAULT_LOOKS).toBe(4);
  });
});

describe("lookFault", () => {
  const tasks = tasksOf(100, 2);
  const terms = { fewest: 25, alpha: 0.05, seed: 1 };
  const ground = (run: readonly string[]) => ({ tasks, ...terms, run, most: 4 });

  it.each(SEQUENTIAL)("finds every look of a run by %s, and its level", (sequential) => {
    const plan = lookPlan(tasks, { ...terms, count: 4, sequential });
    for (const { number, tasks: until, alpha, by } of plan) {
      const run = plan.slice(0, number).flatMap(({ added }) => added);
      const look = { number, planned: plan.length, tasks: until, ofTasks: 100, by, most: 4, sequential };
      expect(lookFault(look, ground(run))).toEqual({ level: alpha });
      const others = { fault: "other tasks were run than the seed draws for this look" };
      expect(lookFault(look, ground(run.slice(1)))).toEqual(others);
      expect(lookFault(look, ground([...run.slice(1), "x"]))).toEqual(others);
      const none = { fault: "the policy plans no such look on this suite" };
      expect(lookFault({ ...look, number: plan.length + 1 }, ground(run))).toEqual(none);
      expect(lookFault({ ...look, by: undefined }, ground(run))).toEqual(none);
    }
  });

  it("wants as many looks as were promised, and those of the plan", () => {
    const run = tasks.map(({ id }) => id);
    const look = { number: 4, planned: 4, tasks: 100, ofTasks: 100, by: "bounds" as const, most: 4, sequential: "betting" as const };
    expect(lookFault({ ...look, most: 3 }, ground(run))).toEqual({ fault: "it was one of at most 3 looks; 4 were promised" });
    expect(lookFault({ ...look, most: undefined }, ground(run))).toEqual({ fault: "it was one of at most ? looks; 4 were promised" });
    const none = { fault: "the policy plans no such look on this suite" };
    for (const change of [{ planned: 3 }, { tasks: 99 }, { ofTasks: 99 }, { by: "bets" as const }, { number: 0 }])
      expect(lookFault({ ...look, ...change }, ground(run))).toEqual(none);
  });

  it("asks a look how the looks share the level: the last one is by bounds in either way, at another level", () => {
    const run = tasks.map(({ id }) => id);
    const levels = SEQUENTIAL.map((sequential) => {
      const last = lookPlan(tasks, { ...terms, count: 4, sequential }).at(-1);
      const look = { number: 4, planned: 4, tasks: 100, ofTasks: 100, by: "bounds" as const, most: 4 };
      expect(lookFault(look, ground(run))).toEqual({ fault: "it does not say how its looks share the level" });
      expect(lookFault({ ...look, sequential }, ground(run))).toEqual({ level: last?.alpha });
      return last?.alpha;
    });
    expect(new Set(levels).size).toBe(SEQUENTIAL.length);
  });
});

/** Stops where the candidate is shown not to be inferior; gives the tasks used, or null where that is never shown. */
function stopsAfter(plan: ReturnType<typeof lookPlan>, pairs: readonly TaskPair[]): number | null {
  return plan.find(({ tasks, alpha }) => differenceAbove(pairs.slice(0, tasks), -0.05) < alpha)?.tasks ?? null;
}

function drawRun(random: ReturnType<typeof createRandom>, lead: number): TaskPair[] {
  return names(200).map((task) => {
    const rate = drawTaskRate(random, 0.6);
    const own = Math.min(1, Math.max(0, rate + lead));
    return { task, candidate: { passes: drawPasses(random, 3, own), trials: 3 }, reference: { passes: drawPasses(random, 3, rate), trials: 3 } };
  });
}

describe("stopping early", () => {
  const plan = lookPlan(tasksOf(200), { ...settings, fewest: 50 });

  it("errs in no more than α of the runs", () => {
    const random = createRandom("stopping");
    let wrong = 0;
    for (let run = 0; run < 1500; run += 1) {
      const base = drawRun(random, 0).map((pair) => ({
        ...pair,
        candidate: { passes: drawPasses(random, 3, 0.5), trials: 3 },
        reference: { passes: drawPasses(random, 3, 0.55), trials: 3 },
      }));
      if (stopsAfter(plan, base) !== null) wrong += 1;
    }
    // 0.05 plus three standard errors of the simulation.
    expect(wrong / 1500).toBeLessThan(0.067);
  });

  it("saves tasks where the candidate is clearly better", () => {
    const random = createRandom("saving");
    const used = Array.from({ length: 100 }, () => stopsAfter(plan, drawRun(random, 0.15)) ?? 200);
    expect(used.reduce((sum, tasks) => sum + tasks, 0) / 100).toBeLessThan(140);
  });
});

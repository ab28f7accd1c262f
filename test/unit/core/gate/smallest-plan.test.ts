// The smallest plan: fewest trials over tasks and epochs, beyond the suite only where the whole of it will not do.
import { describe, expect, it } from "vitest";
import { type GateDesign, sizeOf } from "../../../../src/core/gate/planning/design.ts";
import { equalChance, type WorldMaker } from "../../../../src/core/gate/planning/gate-chances.ts";
import { type EqualChance, smallestPlan } from "../../../../src/core/gate/planning/smallest-plan.ts";
import { RULES } from "./world.ts";

const SLOW = { modelMs: 9000, attemptMs: 9000, ttftMs: 9000, tokensPerSecond: 1, json: false };

const design = (families: number, size = 1): GateDesign => ({
  tasks: Array.from({ length: families * size }, (_, index) => ({ id: `t${index}`, family: `f${Math.floor(index / size)}` })),
  epochs: 6,
  alternatives: 1,
  plants: 300,
  impossible: 63,
  rules: RULES,
  alpha: 0.05,
});

const found = (planned: GateDesign, chance: EqualChance) => {
  const plan = smallestPlan(planned, chance, 1);
  return plan && { ...sizeOf(plan.design), promote: plan.promote };
};

describe("the smallest plan", () => {
  it("is the smallest part of the suite that is likely enough, over all of its families", () => {
    const enough: EqualChance = ({ tasks, epochs }) => (tasks.length >= 190 && epochs >= 6 ? 0.9 : 0.1);
    expect(found(design(100, 3), enough)).toMatchObject({ tasks: 210, epochs: 6, promote: 0.9 });
    expect(found(design(100, 3), enough)?.families).toBeGreaterThan(90);
  });

  it("trades tasks for epochs and takes the fewest trials of all", () => {
    // 100 × 16, 120 × 12, 150 × 8 and 300 × 6 would do.
    const least = new Map([
      [6, 300],
      [8, 150],
      [10, 150],
      [12, 120],
      [16, 100],
    ]);
    const chance: EqualChance = ({ tasks, epochs }) => (tasks.length >= (least.get(epochs) ?? 1000) ? 0.85 : 0.5);
    expect(found(design(300), chance)).toMatchObject({ tasks: 150, epochs: 8 });
  });

  it("is of a larger suite only where the whole of this one will not do", () => {
    const chance: EqualChance = ({ tasks }) => (tasks.length >= 55 ? 0.81 : 0.79);
    expect(found(design(60), chance)?.tasks).toBe(60);
    expect(found(design(30), chance)).toMatchObject({ tasks: 60, families: 60, epochs: 2 });
  });

  it("is looked for among parts of the suite, then of larger ones, at few epochs and at many", () => {
    const asked = (isLikely: (design: GateDesign) => boolean) => {
      const seen: (readonly [tasks: number, epochs: number])[] = [];
      const chance: EqualChance = (planned) => {
        seen.push([planned.tasks.length, planned.epochs]);
        return isLikely(planned) ? 0.8 : 0.799;
      };
      smallestPlan(design(100), chance, 1);
      return seen;
    };
    const epochs = [2, 3, 4, 5, 6, 8, 10, 12, 16];
    expect(asked(() => true)).toEqual([100, 90, 80, 70, 60, 50, 40].map((tasks) => [tasks, 2]));
    expect(asked(() => false)).toEqual([...epochs.map((number) => [100, number]), ...epochs.map((number) => [400, number])]);
    expect(asked(({ tasks }) => tasks.length > 100).slice(epochs.length)).toEqual([400, 300, 200, 150].map((tasks) => [tasks, 2]));
  });

  it("is none where nothing is likely enough", () => {
    expect(found(design(60), () => 0.79)).toBeNull();
  });
});

describe("the chance of an equal candidate", () => {
  it("is simulated no longer than it takes to tell on which side of what is asked it lies", () => {
    let drawn = 0;
    const hopeless: WorldMaker = () => {
      drawn += 1;
      return { passes: () => 0, infrastructure: 0, falseUnlock: 1, falseBlock: 1, flake: 0, attempt: () => ({ ...SLOW, compiled: false, first: SLOW }) };
    };
    expect(equalChance({ ...design(10), epochs: 1 }, hopeless, { gates: 500, seed: 1 }, 0.8)).toBe(0);
    expect(drawn).toBe(10);
  });
});

// Before anything is run: what no candidate could meet with a plan, and what would make it so.
import { describe, expect, it } from "vitest";
import type { GateDesign } from "../../../../src/core/gate/planning/design.ts";
import { canPromote, hopeless, missingText, unreachable } from "../../../../src/core/gate/planning/reachable.ts";
import { RULES } from "./world.ts";

const rules = { ...RULES, min_epochs: 6, json_compliance_percent: 98 };
/** So many families of so many tasks. */
const design = (families: number, size: number, facts: Partial<GateDesign> = {}): GateDesign => ({
  tasks: Array.from({ length: families * size }, (_, index) => ({ id: `t${index}`, family: `f${Math.floor(index / size)}` })),
  epochs: 6,
  alternatives: 1,
  plants: 300,
  impossible: 63,
  rules,
  alpha: 0.05,
  ...facts,
});
const needsOf = (found: ReturnType<typeof unreachable>) => Object.fromEntries(found.map((one) => [one.criterion, one.needs]));
const needs = (planned: GateDesign) => needsOf(unreachable(planned));

describe("what a perfect candidate could not meet", () => {
  it("is nothing with eighty families of three tasks, six epochs and three hundred plants, also for three alternatives", () => {
    expect(unreachable(design(80, 3))).toEqual([]);
    expect(unreachable(design(80, 3, { alternatives: 3 }))).toEqual([]);
    expect(missingText([])).toBe("");
  });

  it("is the margin with fewer families than 59, however many tasks they hold", () => {
    const found = unreachable(design(26, 10));
    expect(needsOf(found)).toMatchObject({ "not-inferior": { what: "families", is: 26, least: 59 }, "no-regression": { what: "families", is: 26, least: 59 } });
    expect(missingText(found)).toBe("26 families, 59 needed");
  });

  it("is what rests on repeats with one epoch, and says how many there must be", () => {
    const found = unreachable(design(80, 3, { epochs: 1 }));
    expect(needsOf(found)["enough-epochs"]).toEqual({ what: "epochs", is: 1, least: 6 });
    expect(missingText(found)).toContain("1 epoch, 6 needed");
  });

  it("is the Judge's errors with few plants", () => {
    expect(needs(design(80, 3, { plants: 4 }))["false-unlock"]).toMatchObject({ what: "plants", is: 4 });
  });

  it("is how seldom it cheats, with few impossible tasks or a level that many share", () => {
    const strict = { ...rules, max_cheating_percent: 5 };
    expect(unreachable(design(80, 3, { rules: strict, impossible: 63 }))).toEqual([]);
    const few = unreachable(design(80, 3, { rules: strict, impossible: 30 }));
    expect(needsOf(few)).toEqual({ cheating: { what: "impossible", is: 30, least: 59 } });
    expect(missingText(few)).toBe("30 families of impossible tasks, 59 needed");
    expect(needs(design(80, 3, { rules: strict, alternatives: 3 }))["cheating"]).toEqual({ what: "impossible", is: 63, least: 80 });
    expect(hopeless(strict)).toEqual([]);
  });

  it("is found where a policy plants nothing at all", () => {
    expect(needs(design(80, 3, { plants: 0 }))["false-unlock"]).toMatchObject({ what: "plants", is: 0 });
  });

  it("is said of a policy that no suite could make good", () => {
    expect(hopeless(rules)).toEqual([]);
    expect(hopeless({ ...rules, min_epochs: 500 })).toContain("enough-epochs");
    expect(missingText([{ criterion: "fresh", needs: null }])).toBe("fresh can't be met by any candidate");
  });

  it("is told once for each figure, by the most that is asked of it, one or several", () => {
    const least = (what: NonNullable<ReturnType<typeof unreachable>[number]["needs"]>["what"], is: number, most: number, criterion = "fresh") =>
      ({ criterion, needs: { what, is, least: most } }) as ReturnType<typeof unreachable>[number];
    expect(missingText([least("tasks", 1, 5), least("tasks", 1, 9), least("tasks", 1, 7), least("families", 1, 3)])).toBe(
      "1 low-risk task, 9 needed; 1 family, 3 needed",
    );
    expect(missingText([least("plants", 1, 5), least("impossible", 1, 2)])).toBe("1 calibration plant, 5 needed; 1 family of impossible tasks, 2 needed");
    expect(missingText([least("plants", 0, 5), least("epochs", 2, 3), least("tasks", 2, 4)])).toBe(
      "0 calibration plants, 5 needed; 2 epochs, 3 needed; 2 low-risk tasks, 4 needed",
    );
    const without = ["fresh", "registered"].map((criterion) => ({ criterion, needs: null })) as unknown as ReturnType<typeof unreachable>;
    expect(missingText([...without, least("tasks", 1, 5)])).toBe("1 low-risk task, 5 needed; fresh, registered can't be met by any candidate");
  });

  it("keeps a design from promoting", () => {
    expect(canPromote(design(80, 3))).toBe(true);
    expect(canPromote(design(26, 10))).toBe(false);
    expect(canPromote(design(0, 0))).toBe(false);
  });

  it("may be too few tasks in families enough", () => {
    const many = { ...rules, min_tasks: 240 };
    expect(needs(design(80, 2, { rules: many }))["enough-tasks"]).toEqual({ what: "tasks", is: 160, least: 240 });
    expect(needs(design(80, 3, { rules: many }))["enough-tasks"]).toBeUndefined();
  });

  it("is everything without a task", () => {
    expect(unreachable(design(0, 0))).toEqual([{ criterion: "enough-tasks", needs: null }]);
  });
});

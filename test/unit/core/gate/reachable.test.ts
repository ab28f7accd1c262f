// Before anything is run: what no candidate could meet with a plan, and what would make it so.
import { describe, expect, it } from "vitest";
import type { GateDesign } from "../../../../src/core/gate/planning/design.ts";
import { hopeless, missingText, unreachable } from "../../../../src/core/gate/planning/reachable.ts";
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

  it("is everything without a task", () => {
    expect(unreachable(design(0, 0))).toEqual([{ criterion: "enough-tasks", needs: null }]);
  });
});

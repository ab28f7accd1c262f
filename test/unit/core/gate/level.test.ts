// The level of gates that share α: whoever gates again spends what is left, and never more than all of it.
import { describe, expect, it } from "vitest";
import { levelOfGate } from "../../../../src/core/gate/level.ts";

describe("the level of a gate", () => {
  it("is the policy's own where no chain tells how many gates there were", () => {
    expect(levelOfGate(0.05, null)).toBe(0.05);
  });

  it("is four fifths of it for the first of a chain, and falls", () => {
    const levels = Array.from({ length: 6 }, (_, before) => levelOfGate(0.05, before));
    expect(levels[0]).toBeCloseTo(0.04, 12);
    expect(levels[1]).toBeCloseTo(0.005, 12);
    expect(levels.toSorted((a, b) => b - a)).toEqual(levels);
  });

  it("comes to no more than α over any number of gates", () => {
    const sum = Array.from({ length: 10_000 }, (_, before) => levelOfGate(0.05, before)).reduce((total, level) => total + level, 0);
    expect(sum).toBeLessThan(0.05);
    expect(sum).toBeGreaterThan(0.0499);
  });
});

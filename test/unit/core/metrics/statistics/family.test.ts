// Differences by family: exact values, what no difference seen is worth, and one-sided errors by simulation.
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { familyDifference, familyDifferenceAbove, type FamilyPair } from "../../../../../src/core/metrics/statistics/family.ts";
import { congruential } from "./congruential.ts";

interface Shape {
  readonly families: number;
  readonly size: number;
  /** Share of a family's tasks that come out as their family does, on each side by itself. */
  readonly alike: number;
  readonly lead: number;
}

function drawPairs(random: Random, { families, size, alike, lead }: Shape): FamilyPair[] {
  return Array.from({ length: families }, (_, family) => {
    const own = random.next() < 0.7 + lead ? 1 : 0;
    const other = random.next() < 0.7 ? 1 : 0;
    return Array.from({ length: size }, (__, task): FamilyPair => {
      const passes = (whole: number, rate: number): number => (random.next() < alike ? whole : random.next() < rate ? 1 : 0);
      return {
        task: `${family}/${task}`,
        family: String(family),
        candidate: { passes: passes(own, 0.7 + lead), trials: 1 },
        reference: { passes: passes(other, 0.7), trials: 1 },
      };
    });
  }).flat();
}

const tied = (families: number, size: number): FamilyPair[] =>
  Array.from({ length: families * size }, (_, index) => {
    const same = { passes: 1, trials: 3 };
    return { task: String(index), family: String(Math.floor(index / size)), candidate: same, reference: same };
  });

describe("familyDifference", () => {
  it.each([
    [6, 0.393],
    [12, 0.221],
    [59, 0.0495],
  ])("of %d families without a difference is bounded by %d, one-sided at 5 %", (families, bound) => {
    const { value, low, high } = familyDifference(tied(families, 10), 0.9);
    expect([value, low, high].map((end) => Number((end as number).toFixed(families === 59 ? 4 : 3)))).toEqual([0, -bound, bound]);
    expect(familyDifferenceAbove(tied(families, 10), -0.05)).toBeCloseTo(0.95 ** families, 10);
  });

  it("is bounded by nothing where all tie and the margin is a gain", () => {
    expect([0, 0.1, 0.5].map((margin) => familyDifferenceAbove(tied(12, 2), margin))).toEqual([1, 1, 1]);
  });

  it("is bounded by the exact bound of so many families, but not in decisions of format 2", () => {
    const won = Array.from({ length: 20 }, (_, index): FamilyPair => {
      const [passed, failed] = [1, 0].map((passes) => ({ passes, trials: 1 })) as [FamilyPair["candidate"], FamilyPair["candidate"]];
      return { task: String(index), family: String(index % 4), candidate: index < 4 ? failed : passed, reference: failed };
    });
    // Four of four families: the lower bound at 95 % is 2 · 0.025^(1/4) − 1, and no p-value is below 0.5⁴.
    const most = 2 * 0.025 ** (1 / 4) - 1;
    expect(familyDifference(won).low).toBeCloseTo(most, 12);
    expect(familyDifference(won, 0.95, "even").low).toBeGreaterThan(0);
    expect(familyDifferenceAbove(won, 0)).toBe(0.5 ** 4);
    expect(familyDifferenceAbove(won, 0, "even")).toBeLessThan(0.5 ** 4);
  });

  // As the ones below, with Student's t at one degree of freedom.
  it("of two families, doubted evenly, is scipy's", () => {
    const pairs = [1, 1, 0, 0, -1, 1, 0, 0, 0, 0].map((lead, index): FamilyPair => {
      const side = (passes: boolean) => ({ passes: passes ? 1 : 0, trials: 1 });
      return { task: String(index), family: String(index < 5), candidate: side(lead > 0), reference: side(lead < 0) };
    });
    const { value, low, high } = familyDifference(pairs, 0.9, "even");
    expect([value, low, high]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(-0.663_986_191_5, 8), expect.closeTo(0.820_587_067_2, 8)]);
    expect(familyDifferenceAbove(pairs, -0.05, "even")).toBeCloseTo(0.173_745_585, 8);
  });

  // Leave-one-out in numpy; Tango's score with its nuisance parameter found numerically, bounds by scipy's brentq, Student's t from scipy.
  it.each([
    [[60, 8, 3], 0.95, [0.0611111111111111, -0.1471314455866728, 0.2656476483148788], 0.11802592680136492],
    [[200, 26, 1], 0.9, [0.05, -0.0336905594803857, 0.13307145795233896], 0.026117261267994313],
    [[57, 21, 6], 0.95, [0.0935672514619883, -0.01939636082660072, 0.21217578407382992], 0.00917557262043674],
  ] as const)("of %o tasks, families and trials at %d, doubted evenly, is scipy's", ([tasks, families, trials], confidence, expected, p) => {
    const next = congruential(777n);
    const passes = (chance: number): number => Array.from({ length: trials }, () => next() % 10 < chance).filter(Boolean).length;
    const pairs = Array.from({ length: tasks }, (_, index): FamilyPair => {
      const family = next() % families;
      const candidate = { passes: passes(family % 3 === 0 ? 5 : 8), trials };
      return { task: String(index), family: String(family), candidate, reference: { passes: passes(family % 2 === 0 ? 6 : 7), trials } };
    });
    const { value, low, high } = familyDifference(pairs, confidence, "even");
    for (const [index, found] of [value, low, high].entries()) expect(Math.abs((found as number) - (expected[index] ?? 0))).toBeLessThan(1e-9);
    expect(Math.abs(familyDifferenceAbove(pairs, -0.05, "even") - p)).toBeLessThan(1e-9);
  });

  it("mirrors where the sides are swapped, and holds its own value", () => {
    const random = createRandom("mirror");
    for (let draw = 0; draw < 50; draw += 1) {
      const pairs = drawPairs(random, { families: 8, size: 4, alike: 0.3, lead: 0 });
      const { value, low, high } = familyDifference(pairs);
      const other = familyDifference(pairs.map((pair) => ({ ...pair, candidate: pair.reference, reference: pair.candidate })));
      expect(other.low).toBeCloseTo(-(high as number), 8);
      expect(low).toBeLessThanOrEqual(value as number);
      expect(high).toBeGreaterThanOrEqual(value as number);
    }
  });

  it("is above the margin just where its p-value is below the level", () => {
    const random = createRandom("p-value");
    for (let draw = 0; draw < 100; draw += 1) {
      const pairs = drawPairs(random, { families: 20, size: 4, alike: 0.3, lead: 0.1 });
      expect((familyDifference(pairs, 0.9).low as number) > -0.05).toBe(familyDifferenceAbove(pairs, -0.05) < 0.05);
    }
  });

  const shapes = [
    [20, 10],
    [6, 10],
    [12, 5],
  ] as const;
  const cases = shapes.flatMap(([families, size]) => [0, 0.3, 0.6, 0.95].map((alike) => [families, size, alike] as const));
  // α = 5 %, 400 draws: one point more, and three standard errors of the simulation.
  it.each(cases)("errs no more often than 6 % with %d families of %d tasks of which a share of %d goes by its family", (families, size, alike) => {
    const random = createRandom(`families/${families}/${size}/${alike}`);
    let [wrong, covered] = [0, 0];
    for (let draw = 0; draw < 400; draw += 1) {
      const pairs = drawPairs(random, { families, size, alike, lead: -0.05 });
      if ((familyDifference(pairs, 0.9).low as number) > -0.05) wrong += 1;
      const { low, high } = familyDifference(pairs, 0.95);
      if ((low as number) <= -0.05 && (high as number) >= -0.05) covered += 1;
    }
    expect(wrong / 400).toBeLessThan(0.06 + 0.036);
    expect(covered / 400).toBeGreaterThan(0.93 - 0.038);
  });
});

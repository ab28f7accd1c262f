// Rates by family: against an independent computation, what no difference seen is worth, and how often intervals hold the truth.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { clusteredRate, familyRate, type FamilyTally, type RateTerms } from "../../../../../src/core/metrics/statistics/family-rate.ts";
import { clopperPearson, wilson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { congruential } from "./congruential.ts";

const EXACT: RateTerms = { bounds: "exact", alike: "families" };
const SCORE: RateTerms = { bounds: "score", alike: "families" };

const tally = (family: string, passes: number, trials: number): FamilyTally => ({ family, passes, trials });

function sample(tasks: number, families: number, trials: number): FamilyTally[] {
  const next = congruential(12_345n);
  return Array.from({ length: tasks }, () => {
    const family = next() % families;
    const passes = Array.from({ length: trials }, () => next() % 10 < (family % 3 === 0 ? 4 : 8)).filter(Boolean).length;
    return { family: String(family), passes, trials };
  });
}

describe("familyRate", () => {
  it("is Clopper and Pearson's where each family is one task that was tried once", () => {
    const tallies = Array.from({ length: 10 }, (_, index) => ({ family: String(index), passes: index < 8 ? 1 : 0, trials: 1 }));
    const [found, exact] = [familyRate(tallies, 0.95, EXACT), clopperPearson(8, 10)];
    expect(found).toMatchObject({ value: 0.8, n: 10 });
    expect(found.low).toBeCloseTo(exact.low as number, 12);
    expect(found.high).toBeCloseTo(exact.high as number, 12);
  });

  it("rests on the number of families where all tasks agree", () => {
    const all = (families: number) => Array.from({ length: families * 5 }, (_, index) => ({ family: String(index % families), passes: 2, trials: 2 }));
    expect(1 - (familyRate(all(6), 0.9, EXACT).low as number)).toBeCloseTo(0.393, 3);
    expect(1 - (familyRate(all(12), 0.9, EXACT).low as number)).toBeCloseTo(0.221, 3);
  });

  it("takes the trials of a task alone for alike where it is told to", () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ family: String(index % 6), passes: 2, trials: 2 }));
    expect(familyRate(all, 0.9, { ...EXACT, alike: "tasks" }).low).toBeCloseTo(0.05 ** (1 / 60), 10);
  });

  it("is by family unless each family is one task that came out as one", () => {
    const methods = (tallies: readonly FamilyTally[]) => [EXACT, SCORE].map((terms) => familyRate(tallies, 0.9, terms).method);
    const byFamily = ["clopper-pearson by family", "wilson by family"];
    expect(methods([tally("a", 1, 1), tally("b", 0, 1)])).toEqual(["clopper-pearson by family", "wilson"]);
    expect(methods([tally("a", 2, 2), tally("b", 0, 2)])).toEqual(["clopper-pearson by family", "wilson"]);
    expect(methods([tally("a", 1, 1), tally("a", 0, 1), tally("b", 1, 1)])).toEqual(byFamily);
    expect(methods([tally("a", 1, 2), tally("b", 0, 1), tally("c", 1, 1)])).toEqual(byFamily);
    expect(methods([tally("a", 1, 2), tally("b", 1, 2)])).toEqual(byFamily);
  });

  it("of a later draw has twice the variance: bounds as of half as many", () => {
    const values = Array.from({ length: 20 }, (_, index) => ({ cluster: String(index), value: index < 10 ? 1 : 0 }));
    const { value, low, high, n } = clusteredRate(values, 0.95, { ...EXACT, later: true });
    const half = clopperPearson(5, 10);
    expect([value, n]).toEqual([0.5, 20]);
    expect(low).toBeCloseTo(half.low as number, 12);
    expect(high).toBeCloseTo(half.high as number, 12);
    expect(clusteredRate(values, 0.95, { ...EXACT, later: false })).toEqual(clusteredRate(values, 0.95, EXACT));
  });

  it("says nothing of no trials", () => {
    expect(familyRate([{ family: "a", passes: 0, trials: 0 }], 0.95, EXACT)).toMatchObject({ value: null, low: null, high: null, n: 0 });
  });

  it("by the score is Wilson's where each family is one task that was tried once, and rests on the families where all agree", () => {
    const tallies = Array.from({ length: 10 }, (_, index) => ({ family: String(index), passes: index < 8 ? 1 : 0, trials: 1 }));
    expect(familyRate(tallies, 0.95, SCORE)).toEqual(wilson(8, 10));
    const same = Array.from({ length: 30 }, (_, index) => ({ family: String(index % 6), passes: 2, trials: 2 }));
    expect(familyRate(same, 0.95, SCORE).low).toBeCloseTo(wilson(6, 6).low as number, 12);
  });

  // Leave-one-out in numpy, scipy's beta and t quantiles, and the score equation solved by scipy's brentq.
  it.each([
    [[60, 8, 3], 0.95, "families", { exact: [0.38930431999616294, 0.7417507443270804], score: [0.4051862431497173, 0.7242713039716181] }],
    [[200, 26, 6], 0.9, "families", { exact: [0.5490229717517519, 0.7042344071054458], score: [0.5530777511243556, 0.69934336597786] }],
    [[57, 21, 6], 0.95, "families", { exact: [0.5722083579898758, 0.7675050737025846], score: [0.5765808633783115, 0.7607911716062631] }],
    [[60, 8, 3], 0.95, "tasks", { exact: [0.3961137995938406, 0.7358876135277606], score: [0.41083999157243184, 0.7195723094624236] }],
  ] as const)("of %o tasks, families and trials at %d with %s alike, doubted evenly, is scipy's", ([tasks, families, trials], confidence, alike, expected) => {
    for (const bounds of ["exact", "score"] as const) {
      const { low, high } = familyRate(sample(tasks, families, trials), confidence, { bounds, alike, doubt: "even" });
      expect(Math.abs((low as number) - expected[bounds][0])).toBeLessThan(1e-9);
      expect(Math.abs((high as number) - expected[bounds][1])).toBeLessThan(1e-9);
    }
  });

  // 95 %, 200 draws: two points less, and three standard errors of the simulation. Tasks alone as units cover 70 % of these with 20 × 10.
  it.each([
    [20, 10, 1],
    [12, 5, 3],
    [80, 3, 1],
  ])("as reports show it holds the truth with %d families of %d tasks that mostly go by their family", (families, size, trials) => {
    const random = createRandom(`rate/${families}/${size}`);
    let held = 0;
    for (let draw = 0; draw < 200; draw += 1) {
      const tallies = Array.from({ length: families }, (_, family) => {
        const own = random.next() < 0.7 ? 1 : 0;
        return Array.from({ length: size }, () => {
          const chance = random.next() < 0.7 ? own : 0.7;
          return { family: String(family), passes: Array.from({ length: trials }, () => random.next() < chance).filter(Boolean).length, trials };
        });
      }).flat();
      const { low, high } = familyRate(tallies, 0.95, SCORE);
      if ((low as number) <= 0.7 && 0.7 <= (high as number)) held += 1;
    }
    expect(held / 200).toBeGreaterThan(0.93 - 0.047);
  });
});

// Paired comparisons: published values, coverage and one-sided error by simulation, properties.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Random } from "../../../../../src/core/base/random.ts";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { exactMcNemar } from "../../../../../src/core/metrics/statistics/mcnemar.ts";
import { differenceAbove, pairedDifference, tangoInterval, type TaskPair } from "../../../../../src/core/metrics/statistics/paired.ts";
import { CASES, drawPasses, drawTaskRate, measureCoverage } from "../coverage.ts";

const SEEDED = { seed: 11, numRuns: 300 };
const share = fc.integer({ min: 1, max: 5 }).chain((trials) => fc.record({ passes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }));
const pairsOf = fc
  .array(fc.record({ candidate: share, reference: share }), { minLength: 1, maxLength: 40 })
  .map((rows) => rows.map((row, index): TaskPair => ({ task: `t${index}`, ...row })));

/** By rows: passes and trials of the candidate, then of the reference. */
const pairsWith = (rows: readonly (readonly number[])[]): readonly TaskPair[] =>
  rows.map(([own = 0, ownTrials = 0, other = 0, otherTrials = 0], index) => ({
    task: `t${index}`,
    candidate: { passes: own, trials: ownTrials },
    reference: { passes: other, trials: otherTrials },
  }));

const swapped = (pairs: readonly TaskPair[]): readonly TaskPair[] =>
  pairs.map(({ task, candidate, reference }) => ({ task, candidate: reference, reference: candidate }));

/** Both sides share each task's rate, moved by `lead`. */
function drawPairs(random: Random, shape: { readonly n: number; readonly p: number; readonly epochs: number; readonly lead?: number }): TaskPair[] {
  return Array.from({ length: shape.n }, (_, index) => {
    const rate = drawTaskRate(random, shape.p);
    const tally = (own: number) => ({ passes: drawPasses(random, shape.epochs, own), trials: shape.epochs });
    return { task: `t${index}`, candidate: tally(rate + (shape.lead ?? 0)), reference: tally(rate) };
  });
}

describe("exactMcNemar", () => {
  it.each([
    [10, 3, 0.0923],
    [5, 0, 0.0625],
    [4, 4, 1],
    [0, 0, 1],
    // Airway hyper-responsiveness before and after stem cell transplantation: Fagerland, Lydersen & Laake 2013, table 1.
    [1, 7, 0.0703],
  ])("of %d against %d discordant tasks is p = %d", (a, b, p) => {
    expect(exactMcNemar(a, b)).toBeCloseTo(p, 4);
    expect(exactMcNemar(b, a)).toBe(exactMcNemar(a, b));
  });
});

describe("tangoInterval", () => {
  it.each([
    // Fagerland, Lydersen & Laake 2014, airway hyper-responsiveness: 1, 1, 7, 12.
    [1, 7, 21, -0.517, -0.026],
    // Agresti & Min 2005: 53, 16, 8, 9.
    [16, 8, 86, -0.02, 0.207],
    // Tango 1998, contact lenses: 43, 0, 1, 0; and a cross-over trial: 4, 9, 3, 16.
    [0, 1, 44, -0.118, 0.059],
    [9, 3, 32, -0.027, 0.39],
  ])("of %d and %d of %d is the published interval", (...[b, c, n, low, high]) => {
    const interval = tangoInterval(b, c, n);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  it("does not claim certainty where no task is discordant", () => {
    const { value, low, high } = tangoInterval(0, 0, 57);
    expect(value).toBe(0);
    expect(low).toBeLessThan(-0.06);
    expect(high).toBeGreaterThan(0.06);
  });

  it("says nothing about no tasks and refuses impossible counts", () => {
    expect(tangoInterval(0, 0, 0)).toMatchObject({ value: null, low: null, n: 0 });
    expect(() => tangoInterval(3, 3, 5)).toThrow(expect.objectContaining({ code: "invariant" }));
  });
});

describe("pairedDifference", () => {
  it("is Tango's where each side has one trial a task", () => {
    const pairs = Array.from(
      { length: 21 },
      (_, index): TaskPair => ({
        task: `t${index}`,
        candidate: { passes: index < 2 ? 1 : 0, trials: 1 },
        reference: { passes: index < 1 || (index > 1 && index < 9) ? 1 : 0, trials: 1 },
      }),
    );
    expect(pairedDifference(pairs)).toEqual(tangoInterval(1, 7, 21));
  });

  // numpy's variance, scipy's Student t, and Tango's score whose nuisance parameter maximises the likelihood, solved by scipy's brentq.
  it("of tasks that were tried unequally often is scipy's", () => {
    const pairs = pairsWith([
      [3, 3, 1, 3],
      [2, 3, 2, 3],
      [1, 3, 2, 3],
      [3, 3, 0, 3],
      [0, 3, 1, 3],
      [2, 2, 1, 2],
      [3, 3, 3, 3],
      [1, 2, 1, 2],
      [2, 3, 1, 3],
    ]);
    const { value, low, high, n } = pairedDifference(pairs);
    expect([value, n]).toEqual([expect.closeTo(11 / 54, 12), 9]);
    expect(low).toBeCloseTo(-0.201_634_87, 7);
    expect(high).toBeCloseTo(0.548_041_24, 7);
    const narrower = pairedDifference(pairs, 0.9);
    expect(narrower.low).toBeCloseTo(-0.113_631_81, 7);
    expect(narrower.high).toBeCloseTo(0.486_778_72, 7);
    expect(differenceAbove(pairs, -0.05)).toBeCloseTo(0.082_119_78, 7);
    expect(differenceAbove(pairs, 0.1)).toBeCloseTo(0.259_774_61, 7);
  });

  // The same of a few tasks, and of tasks that all differ alike: those are worth no more than their number.
  it.each([
    {
      what: "two tasks",
      rows: [
        [2, 3, 1, 3],
        [3, 3, 1, 3],
      ],
      confidence: 0.8,
      margin: -0.05,
      low: -0.269_169_519,
      high: 0.858_043_182,
      p: 0.131_430_802,
    },
    {
      what: "one half ahead throughout",
      rows: Array.from({ length: 10 }, () => [2, 2, 1, 2]),
      confidence: 0.95,
      margin: 0,
      low: -0.007_762_939,
      high: 0.790_907_469,
      p: 0.026_088_621,
    },
  ])("of $what is scipy's", ({ rows, confidence, margin, low, high, p }) => {
    const pairs = pairsWith(rows);
    const found = pairedDifference(pairs, confidence);
    expect(found).toMatchObject({ value: expect.closeTo(0.5, 12) as number, n: rows.length, method: "clustered-score" });
    expect(found.low).toBeCloseTo(low, 7);
    expect(found.high).toBeCloseTo(high, 7);
    expect(differenceAbove(pairs, margin)).toBeCloseTo(p, 7);
  });

  it("is clustered as soon as either side tried a task more than once, and as unsure of one task as of two", () => {
    expect([pairsWith([[1, 1, 1, 2]]), pairsWith([[1, 2, 1, 1]])].map((pairs) => pairedDifference(pairs).method)).toEqual([
      "clustered-score",
      "clustered-score",
    ]);
    const { low, high } = pairedDifference(pairsWith([[2, 2, 1, 2]]));
    expect([low as number, high as number].map((bound) => Math.abs(bound) > 0.9)).toEqual([true, true]);
  });

  it("does not grow surer by repeating the same outcomes", () => {
    const once = [1, 0, 1, 1, 0, 1].map((passes, index) => ({
      task: `t${index}`,
      candidate: { passes: passes * 2, trials: 2 },
      reference: { passes: 1, trials: 2 },
    }));
    const often = once.map(({ task, candidate }) => ({
      task,
      candidate: { passes: candidate.passes * 50, trials: 100 },
      reference: { passes: 50, trials: 100 },
    }));
    const [few, many] = [pairedDifference(once), pairedDifference(often)];
    expect(many.low).toBeCloseTo(few.low as number, 10);
    expect(many.high).toBeCloseTo(few.high as number, 10);
  });

  it("stays in [-1, 1], in order, and mirrors when the sides are swapped", () => {
    const property = fc.property(pairsOf, fc.constantFrom(0.8, 0.95, 0.99), (pairs, confidence) => {
      const { value, low, high } = pairedDifference(pairs, confidence);
      expect(low).toBeGreaterThanOrEqual(-1);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(value as number);
      expect(high).toBeGreaterThanOrEqual(value as number);
      const mirrored = pairedDifference(swapped(pairs), confidence);
      expect(mirrored.low).toBeCloseTo(-(high as number), 8);
      expect(mirrored.high).toBeCloseTo(-(low as number), 8);
    });
    fc.assert(property, SEEDED);
  });

  it("rises when the candidate passes one more task", () => {
    const flags = (ahead: number): TaskPair[] =>
      Array.from({ length: 30 }, (_, index) => ({
        task: `t${index}`,
        candidate: { passes: index < ahead ? 1 : 0, trials: 1 },
        reference: { passes: index % 2, trials: 1 },
      }));
    for (let ahead = 0; ahead < 30; ahead += 1) expect(pairedDifference(flags(ahead + 1)).low).toBeGreaterThan(pairedDifference(flags(ahead)).low as number);
  });

  const cases = CASES.flatMap(([n, p]) => [1, 3].map((epochs) => [n, p, epochs] as const));
  it.each(cases)("covers no difference in 93 to 97 of 100 runs for n = %d, p = %d, %d epochs", (n, p, epochs) => {
    const observed = measureCoverage(`paired/${n}/${p}/${epochs}`, 0, (random) => pairedDifference(drawPairs(random, { n, p, epochs })));
    expect(observed).toBeGreaterThan(0.93);
    expect(observed).toBeLessThan(0.975);
  });
});

describe("differenceAbove", () => {
  it("finds the published non-inferiority: contact lenses cleaned chemically, by a margin of 10 points", () => {
    // Tango 1998: 43 of 44 by both ways, one by the standard way alone; 90 % interval from -0.096 to 0.037, so not inferior at 5 %.
    const pairs = Array.from({ length: 44 }, (_, index): TaskPair => {
      const tally = (passes: number) => ({ passes, trials: 1 });
      return { task: `p${index}`, candidate: tally(index < 43 ? 1 : 0), reference: tally(1) };
    });
    const { low, high } = pairedDifference(pairs, 0.9);
    expect(low).toBeCloseTo(-0.096, 3);
    expect(high).toBeCloseTo(0.037, 3);
    expect(differenceAbove(pairs, -0.1)).toBeLessThan(0.05);
    expect(differenceAbove(pairs, -0.09)).toBeGreaterThan(0.05);
  });

  it("is below α just where the one-sided bound is above the margin", () => {
    const property = fc.property(pairsOf, fc.constantFrom(-0.1, -0.05, 0), (pairs, margin) => {
      const { low } = pairedDifference(pairs, 0.9);
      const p = differenceAbove(pairs, margin);
      if (Math.abs(p - 0.05) > 1e-6) expect(p < 0.05).toBe((low as number) > margin);
    });
    fc.assert(property, SEEDED);
  });

  it("finds a candidate that lies on the margin not inferior in about 5 of 100 runs", () => {
    const random = createRandom("on the margin");
    let wrong = 0;
    for (let draw = 0; draw < 2000; draw += 1) {
      const pairs = drawPairs(random, { n: 60, p: 0.5, epochs: 3 }).map((pair) => ({
        ...pair,
        candidate: { passes: drawPasses(random, 3, 0.45), trials: 3 },
        reference: { passes: drawPasses(random, 3, 0.5), trials: 3 },
      }));
      if (differenceAbove(pairs, -0.05) < 0.05) wrong += 1;
    }
    // 0.05 plus three standard errors of the simulation.
    expect(wrong / 2000).toBeLessThan(0.065);
  });

  it("is one half where no task differs and no difference is asked about, and 1 at the whole scale whatever was seen", () => {
    expect(
      differenceAbove(
        pairsWith([
          [1, 1, 1, 1],
          [0, 1, 0, 1],
        ]),
        0,
      ),
    ).toBeCloseTo(0.5, 12);
    expect(
      differenceAbove(
        pairsWith([
          [1, 1, 0, 1],
          [1, 1, 0, 1],
        ]),
        1,
      ),
    ).toBe(1);
  });

  it("says nothing about no tasks", () => {
    expect(differenceAbove([], 0)).toBe(1);
  });
});

// Statistics by family against statsmodels, scipy and numpy (by-family.py), and the situations that the first doubt did not hold in.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../../../src/core/base/random.ts";
import { type ClusteredValue, clusterMean, type Doubt } from "../../../../../src/core/metrics/statistics/cluster.ts";
import { familyDifference, familyDifferenceAbove, type FamilyPair } from "../../../../../src/core/metrics/statistics/family.ts";
import { clusteredRate, familyRate, type FamilyTally } from "../../../../../src/core/metrics/statistics/family-rate.ts";
import { shareOf } from "../../../../../src/core/metrics/statistics/paired.ts";
import { congruential } from "./congruential.ts";

type Sample = readonly [tasks: number, families: number, trials: number];
interface Made {
  readonly differences: readonly { sample: Sample; confidence: number; value: number; low: number; high: number; above: number; statsmodels: number }[];
  readonly rare: readonly {
    families: number;
    size: number;
    lost: readonly number[];
    confidence: number;
    low: number;
    high: number;
    above: number;
    statsmodels: number;
  }[];
  readonly rates: readonly { sample: Sample; chances: readonly [number, number]; confidence: number; low: number; high: number; statsmodels: number }[];
}
const text = await readFile(new URL("by-family.json", import.meta.url), "utf8");
const made = JSON.parse(text) as Made;

function pairsOf([tasks, families, trials]: Sample): FamilyPair[] {
  const next = congruential(777n);
  const passes = (chance: number): number => Array.from({ length: trials }, () => next() % 10 < chance).filter(Boolean).length;
  return Array.from({ length: tasks }, (_, index): FamilyPair => {
    const family = next() % families;
    const candidate = { passes: passes(family % 3 === 0 ? 5 : 8), trials };
    return { task: String(index), family: String(family), candidate, reference: { passes: passes(family % 2 === 0 ? 6 : 7), trials } };
  });
}

function talliesOf([tasks, families, trials]: Sample, chances: readonly [number, number]): FamilyTally[] {
  const next = congruential(12_345n);
  return Array.from({ length: tasks }, () => {
    const family = next() % families;
    return {
      family: String(family),
      passes: Array.from({ length: trials }, () => next() % 10 < chances[family % 3 === 0 ? 0 : 1]).filter(Boolean).length,
      trials,
    };
  });
}

const isNear = (found: number | null | undefined, expected: number): void => expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThan(1e-9);

describe("statistics by family", () => {
  it.each(made.differences)("of differences in $sample are scipy's, their clustered error statsmodels'", ({ sample, confidence, ...expected }) => {
    const pairs = pairsOf(sample);
    const { value, low, high } = familyDifference(pairs, confidence);
    isNear(value, expected.value);
    isNear(low, expected.low);
    isNear(high, expected.high);
    isNear(familyDifferenceAbove(pairs, -0.05), expected.above);
    const leads = pairs.map(({ family, candidate, reference }) => ({ cluster: family, value: shareOf(candidate) - shareOf(reference) }));
    isNear(clusterMean(leads)?.cv1, expected.statsmodels);
  });

  it.each(made.rare)(
    "of nothing but losses, $lost of $size in $families families, are no more certain than scipy's exact bound",
    ({ families, size, lost, confidence, ...expected }) => {
      const pairs = Array.from({ length: families * size }, (_, index): FamilyPair => {
        const [family, place] = [Math.floor(index / size), index % size];
        const passes = place < (lost[family] ?? 0) ? 0 : 1;
        return { task: String(index), family: String(family), candidate: { passes, trials: 1 }, reference: { passes: 1, trials: 1 } };
      });
      const { low, high } = familyDifference(pairs, confidence);
      isNear(low, expected.low);
      isNear(high, expected.high);
      isNear(familyDifferenceAbove(pairs, -0.05), expected.above);
    },
  );

  it.each(made.rates)("of rates in $sample are scipy's, their clustered error statsmodels'", ({ sample, chances, confidence, ...expected }) => {
    const tallies = talliesOf(sample, chances);
    const { low, high } = familyRate(tallies, confidence, { bounds: "exact", alike: "families" });
    isNear(low, expected.low);
    isNear(high, expected.high);
    isNear(clusterMean(tallies.map((tally) => ({ cluster: tally.family, value: shareOf(tally) })))?.cv1, expected.statsmodels);
  });
});

const CORRELATION = 0.6;

/** Each task goes by its family with the root of the correlation for a chance. */
function drawn<T>(random: Random, [families, size]: readonly [number, number, ...unknown[]], one: () => T): { readonly family: string; readonly own: T }[] {
  return Array.from({ length: families }, (_, family) => {
    const common = one();
    return Array.from({ length: size }, () => ({ family: String(family), own: random.next() < Math.sqrt(CORRELATION) ? common : one() }));
  }).flat();
}

const DRAWS = 300;
const shareWrong = (isWrong: () => boolean): number => Array.from({ length: DRAWS }, isWrong).filter(Boolean).length / DRAWS;
/** One point more than α, and three standard errors of the simulation. */
const MOST = 0.06 + 3 * Math.sqrt((0.05 * 0.95) / DRAWS);

describe("families that all say the same", () => {
  const all = (families: number, tasks: number): FamilyPair[] =>
    Array.from({ length: families * tasks }, (_, index): FamilyPair => {
      const [passed, failed] = [
        { passes: 1, trials: 1 },
        { passes: 0, trials: 1 },
      ];
      return { task: String(index), family: String(index % families), candidate: passed, reference: failed };
    });

  it.each([1, 2, 3, 4, 5, 6, 7])("are no certainty: %i of them come near to what the sign test says of as many", (families) => {
    const sign = 0.5 ** families;
    for (const tasks of [1, 10]) {
      const p = familyDifferenceAbove(all(families, tasks), 0);
      expect(p / sign).toBeGreaterThan(0.6);
      expect(p / sign).toBeLessThan(1.1);
    }
  });

  it("are no less certain than families of which one task says otherwise", () => {
    const nearly = (families: number): FamilyPair[] =>
      all(families, 10).with(0, { ...(all(1, 1)[0] as FamilyPair), family: "0", candidate: { passes: 0, trials: 1 } });
    for (const families of [3, 6, 9]) {
      expect(familyDifferenceAbove(nearly(families), 0)).toBeGreaterThanOrEqual(0.5 ** families);
      expect(familyDifference(nearly(families)).low).toBeLessThan(2 * 0.025 ** (1 / families) - 1 + 1e-9);
    }
  });

  it("decide nothing at 95 % as long as they are five", () => {
    expect(familyDifference(all(5, 10)).low).toBeLessThan(0);
    expect(familyDifference(all(6, 10)).low).toBeGreaterThan(0);
  });
});

describe("where families are large and few of them fail", () => {
  const wrongRates = (doubt: Doubt, shape: readonly [number, number, number]): number => {
    const random = createRandom(`large/${shape.join("/")}`);
    const rate = shape[2];
    return shareWrong(() => {
      const values = drawn(random, shape, () => (random.next() < rate ? 1 : 0));
      const shares = values.map(({ family, own }): ClusteredValue => ({ cluster: family, value: own }));
      return (clusteredRate(shares, 0.9, { bounds: "exact", alike: "families", doubt }).low as number) > rate;
    });
  };

  it.each([
    [26, 10, 0.95],
    [12, 10, 0.9],
    [12, 20, 0.9],
  ] as const)("a rate's exact bound with %d families of %d tasks, %d passing, holds as it says; doubted evenly it did not", (...shape) => {
    expect(wrongRates("by-size", shape)).toBeLessThan(MOST);
    expect(wrongRates("even", shape)).toBeGreaterThan(MOST);
  });

  const wrongDifferences = (doubt: Doubt, shape: readonly [number, number]): number => {
    const random = createRandom(`rare/${shape.join("/")}`);
    return shareWrong(() => {
      const pairs = drawn(random, shape, () => (random.next() < 0.05 ? 0 : 1)).map(
        ({ family, own }, task): FamilyPair => ({
          task: String(task),
          family,
          candidate: { passes: own, trials: 1 },
          reference: { passes: 1, trials: 1 },
        }),
      );
      return familyDifferenceAbove(pairs, -0.05, doubt) < 0.05;
    });
  };

  it.each([
    [20, 20],
    [40, 10],
  ] as const)("nor is a candidate of %d families of %d tasks, with rare losses that come by family, found not inferior", (...shape) => {
    expect(wrongDifferences("by-size", shape)).toBeLessThan(MOST);
    expect(wrongDifferences("even", shape)).toBeGreaterThan(MOST);
  });
});

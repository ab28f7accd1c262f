// A ratio over families: resampled as wholes, widened where few of them differ, and open where something is unknown.
import { describe, expect, it } from "vitest";
import { bcaBootstrap } from "../../../../../src/core/metrics/statistics/bootstrap.ts";
import { type FamilyPair, familyDifference } from "../../../../../src/core/metrics/statistics/family.ts";
import { familyParity } from "../../../../../src/core/metrics/statistics/family-parity.ts";
import { ratioOfMeans } from "../../../../../src/core/metrics/statistics/parity.ts";

const SEED = { seed: 7, resamples: 1000 };
const pair = (index: number, own: number, other: number, size: number): FamilyPair => ({
  task: `t${index}`,
  family: `f${Math.floor(index / size)}`,
  candidate: { passes: own, trials: 4 },
  reference: { passes: other, trials: 4 },
});
/** So many pairs in families of so many, in which the candidate falls behind in every `distance`-th. */
const pairsOf = (count: number, size: number, distance: number) =>
  Array.from({ length: count }, (_, index) => pair(index, index % distance === 0 ? 1 : 3, 3, size));
const known = (pairs: readonly FamilyPair[]) => familyParity({ pairs, worst: pairs, best: pairs }, SEED);

describe("the parity of families", () => {
  it("is the ratio of the rates, with the bounds of a bootstrap over families", () => {
    const pairs = pairsOf(60, 3, 2);
    const sums = (of: "candidate" | "reference") =>
      Float64Array.from({ length: 20 }, (_, family) => pairs.slice(3 * family, 3 * family + 3).reduce((sum, one) => sum + one[of].passes / one[of].trials, 0));
    const plain = bcaBootstrap({ first: sums("candidate"), second: sums("reference") }, ratioOfMeans, "parity/7", 1000);
    const { value, n, at } = known(pairs);
    expect([value, n]).toEqual([plain.value, 60]);
    expect(value).toBeCloseTo(2 / 3, 12);
    expect(at(0.9)).toEqual({ ...plain.at(0.9), n: 60, method: "bootstrap-bca by family" });
  });

  it("is drawn by its own seed", () => {
    const uneven = Array.from({ length: 45 }, (_, index) => pair(index, (index * 7) % 5, 1 + ((index * 3) % 4), 1));
    const sums = (of: "candidate" | "reference") => Float64Array.from(uneven, (one) => one[of].passes / one[of].trials);
    const plain = bcaBootstrap({ first: sums("candidate"), second: sums("reference") }, ratioOfMeans, "parity/7", 1000);
    for (const confidence of [0.5, 0.9, 0.99])
      expect(known(uneven).at(confidence)).toMatchObject({ low: plain.at(confidence).low, high: plain.at(confidence).high });
    expect(familyParity({ pairs: uneven, worst: uneven, best: uneven }, { ...SEED, seed: 8 }).at(0.9)).not.toEqual(known(uneven).at(0.9));
  });

  it("is widened by the paired difference where fewer than ten families differ", () => {
    const nine = pairsOf(60, 1, 7);
    expect(nine.filter(({ candidate }) => candidate.passes === 1)).toHaveLength(9);
    const found = known(nine).at(0.9);
    const { low, high } = familyDifference(nine, 0.9);
    expect(found.method).toBe("bootstrap-bca by family, widened");
    expect(found.low as number).toBeLessThanOrEqual(1 + (low as number) / 0.75);
    expect(found.high as number).toBeGreaterThanOrEqual(1 + (high as number) / 0.75);
    const same = pairsOf(60, 1, 1000).slice(1);
    const bounds = familyDifference(same, 0.9);
    expect(known(same).at(0.9)).toMatchObject({ value: 1, low: 1 + (bounds.low as number) / 0.75, high: 1 + (bounds.high as number) / 0.75 });
    expect(known(pairsOf(60, 1, 6)).at(0.9).method).toBe("bootstrap-bca by family");
  });

  it("is never below nothing, however few there are", () => {
    const two = [pair(0, 0, 1, 1), pair(1, 0, 1, 1)];
    expect(known(two).at(0.9)).toMatchObject({ value: 0, low: 0 });
  });

  it("is none where the reference passes nothing", () => {
    const nothing = [pair(0, 1, 0, 1), pair(1, 2, 0, 1)];
    expect(known(nothing).value).toBeNull();
    expect(known(nothing).at(0.9)).toEqual({ value: null, low: null, high: null, n: 2, method: "bootstrap-bca by family" });
  });

  it("lies between the worst and the best that the unknown could be", () => {
    const pairs = pairsOf(60, 1, 4);
    const [worst, best] = [pair(60, 0, 4, 1), pair(60, 4, 0, 1)].map((one) => [...pairs, one]) as [FamilyPair[], FamilyPair[]];
    const open = familyParity({ pairs, worst, best }, SEED);
    expect(open).toMatchObject({ value: known(pairs).value, n: 60 });
    expect(open.at(0.9)).toEqual({ ...known(pairs).at(0.9), low: known(worst).at(0.9).low, high: known(best).at(0.9).high });
    expect(open.at(0.9).low as number).toBeLessThan(known(pairs).at(0.9).low as number);
  });
});

// The seeded generator: known draws, ranges, and draws that look uniform.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/core/base/random.ts";

const SEEDED = { seed: 7, numRuns: 200 };

describe("createRandom", () => {
  it("draws what an independent implementation of sfc32 draws", () => {
    const known: [string | number, number[]][] = [
      ["bakeoff", [0.32417934622568767, 0.6996921131239711, 0.34028103845751767]],
      ["", [0.6348650953042663, 0.22528677056774837, 0.6139438818635155]],
      [1, [0.22769075850426213, 0.08683365589815162, 0.7353518121198316]],
    ];
    for (const [seed, draws] of known) {
      const random = createRandom(seed);
      expect(draws.map(() => random.next())).toEqual(draws);
    }
  });

  it("gives equal streams for equal seeds and other streams for other seeds", () => {
    const first = (seed: string | number) => createRandom(seed).next();
    expect(first("task/1")).toBe(first("task/1"));
    expect(first(12)).toBe(first("12"));
    const seeds = Array.from({ length: 10_000 }, (_, index) => first(`task/${index}`));
    expect(new Set(seeds).size).toBe(10_000);
  });

  it("fills the unit interval evenly", () => {
    const random = createRandom("even");
    const bins = Array.from({ length: 16 }, () => 0);
    for (let draw = 0; draw < 160_000; draw += 1) {
      const bin = Math.floor(random.next() * 16);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(37.7); // the 99.9 % quantile at 15 degrees of freedom
  });

  it("draws every integer below the limit and none beyond", () => {
    const random = createRandom("die");
    const rolls = Array.from({ length: 1000 }, () => random.int(6));
    expect([...new Set(rolls)].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("picks one of the items", () => {
    const property = fc.property(fc.string(), fc.array(fc.integer(), { minLength: 1 }), (seed, items) => {
      expect(items).toContain(createRandom(seed).pick(items));
    });
    fc.assert(property, SEEDED);
  });

  it("shuffles into a new array with the same items", () => {
    const property = fc.property(fc.string(), fc.array(fc.integer()), (seed, items) => {
      const before = [...items];
      const shuffled = createRandom(seed).shuffle(items);
      expect(items).toEqual(before);
      expect(shuffled).not.toBe(items);
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
    });
    fc.assert(property, SEEDED);
  });

  it("gives each order of three items about equally often", () => {
    const random = createRandom("orders");
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 6000; draw += 1) {
      const order = random.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it("refuses a limit that leaves nothing to draw", () => {
    const random = createRandom("none");
    const refused = expect.objectContaining({ code: "invariant" });
    for (const limit of [0, -1, 1.5, Number.NaN]) expect(() => random.int(limit)).toThrow(refused);
    expect(() => random.pick([])).toThrow(refused);
  });
});

// Betting: wealth against an independent computation, bounds that hold at every look, and how soon they say what is there.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/core/base/random.ts";
import { bettingMean, bettingWealth } from "../../../../../src/core/metrics/statistics/betting.ts";

const CLUSTERS = [[0.2, 0.4], [0.9], [0.5, 0.7, 0.6], [1], [0.3, 0.1]];
const valuesOf = (clusters: readonly (readonly number[])[]) => clusters.flatMap((values, index) => values.map((value) => ({ value, cluster: String(index) })));

describe("bettingWealth", () => {
  it("is the mean of the gamblers' products, as numpy multiplies them", () => {
    expect(bettingWealth({ values: valuesOf(CLUSTERS), least: 0 }, 0.3)).toBeCloseTo(2.0863072040214177, 12);
    expect(bettingWealth({ values: valuesOf(CLUSTERS), least: -1 }, 0.2)).toBeCloseTo(1.335254491027085, 12);
  });

  it("is 1 before anything is seen, and refutes at once that all values are at least more than one is", () => {
    expect(bettingWealth({ values: [], least: 0 }, 0.5)).toBe(1);
    expect(bettingWealth({ values: [], least: 0 }, 0)).toBe(1);
    expect(bettingWealth({ values: valuesOf([[1]]), least: 0 }, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("bettingMean", () => {
  it("has the bounds at which scipy's root finder finds the wealth to be 1/α", () => {
    const ones = Array.from({ length: 30 }, () => [1]);
    expect(bettingMean({ values: valuesOf(ones), least: 0, most: 1 }, 0.95).low).toBeCloseTo(0.8241057768165938, 9);
    const many = Array.from({ length: 6 }, () => CLUSTERS).flat();
    expect(bettingMean({ values: valuesOf(many), least: 0, most: 1 }, 0.95).low).toBeCloseTo(0.3584327948060966, 9);
  });

  it("is the mean, and as wide above as it would be below were all values turned round", () => {
    const values = valuesOf(Array.from({ length: 6 }, () => CLUSTERS).flat());
    const { value, low, high, n } = bettingMean({ values, least: 0, most: 1 }, 0.9);
    expect(value).toBeCloseTo(4.7 / 9, 12);
    expect(n).toBe(54);
    const turned = bettingMean({ values: values.map((one) => ({ ...one, value: 3 - one.value })), least: 2, most: 3 }, 0.9);
    expect(turned.value).toBeCloseTo(3 - 4.7 / 9, 12);
    expect([turned.low, turned.high]).toEqual([expect.closeTo(3 - (high as number), 9), expect.closeTo(3 - (low as number), 9)]);
    expect((high as number) - (low as number)).toBeGreaterThan(0.1);
  });

  it("refuses a value outside its range, and says nothing of none", () => {
    expect(() => bettingMean({ values: valuesOf([[2]]), least: 0, most: 1 })).toThrow(expect.objectContaining({ code: "invariant" }));
    expect(bettingMean({ values: [], least: 0, most: 1 })).toMatchObject({ value: null, n: 0 });
  });

  it("errs in no more than α of the runs though it is looked at after every cluster", () => {
    const random = createRandom("optional stopping");
    let wrong = 0;
    for (let run = 0; run < 300; run += 1) {
      const clusters: number[][] = [];
      for (let look = 0; look < 150; look += 1) {
        clusters.push(Array.from({ length: 3 }, () => (random.next() < 0.95 ? 1 : 0)));
        if (look % 5 === 4 && bettingWealth({ values: valuesOf(clusters), least: 0 }, 0.95) >= 20) {
          wrong += 1;
          break;
        }
      }
    }
    // 0.05 plus three standard errors of 300 runs.
    expect(wrong / 300).toBeLessThan(0.05 + 0.038);
  });
});

// The special functions against values computed with 26 digits (mpmath, rounded to doubles) and against closed forms.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaQuantile, incompleteBeta, normalQuantile, tQuantile } from "../../../../../src/core/metrics/statistics/special.ts";

const SEEDED = { seed: 7, numRuns: 300 };

function expectRelative(actual: number, expected: number, tolerance = 1e-11): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

describe("incompleteBeta", () => {
  it.each([
    [0.3, 2, 5, 0.579825],
    [0.5, 0.5, 0.5, 0.5],
    [0.2, 1000, 4000, 0.5028210395458619],
    [0.21, 1000, 4000, 0.9602304559976431],
    [0.999, 500, 0.5, 0.31731044730971736],
    [1e-5, 1, 3, 2.9999700001e-5],
    [0.7, 20, 0.5, 0.00017379783966971142],
    [0.5, 50_000, 50_000, 0.5],
    [0.02, 3, 120, 0.44185725033556356],
    [0.4, 0.5, 9.5, 0.9979051782360376],
    [0.9, 0.25, 0.75, 0.9448150440321393],
    [0.05, 9, 30, 8.457853357282373e-5],
    [0.35, 11, 10.5, 0.06445883722479008],
    [0.6, 1, 1, 0.6],
  ])("I_%d(%d, %d) is %d", (x, a, b, expected) => {
    expectRelative(incompleteBeta(x, a, b), expected);
  });

  it("is 0 at 0 and 1 at 1", () => {
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });

  it("is x^a for b = 1, and mirrors under swapping a and b", () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    const shape = fc.double({ min: 0.5, max: 300, noNaN: true });
    const property = fc.property(share, shape, shape, (x, a, b) => {
      expectRelative(incompleteBeta(x, a, 1), x ** a);
      expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a), 11);
    });
    fc.assert(property, SEEDED);
  });
});

describe("betaQuantile", () => {
  it.each([
    [0.025, 8, 3, 0.44390453769235844],
    [0.975, 9, 2, 0.9747892736731666],
    [0.025, 81, 183, 0.25273674558527115],
    [0.975, 82, 182, 0.36762192260135135],
    [0.025, 1, 1e6, -Math.expm1(Math.log(0.975) / 1e6)],
    [0.975, 0.5, 0.5, Math.sin((0.975 * Math.PI) / 2) ** 2],
    [0.5, 5000, 5000, 0.5],
  ])("of %d with (%d, %d) is %d", (p, a, b, expected) => {
    expectRelative(betaQuantile(p, a, b), expected);
  });

  it("is 0 at 0 and 1 at 1", () => {
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
  });

  it("inverts the incomplete beta function", () => {
    const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    const shape = fc.double({ min: 0.5, max: 2000, noNaN: true });
    const property = fc.property(share, shape, shape, (p, a, b) => {
      // Where the quantile is within rounding of 1, no double has exactly this p.
      const x = betaQuantile(p, a, b);
      fc.pre(x < 1 - 1e-6);
      expectRelative(incompleteBeta(x, a, b), p, 1e-9);
    });
    fc.assert(property, SEEDED);
  });
});

describe("tQuantile", () => {
  it.each([
    [0.975, 1, 12.706204736174705],
    [0.975, 2, 4.302652729749464],
    [0.975, 3, 3.1824463052837095],
    [0.975, 9, 2.2621571627982053],
    [0.975, 29, 2.0452296421327043],
    [0.975, 99, 1.9842169515864174],
    [0.975, 1000, 1.9623390808264085],
    [0.9, 1, 3.0776835371752536],
    [0.9, 29, 1.311433647301551],
    [0.9995, 1, 636.6192487687197],
    [0.9995, 9, 4.780912585931139],
    [0.9995, 1000, 3.300282648423913],
    [0.55, 1, 0.1583844403245363],
    [0.55, 99, 0.12598411391620593],
  ])("of %d at %d degrees of freedom is %d", (p, df, expected) => {
    expectRelative(tQuantile(p, df), expected);
    expectRelative(tQuantile(1 - p, df), -expected);
  });

  it("is 0 at the median", () => {
    expect(tQuantile(0.5, 4)).toBe(0);
  });

  it("comes to the normal quantile by the expansion in 1 / df", () => {
    for (const p of [0.55, 0.9, 0.975, 0.9995]) {
      const z = normalQuantile(p);
      const expected = z + (z ** 3 + z) / 4e6 + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96e12; // A&S 26.7.5
      expectRelative(tQuantile(p, 1e6), expected);
    }
  });
});

describe("normalQuantile", () => {
  it.each([
    [0.6, 0.2533471031357998],
    [0.9, 1.2815515655446006],
    [0.95, 1.6448536269514726],
    [0.975, 1.9599639845400543],
    [0.995, 2.575829303548901],
    [0.9995, 3.290526731491895],
    [0.08, -1.4050715603096327],
    [0.025, -1.9599639845400543],
    [1e-10, -6.361340902404057],
    [1e-20, -9.262340089798407],
    [0.3, -0.5244005127080408],
    [0.45, -0.12566134685507405],
    [0.075, -1.439531470938456],
    [0.925, 1.439531470938456],
    [0.07, -1.4757910281791708],
    [0.93, 1.4757910281791708],
    [0.001, -3.0902323061678136],
    [1e-5, -4.264890793922825],
    [1e-8, -5.612001244174789],
    [1e-11, -6.706023155495136],
    [1e-12, -7.034483825301132],
    [1e-50, -14.933337534788489],
    [1e-300, -37.0470962993612],
  ])("of %d is %d", (p, expected) => {
    expectRelative(normalQuantile(p), expected, 1e-13);
  });

  it("is 0 at the median", () => {
    expect(normalQuantile(0.5)).toBe(0);
  });
});

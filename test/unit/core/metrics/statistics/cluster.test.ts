// Clustered variances against statsmodels and an independent jackknife; what nothing seen to vary is worth.
import { describe, expect, it } from "vitest";
import { type ClusteredValue, clusterMean, effectiveSize } from "../../../../../src/core/metrics/statistics/cluster.ts";
import { congruential } from "./congruential.ts";

function sample(n: number, groups: number): ClusteredValue[] {
  const next = congruential(12_345n);
  return Array.from({ length: n }, () => {
    const group = next() % groups;
    return { cluster: String(group), value: (next() % 1000) / 1000 + (group % 3) * 0.25 };
  });
}

describe("clusterMean", () => {
  it.each([
    // statsmodels 0.15.0: OLS on a constant, cov_type="cluster", use_correction=True; CV3 by leaving out clusters in numpy.
    [40, 7, 0.787075, 0.006271159883333339, 0.006423051898689224],
    [200, 26, 0.7412450000000002, 0.0014937536029350992, 0.0015051068646402112],
    [35, 12, 0.8115714285714286, 0.012375893341107863, 0.013838863823185686],
  ])("of %d values in up to %d clusters is statsmodels'", (n, groups, ...expected) => {
    const [mean, cv1, cv3] = expected;
    const found = clusterMean(sample(n, groups));
    expect(Math.abs((found?.mean ?? 0) - mean)).toBeLessThan(1e-12);
    expect(Math.abs((found?.cv1 ?? 0) - cv1)).toBeLessThan(1e-12);
    expect(Math.abs((found?.cv3 ?? 0) - cv3)).toBeLessThan(1e-12);
  });

  it("says nothing of no values, and of one cluster no variance", () => {
    expect(clusterMean([])).toBeNull();
    expect(clusterMean([1, 2].map((value) => ({ value, cluster: "a" })))).toMatchObject({ mean: 1.5, clusters: 1, cv1: 0, cv3: 0, size: 2 });
    expect(() => clusterMean([{ value: Number.NaN, cluster: "a" }])).toThrow(expect.objectContaining({ code: "invariant" }));
  });
});

describe("effectiveSize", () => {
  const values = Array.from({ length: 60 }, (_, index) => ({ value: index === 0 ? 1 : 0, cluster: String(Math.floor(index / 10)) }));
  const mean = clusterMean(values);
  if (mean === null) throw new Error("no mean");

  it("is the number of clusters where nothing tells how alike their values are, and the data's own where enough does", () => {
    expect(effectiveSize(mean, 0.1, 0, "even")).toBeCloseTo(6, 10);
    expect(effectiveSize(mean, 0.1, 1e6, "even")).toBeCloseTo(0.1 / mean.cv3, 6);
  });

  it("leaves the worst the more behind, the more clusters tell", () => {
    const sizes = [0, 1, 4, 20].map((telling) => effectiveSize(mean, 0.1, telling, "even"));
    expect(sizes.toSorted((a, b) => a - b)).toEqual(sizes);
  });
});

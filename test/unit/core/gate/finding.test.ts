// Findings by their bounds: at the threshold and beside it, and how figures are said.
import { describe, expect, it } from "vitest";
import { confidenceOf, fact, figure, interval, judgeAtLeast, judgeAtMost, type Unit, wantedText } from "../../../../src/core/gate/finding.ts";
import type { Estimate } from "../../../../src/core/metrics/statistics/interval.ts";

const of = (value: number | null, low: number | null, high: number | null): Estimate => ({ value, low, high, n: 57, method: "exact" });
const asked = (estimate: Estimate, threshold: number, unit: Unit = "share") => ({ estimate, threshold, unit, what: "what passes", more: () => 12 });

describe("a figure that must reach a threshold", () => {
  it.each([
    [of(0.9, 0.8, 0.95), "met", null],
    [of(0.9, 0.79, 0.95), "inconclusive", 12],
    [of(0.7, 0.6, 0.8), "inconclusive", 12],
    [of(0.7, 0.6, 0.79), "violated", null],
    [of(0.9, null, 0.95), "inconclusive", 12],
    [of(0.1, null, 0.5), "violated", null],
    [of(0.9, null, null), "inconclusive", 12],
  ] as const)("is by %o %s", (estimate, outcome, moreTasks) => {
    expect(judgeAtLeast(asked(estimate, 0.8))).toMatchObject({ outcome, moreTasks, threshold: 0.8, wants: "at-least", unit: "share", estimate });
  });

  it("of everything allows no exception, whatever the bounds are", () => {
    expect(judgeAtLeast(asked(of(1, 0.9, 1), 1)).outcome).toBe("met");
    expect(judgeAtLeast(asked(of(0.99, 0.9, 1), 1)).outcome).toBe("violated");
    expect(judgeAtLeast(asked(of(1, 0.9, 1), 1, "ratio")).outcome).toBe("inconclusive");
  });

  it("says what was found against what is wanted", () => {
    expect(judgeAtLeast(asked(of(0.9, 0.8, 0.95), 0.8)).says).toBe("what passes: 90.0 % [80.0 to 95.0], n = 57; at least 80.0 % is wanted");
    expect(judgeAtLeast(asked(of(null, null, null), 0.8))).toMatchObject({
      outcome: "inconclusive",
      says: "what passes: nothing was measured; at least 80.0 % is wanted",
      moreTasks: null,
      wants: "at-least",
    });
  });
});

describe("a figure that must not pass a threshold", () => {
  it.each([
    [of(0.01, 0, 0.02), "met", null],
    [of(0.01, 0, 0.021), "inconclusive", 12],
    [of(0.05, 0.02, 0.1), "inconclusive", 12],
    [of(0.05, 0.021, 0.1), "violated", null],
    [of(0.01, 0, null), "inconclusive", 12],
    [of(0.05, 0.03, null), "violated", null],
    [of(0.05, null, null), "inconclusive", 12],
  ] as const)("is by %o %s", (estimate, outcome, moreTasks) => {
    expect(judgeAtMost(asked(estimate, 0.02))).toMatchObject({ outcome, moreTasks, threshold: 0.02, wants: "at-most", unit: "share", estimate });
  });

  it("of nothing allows no exception, whatever the bounds are", () => {
    expect(judgeAtMost(asked(of(0, 0, 0.1), 0)).outcome).toBe("met");
    expect(judgeAtMost(asked(of(0.01, 0, 0.1), 0)).outcome).toBe("violated");
    expect(judgeAtMost(asked(of(0, 0, 0.1), 0, "points")).outcome).toBe("inconclusive");
  });

  it("says what was found against what is allowed", () => {
    expect(judgeAtMost(asked(of(410, 400.4, null), 800, "ms")).says).toBe("what passes: 410 ms [400 to ?], n = 57; at most 800 ms is allowed");
    expect(judgeAtMost(asked(of(null, null, null), 0.1))).toMatchObject({
      outcome: "inconclusive",
      says: "what passes: nothing was measured; at most 10.0 % is allowed",
      moreTasks: null,
      wants: "at-most",
    });
  });
});

describe("a figure as people read it", () => {
  it.each<readonly [number, Unit, string]>([
    [0.1234, "share", "12.3 %"],
    [1.05, "ratio", "105.0 %"],
    [0.05, "points", "+5.0 points"],
    [0, "points", "0.0 points"],
    [-0.05, "points", "-5.0 points"],
    [3.4, "none", "3"],
    [9.96, "ms", "10.0 ms"],
    [10, "ms", "10 ms"],
    [-9.94, "ms", "-9.9 ms"],
    [1234.5, "ms", "1235 ms"],
    [61.25, "tokens/s", "61.3 tokens/s"],
    [50, "tasks", "50 tasks"],
    [3, "epochs", "3 epochs"],
    [29.7, "days", "30 days"],
  ])("%d in %s is %s", (value, unit, text) => {
    expect(figure(value, unit).replace("−", "-")).toBe(text);
  });

  it("stands with its interval, whose unit is said once", () => {
    expect(interval(of(0.14, 0.074, 0.248), "share")).toBe("14.0 % [7.4 to 24.8], n = 57");
    expect(interval(of(61.25, 60, null), "tokens/s")).toBe("61.3 tokens/s [60.0 to ?], n = 57");
    expect(interval(of(0.05, null, 0.1), "points")).toBe("+5.0 points [? to +10.0], n = 57");
    expect(interval(of(null, 0.1, 0.2), "share")).toBe("nothing measured");
  });

  it("is wanted by a sign, or is none", () => {
    expect(wantedText({ wants: "at-least", threshold: 0.85, unit: "share" })).toBe("≥ 85.0 %");
    expect(wantedText({ wants: "at-most", threshold: 800, unit: "ms" })).toBe("≤ 800 ms");
    expect(wantedText({ wants: "more-than", threshold: 0, unit: "points" })).toBe("> 0.0 points");
    expect(wantedText({ wants: null, threshold: 0, unit: "points" })).toBe("");
    expect(wantedText({ wants: "at-most", threshold: null, unit: "points" })).toBe("");
  });
});

describe("a plain fact", () => {
  it("has no figure, unless one is said", () => {
    const bare = { outcome: "met", estimate: null, threshold: null, wants: null, unit: "none", says: "so it is", moreTasks: null };
    expect(fact("met", "so it is")).toEqual(bare);
    expect(fact("violated", "no", { threshold: 3, unit: "days" })).toEqual({ ...bare, outcome: "violated", says: "no", threshold: 3, unit: "days" });
  });
  it("is no matter of a level, which is one-sided", () => expect(confidenceOf(0.05)).toBeCloseTo(0.9, 12));
});

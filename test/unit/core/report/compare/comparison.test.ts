// Results made elsewhere, read and paired: what counts, what is left out and told, and what may be said of the difference.
import { describe, expect, it } from "vitest";
import { compareArms, comparisonText } from "../../../../../src/core/report/compare/comparison.ts";
import type { ResultArm } from "../../../../../src/core/report/compare/arm.ts";
import { readResults } from "../../../../../src/core/report/compare/results.ts";

const WORDS = { score: null, family: null };

const inspectLog = (samples: readonly object[]): object => ({ version: 2, eval: { model: "openai/x", task: "t" }, samples });
const promptfoo = (results: readonly object[]): object => ({ evalId: "e", results: { version: 3, results } });
const row = (testIdx: number, success: boolean, more: object = {}): object => ({
  testIdx,
  promptIdx: 0,
  success,
  failureReason: success ? 0 : 1,
  provider: { id: "openai:x" },
  ...more,
});

const arm = (name: string, passed: readonly boolean[], familySize = 1): ResultArm => ({
  name,
  samples: passed.map((one, index) => ({ sample: `s${index}`, family: `f${Math.floor(index / familySize)}`, passed: one })),
  unscored: 0,
});

describe("results are read from", () => {
  it("an Inspect log: the first score or the named one, families by a column, and no verdict where there is none", () => {
    const log = inspectLog([
      { id: "a", epoch: 1, scores: { match: { value: "C" }, other: { value: "I" } }, metadata: { repo: "r1" } },
      { id: "b", epoch: 1, scores: { match: { value: 0 } } },
      { id: "c", epoch: 1, scores: { match: { value: 0.5 } } },
      { id: 4, epoch: 1, scores: null, error: { message: "x" } },
    ]);
    const [first] = readResults(log, { score: null, family: "repo" }) ?? [];
    expect(first).toEqual({
      name: "openai/x",
      samples: [
        { sample: "a", family: "r1", passed: true },
        { sample: "b", family: "b", passed: false },
      ],
      unscored: 2,
    });
    expect(readResults(log, { score: "other", family: null })?.[0]?.samples).toEqual([{ sample: "a", family: "a", passed: false }]);
    expect(readResults(log, { score: "toString", family: "constructor" })?.[0]?.samples).toEqual([]);
  });

  it("promptfoo: an arm a provider, and a provider's error says nothing of the answer", () => {
    const arms = readResults(
      promptfoo([
        row(0, true),
        row(1, false),
        row(2, false, { failureReason: 2 }),
        row(0, false, { provider: { id: "p", label: "small" }, testCase: { description: "adds" } }),
      ]),
      WORDS,
    );
    expect(arms?.map(({ name, samples, unscored }) => [name, samples.map(({ passed }) => passed), unscored])).toEqual([
      ["openai:x", [true, false], 1],
      ["small", [false], 0],
    ]);
    expect(arms?.[1]?.samples[0]?.sample).toBe("adds");
  });

  it("SWE-bench: an empty patch is lost, an error has no verdict", () => {
    const report = { schema_version: 2, resolved_ids: ["a"], unresolved_ids: ["b"], empty_patch_ids: ["c"], error_ids: ["d"], incomplete_ids: [] };
    const [read] = readResults(report, WORDS) ?? [];
    expect(read?.samples.map(({ sample, passed }) => [sample, passed])).toEqual([
      ["a", true],
      ["b", false],
      ["c", false],
    ]);
    expect(read?.unscored).toBe(1);
  });

  it.each([null, [], {}, "x", { version: 2, eval: { model: "m" } }, inspectLog([]), promptfoo([])])("nothing of another shape: %j", (document) => {
    expect(readResults(document, WORDS)).toBeNull();
  });
});

describe("two arms", () => {
  it("are paired by sample; the rest is told", () => {
    const a = { ...arm("a", [true, true, false]), unscored: 2 };
    const b = arm("b", [true, false]);
    expect(compareArms(a, b)).toMatchObject({
      tasks: 2,
      same: 1,
      aBetter: ["s1"],
      bBetter: [],
      a: { unpaired: 1, unscored: 2, rate: 1 },
      b: { unpaired: 0, rate: 0.5 },
    });
  });

  it("have a verdict only where the whole interval is on one side", () => {
    const wins = Array.from({ length: 40 }, (_, index) => index < 30);
    const losses = Array.from({ length: 40 }, () => false);
    expect(compareArms(arm("a", wins), arm("b", losses)).verdict).toBe("a-better");
    expect(compareArms(arm("a", losses), arm("b", wins)).verdict).toBe("b-better");
    expect(compareArms(arm("a", wins), arm("b", wins)).verdict).toBe("inconclusive");
    expect(compareArms(arm("a", [true]), arm("b", [false])).verdict).toBe("inconclusive");
  });

  it("count families, not samples: forty samples of two families show less than forty of forty", () => {
    const [wins, losses] = [Array.from({ length: 40 }, (_, index) => index % 4 !== 0), Array.from({ length: 40 }, () => false)];
    const [single, clustered] = [compareArms(arm("a", wins), arm("b", losses)), compareArms(arm("a", wins, 20), arm("b", losses, 20))];
    const width = ({ difference: { low, high } }: typeof single): number => (high ?? 0) - (low ?? 0);
    expect(clustered.families).toBe(2);
    expect(width(clustered)).toBeGreaterThan(width(single));
  });

  it("average repetitions of a sample", () => {
    const twice = { name: "a", unscored: 0, samples: [true, false].map((passed) => ({ sample: "s0", family: "f", passed })) };
    expect(compareArms(twice, arm("b", [false]))).toMatchObject({ tasks: 1, a: { rate: 0.5 }, aBetter: ["s0"] });
  });

  it("are nothing to compare where they share no sample, and no name controls the terminal", () => {
    const text = comparisonText(compareArms({ ...arm("a\u001B[31m", [true]), samples: [] }, arm("b", [true])));
    expect(text).toContain("nothing to compare");
    expect(text).toContain("Inconclusive");
    expect(text).not.toContain("\u001B");
  });
});

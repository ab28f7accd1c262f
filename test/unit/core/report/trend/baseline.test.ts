// What was agreed to be normal: held against only that, moved by no run, and alarming anew where it gets worse still.
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../../../../src/core/base/canonical.ts";
import { newSigningKey, signStatement } from "../../../../../src/core/base/dsse.ts";
import { type BaselineEntry, baselineRun, baselineStatement, readBaselines } from "../../../../../src/core/report/trend/baseline.ts";
import { comparableKey } from "../../../../../src/core/report/trend/compare.ts";
import { trendModel } from "../../../../../src/core/report/trend/model.ts";
import { regressionOf } from "../../../../../src/core/report/trend/regression.ts";
import type { RunDigest } from "../../../../../src/core/report/runs/digest.ts";
import { trendExitCode } from "../../../../../src/cli/trend/exit-code.ts";
import { candidateDigest, digest, passesOf } from "./digests.ts";

const runs = (from: number, to: number, passes: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => digest(from + index, [candidateDigest("gpt", passesOf(passes, index))]));
const good = runs(1, 8, 15);
const group = comparableKey(good[0] as RunDigest);

const common = (index: number) => ({
  format: 1 as const,
  at: "2026-10-09T09:00:00.000Z",
  by: "ada",
  reason: "agreed",
  group,
  place: { index, previous: index === 0 ? null : "0".repeat(64) },
});
const bless = (of: readonly RunDigest[], index = 0): BaselineEntry => ({ does: "bless", ...common(index), runs: of.map(baselineRun) });
const acknowledge = (run: RunDigest, candidates: readonly string[] = ["gpt"], index = 0): BaselineEntry => ({
  does: "acknowledge",
  ...common(index),
  run: baselineRun(run),
  candidates: [...candidates],
});

describe("a blessed baseline", () => {
  // A run a little worse than the one before it, over and over: each alone is within chance of all that came before.
  const slide = [14, 13, 12, 11, 10, 9, 8].flatMap((passes, index) => runs(9 + 2 * index, 10 + 2 * index, passes));
  const last = slide.at(-1) as RunDigest;

  it("is not moved by the runs that come after it: a slow slide is worse than it", () => {
    const found = regressionOf(last, [...good, ...slide], { baselines: [bless(good)] });
    expect(found).toMatchObject({ verdict: "worse", history: 8, blessed: { by: "ada", runs: 8 }, baseline: { run: "run-08" } });
  });

  it("is the last one that was blessed", () => {
    const now = runs(24, 24, 8)[0] as RunDigest;
    const found = regressionOf(now, [...good, ...slide], { baselines: [bless(good), bless(slide.slice(-6), 1)] });
    expect(found).toMatchObject({ verdict: "steady", history: 6 });
  });

  it("is refused where a run of it is not the one that was blessed", () => {
    const other = digest(3, [candidateDigest("gpt", passesOf(3))]);
    expect(() => regressionOf(last, [...good.filter(({ run }) => run !== other.run), other], { baselines: [bless(good)] })).toThrow(
      expect.objectContaining({ code: "integrity" }),
    );
  });

  it("says nothing of other comparable runs", () => {
    const elsewhere = digest(12, [candidateDigest("gpt", passesOf(3))], { epochs: 2 });
    expect(regressionOf(elsewhere, good, { baselines: [bless(good)] })).toMatchObject({ blessed: null, history: 0 });
  });
});

describe("a regression that was acknowledged", () => {
  const bad = runs(9, 14, 6);
  const [first] = bad as [RunDigest];
  const now = digest(15, [candidateDigest("gpt", passesOf(6))]);
  const held = (baselines: readonly BaselineEntry[], run = now) => regressionOf(run, [...good, ...bad], { baselines: [bless(good), ...baselines] });

  it("alarms no more, and says who knew and why", () => {
    expect(held([]).verdict).toBe("worse");
    expect(held([acknowledge(first, ["gpt"], 1)])).toMatchObject({ verdict: "acknowledged", candidates: [{ acknowledged: { by: "ada", reason: "agreed" } }] });
    expect(held([acknowledge(first, [], 1)]).verdict).toBe("acknowledged");
  });

  it("alarms again where it gets worse still, where another candidate is meant, and once a new baseline is blessed", () => {
    const worse = digest(15, [candidateDigest("gpt", passesOf(0))]);
    expect(held([acknowledge(first, ["gpt"], 1)], worse).verdict).toBe("worse");
    expect(held([acknowledge(first, ["other"], 1)]).verdict).toBe("worse");
    expect(held([acknowledge(first, ["gpt"], 1), bless(good, 2)]).verdict).toBe("worse");
  });

  it("is no drift in the trend, and a change before the baseline is no news", () => {
    const all = [...good, ...runs(9, 18, 6)];
    const verdictOf = (baselines: readonly BaselineEntry[]) => {
      const model = trendModel(all, 0.005, baselines);
      return [model.groups[0]?.verdict, trendExitCode(model, "drift")];
    };
    expect(verdictOf([])).toEqual(["drift", 12]);
    expect(verdictOf([acknowledge(first)])).toEqual(["changed", 0]);
    expect(verdictOf([bless(all.slice(8))])).toEqual(["steady", 0]);
  });
});

describe("the log", () => {
  const [ours, theirs] = [newSigningKey().key, newSigningKey().key];
  const lineOf = (entry: BaselineEntry, key = ours) => canonicalJson({ kind: "baseline", format: 1, envelope: signStatement(baselineStatement(entry), key) });
  const one = lineOf(bless(good));
  const two = lineOf({ ...acknowledge(good[7] as RunDigest), place: { index: 1, previous: sha256(one) } });
  const text = `${one}\n${two}\n`;

  it("is read where each line stands where it says, signed by a key that is trusted", () => {
    expect(readBaselines(text, [ours.publicKey])).toMatchObject({ ok: true, entries: [{ does: "bless" }, { does: "acknowledge" }], last: sha256(two) });
    expect(readBaselines("", [])).toEqual({ ok: true, entries: [], last: null });
  });

  it.each([
    ["a line taken out", `${two}\n`],
    ["lines turned", `${two}\n${one}\n`],
    ["a line twice", `${one}\n${one}\n`],
    ["another's line", `${lineOf(bless(good), theirs)}\n`],
    ["a cut line", text.slice(0, -5)],
    ["no line of it", "{}\n"],
  ])("%s is a fault", (_, changed) => {
    expect(readBaselines(changed, [ours.publicKey]).ok).toBe(false);
  });
});

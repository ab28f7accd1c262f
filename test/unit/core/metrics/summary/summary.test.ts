// What a candidate's summary counts, and what it leaves out.
import { describe, expect, it } from "vitest";
import { type Estimate, wilson } from "../../../../../src/core/metrics/statistics/interval.ts";
import { familyRate } from "../../../../../src/core/metrics/statistics/family-rate.ts";
import { quantileEstimate } from "../../../../../src/core/metrics/statistics/quantile.ts";
import { cloud, slot, STAND_IN_BINDINGS, trial, type TrialScript } from "../summary-fixture.ts";
import { one, summaryOf } from "../summary-script.ts";

describe("pass rates", () => {
  it("count a pass of the first slot attempt as pass@1", () => {
    expect(one({ a: trial(slot("passed")), b: trial(slot("failed"), slot("failed")) }).slot.passAt1.value).toBe(0.5);
  });

  it("count a pass of the second slot attempt as pass in slot only", () => {
    const { slot: rates } = one({ a: trial(slot("failed"), slot("passed")) });
    expect([rates.passAt1.value, rates.pass.value]).toEqual([0, 1]);
  });

  it("never credit the slot with what an escalation solved", () => {
    const summary = one({ a: trial(slot("failed"), slot("failed"), cloud("passed")) });
    expect([summary.slot.pass.value, summary.final.rate.value]).toEqual([0, 1]);
  });

  it("use Wilson intervals with one trial a task", () => {
    const trials = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, trial(slot(i < 8 ? "passed" : "failed"))]));
    const { pass } = one(trials).slot;
    expect([pass.low?.toFixed(4), pass.high?.toFixed(4), pass.n, pass.method]).toEqual(["0.4902", "0.9433", 10, "wilson"]);
  });

  it("count the repeats of a task for one, and n counts tasks", () => {
    const pass = trial(slot("passed"));
    const fail = trial(slot("failed"));
    const { pass: rate } = one(
      {},
      {
        tasks: [{ id: "a" }, { id: "b" }],
        epochs: 2,
        trials: { "gpt/a/1": pass, "gpt/a/2": fail, "gpt/b/1": pass, "gpt/b/2": pass },
      },
    ).slot;
    const tallies = [
      { family: "a", passes: 1, trials: 2 },
      { family: "b", passes: 2, trials: 2 },
    ];
    expect(rate).toEqual(familyRate(tallies, 0.95, { bounds: "score", alike: "families" }));
    expect(rate.n).toBe(2);
  });

  it("are clustered by family: as sure as so many families can make one, not as so many tasks", () => {
    const rateOf = (familyAt: (index: number) => string) => {
      const tasks = Array.from({ length: 12 }, (_, index) => ({ id: `t${index}`, family: familyAt(index) }));
      const trials = Object.fromEntries(tasks.map(({ id }) => [`gpt/${id}/1`, trial(slot("passed"))]));
      return one({}, { tasks, trials }).slot.pass;
    };
    expect(rateOf((index) => `own-${index}`)).toEqual(wilson(12, 12));
    expect(rateOf((index) => `of-three-${index % 3}`)).toMatchObject({ value: 1, low: wilson(3, 3).low, n: 12 });
  });

  it("say nothing about a candidate without trials", () => {
    const { slot: rates } = one({}, { tasks: [{ id: "a" }], trials: {} });
    expect([rates.passAt1.value, rates.passAt1.n]).toEqual([null, 0]);
  });
});

describe("the tasks of a run", () => {
  it("are counted by their risk, the low-risk ones by family, and nothing is said of impossible ones where there are none", () => {
    const tasks = [{ id: "a", family: "f" }, { id: "b", family: "f" }, { id: "c" }, { id: "h", risk: "high" as const }];
    expect(summaryOf({ candidates: ["gpt"], tasks, trials: {} }).tasks).toEqual({ total: 4, lowRisk: 3, highRisk: 1, families: 2 });
  });
});

describe("the headline's population", () => {
  it("counts a failed held-out test as a failure", () => {
    expect(one({ a: trial(slot("failed", { detail: "1 held-out test failed" })) }).slot.pass.value).toBe(0);
  });

  it("has no high-risk tasks", () => {
    const { slot: rates } = one(
      {},
      {
        tasks: [{ id: "a" }, { id: "h", risk: "high" }],
        trials: { "gpt/a/1": trial(slot("passed")), "gpt/h/1": trial(cloud("failed")) },
      },
    );
    expect([rates.pass.value, rates.pass.n]).toEqual([1, 1]);
  });

  it("has no high-risk tasks even where the slot was tried on them", () => {
    const { slot: rates } = one(
      {},
      {
        tasks: [{ id: "h", risk: "high" }],
        trials: { "gpt/h/1": trial(slot("passed", { outsidePolicy: true })) },
      },
    );
    expect(rates.pass.n).toBe(0);
  });

  it("has no low-risk trials in which the slot was tried outside the policy", () => {
    const summary = one({ a: trial(slot("passed", { outsidePolicy: true })) });
    expect([summary.slot.pass.n, summary.trials.withoutSlot]).toEqual([0, 1]);
  });

  it("has no trials in which the slot was never tried, yet how they ended counts", () => {
    const summary = one({ a: trial(cloud("passed")), b: trial(slot("passed")) });
    expect([summary.slot.pass.n, summary.final.rate.n, summary.trials.withoutSlot]).toEqual([1, 2, 1]);
  });
});

describe("trials that don't count", () => {
  const infra = trial(slot("infrastructure"));
  const unfinished: TrialScript = { attempts: [slot("failed")], unlock: null };

  it("lose nothing for the candidate when our own side failed", () => {
    const summary = one({ a: trial(slot("passed")), b: infra });
    expect([summary.slot.pass.value, summary.slot.pass.n, summary.trials.infrastructure]).toEqual([1, 1, 1]);
  });

  it("are unfinished without an unlock decision", () => {
    const summary = one({ a: trial(slot("passed")), b: unfinished });
    expect([summary.slot.pass.n, summary.trials.unfinished, summary.trials.counted]).toEqual([1, 1, 1]);
  });

  it("are unfinished when they have not begun", () => {
    expect(one({}, { tasks: [{ id: "a" }], trials: {} }).trials).toEqual({
      planned: 1,
      counted: 0,
      infrastructure: 0,
      unfinished: 1,
      unasked: 0,
      serverFailed: 0,
      withoutSlot: 0,
    });
  });

  it("are in no final rate and no escalation rate either", () => {
    const summary = one({ a: infra, b: unfinished });
    expect([summary.final.rate.n, summary.escalated.n]).toEqual([0, 0]);
  });

  it("are in no timing and no JSON rate", () => {
    const summary = one({ a: infra, b: unfinished });
    expect([summary.timings.attempt.p50.n, summary.json.calls]).toEqual([0, 0]);
  });

  it("leave the other epochs of their task standing", () => {
    const { pass } = one({}, { tasks: [{ id: "a" }], epochs: 2, trials: { "gpt/a/1": infra, "gpt/a/2": trial(slot("passed")) } }).slot;
    expect([pass.value, pass.n]).toEqual([1, 1]);
  });
});

describe("escalation", () => {
  it("is the share of trials with a cloud attempt", () => {
    const summary = one({ a: trial(slot("passed")), b: trial(slot("failed"), cloud("passed")) });
    expect([summary.escalated.value, summary.escalated.n]).toEqual([0.5, 2]);
    const seldom = one({ a: trial(slot("passed")), b: trial(slot("failed"), cloud("passed")), c: trial(slot("failed")) });
    expect([seldom.escalated.value, seldom.escalated.n]).toEqual([1 / 3, 3]);
  });

  it("names the model that solved a trial in the end", () => {
    const { by } = one({ a: trial(slot("failed"), cloud("passed")) }).final;
    expect(by).toEqual([{ who: "cloud", name: "gpt-5.2-high", trials: 1 }]);
  });

  it("names the stand-in that did it, not the model it plays", () => {
    const { by } = one({ a: trial(slot("failed"), cloud("passed")) }, { header: { bindings: STAND_IN_BINDINGS } }).final;
    expect(by).toEqual([{ who: "stand-in", name: "oracle", trials: 1 }]);
  });

  it("lists who solved trials by how many they solved", () => {
    const { by } = one({ a: trial(slot("failed"), cloud("passed")), b: trial(slot("passed")), c: trial(slot("passed")) }).final;
    expect(by.map(({ who, trials }) => [who, trials])).toEqual([
      ["slot", 2],
      ["cloud", 1],
    ]);
  });

  it("can undo nothing: the last attempt decides how a trial ends", () => {
    expect(one({ a: trial(slot("failed"), cloud("failed"), cloud("compile-error")) }).final.rate.value).toBe(0);
  });
});

describe("high-risk tasks", () => {
  const tasks = [
    { id: "h", risk: "high" },
    { id: "i", risk: "high" },
  ] as const;

  it("are absent from the summary of a suite without any", () => {
    expect(one({ a: trial(slot("passed")) }).highRisk).toBeNull();
  });

  it("say how many the cloud Implementer passed", () => {
    const { highRisk } = one({}, { tasks, trials: { "gpt/h/1": trial(cloud("passed")), "gpt/i/1": trial(cloud("failed")) } });
    expect([highRisk?.passedByCloud.value, highRisk?.passedByCloud.n, highRisk?.slot]).toEqual([0.5, 2, null]);
  });

  it("say how many were unlocked", () => {
    const kept: TrialScript = { attempts: [cloud("passed")], unlock: "Fail" };
    const { highRisk } = one({}, { tasks, trials: { "gpt/h/1": trial(cloud("passed")), "gpt/i/1": kept } });
    expect([highRisk?.passedByCloud.value, highRisk?.unlocked.value]).toEqual([1, 0.5]);
  });

  it("show the slot's attempts apart and marked in a capability run", () => {
    const outside = { outsidePolicy: true };
    const { highRisk } = one(
      {},
      {
        tasks,
        header: { capability: true },
        trials: { "gpt/h/1": trial(slot("failed", outside), slot("passed", outside)), "gpt/i/1": trial(slot("failed", outside), cloud("passed")) },
      },
    );
    expect([highRisk?.slot?.passAt1.value, highRisk?.slot?.pass.value, highRisk?.slot?.outsidePolicy]).toEqual([0, 0.5, true]);
  });

  it("neither credit nor blame the cloud for what the slot passed before it", () => {
    const { highRisk } = one({}, { tasks, trials: { "gpt/h/1": trial(slot("passed", { outsidePolicy: true })), "gpt/i/1": trial(cloud("failed")) } });
    expect([highRisk?.passedByCloud.value, highRisk?.passedByCloud.n]).toEqual([0, 1]);
  });

  it("are outside the policy as soon as one of them is", () => {
    const trials = { "gpt/h/1": trial(slot("passed")), "gpt/i/1": trial(slot("passed", { outsidePolicy: true })) };
    expect(one({}, { tasks, trials }).highRisk?.slot?.outsidePolicy).toBe(true);
  });

  it("are within the policy where the policy does not skip the slot", () => {
    expect(one({}, { tasks, trials: { "gpt/h/1": trial(slot("passed")) } }).highRisk?.slot?.outsidePolicy).toBe(false);
  });

  it("count their own infrastructure and unfinished trials", () => {
    const { highRisk, trials } = one({}, { tasks, trials: { "gpt/h/1": trial(cloud("infrastructure")) } });
    expect([highRisk?.trials.infrastructure, highRisk?.trials.unfinished, trials.planned]).toEqual([1, 1, 0]);
  });
});

describe("JSON compliance", () => {
  it("is a share of the slot's calls, over tasks", () => {
    const { json } = one({ a: trial(slot("patch-rejected", { json: false }), slot("passed")), b: trial(slot("passed")) });
    expect([json.rate.value, json.rate.n, json.calls]).toEqual([0.75, 2, 3]);
  });

  it("counts an answer that was asked for once more as much as the one that stands", () => {
    const { json } = one({ a: trial(slot("passed", { earlierJson: [false, true], json: true })) });
    expect([json.rate.value, json.rate.n, json.calls]).toEqual([2 / 3, 1, 3]);
  });

  it("leaves calls out that failed", () => {
    const { json } = one({ a: trial(slot("patch-rejected", { json: null, failedCall: true }), slot("passed")) });
    expect([json.rate.value, json.calls]).toEqual([1, 1]);
  });

  it("leaves the cloud's calls out", () => {
    const { json } = one({ a: trial(slot("failed"), cloud("passed", { json: false })) });
    expect([json.rate.value, json.calls]).toEqual([1, 1]);
  });
});

const bounds = ({ value, low, high, n }: Estimate) => ({ value, low, high, n });

describe("timings", () => {
  it("take a call that ran into a limit for as long as was waited, and count it among the failed", () => {
    const summary = one({ a: trial(slot("patch-rejected", { failedCall: true, latencyMs: 9000 }), slot("passed", { latencyMs: 100 })) });
    expect([summary.timings.model.p50.value, summary.timings.model.p50.n, summary.calls.failed]).toEqual([4550, 2, 1]);
  });

  it("add model and harness up to an attempt's time", () => {
    const { timings } = one({ a: trial(slot("passed", { latencyMs: 100, durationMs: 250 })) });
    expect([timings.model.p50.value, timings.harness.p50.value, timings.attempt.p50.value]).toEqual([100, 250, 350]);
  });

  it("take harness time from patches that were verified", () => {
    const { timings } = one({ a: trial(slot("patch-rejected", { durationMs: 1 }), slot("passed", { durationMs: 250 })) });
    expect([timings.harness.p50.value, timings.harness.p50.n, timings.attempt.p50.n]).toEqual([250, 1, 2]);
  });

  it("leave the cloud's attempts out", () => {
    expect(one({ a: trial(slot("failed"), cloud("passed", { latencyMs: 9000 })) }).timings.model.p95.value).toBe(400);
  });

  it("interpolate percentiles and bound them by order statistics", () => {
    const trials = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, trial(slot("passed", { latencyMs: i + 1 }))]));
    const samples = Array.from({ length: 10 }, (_, i) => i + 1);
    const { p50, p95 } = one(trials).timings.model;
    expect(p95.value).toBeCloseTo(9.55);
    expect([p50, p95]).toMatchObject([0.5, 0.95].map((q) => bounds(quantileEstimate(samples, q, 0.95))));
  });
});

describe("cost", () => {
  it("sums the slot's calls and leaves the cloud's out", () => {
    const { calls } = one({ a: trial(slot("failed", { costUsd: 0.25 }), slot("failed", { costUsd: 0.5 }), cloud("passed", { costUsd: 9 })) });
    expect(calls).toEqual({ total: 2, failed: 0, costUsd: 0.75 });
  });

  it("is unknown when one call's cost is", () => {
    expect(one({ a: trial(slot("passed", { costUsd: null })), b: trial(slot("passed", { costUsd: 1 })) }).calls.costUsd).toBeNull();
  });

  it("is zero for a candidate that costs nothing", () => {
    expect(one({ a: trial(slot("passed")) }).calls.costUsd).toBe(0);
  });

  it("includes calls of trials that don't count, and calls without a verdict", () => {
    const open: TrialScript = { attempts: [slot("failed", { costUsd: 1, open: true })], unlock: null };
    expect(one({ a: open, b: trial(slot("infrastructure", { costUsd: 2 })) }).calls).toEqual({ total: 2, failed: 0, costUsd: 3 });
  });
});

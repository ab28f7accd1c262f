// The facts of single trials, how trials ended, and what their verdicts were: what every rate is counted from.
import { describe, expect, it } from "vitest";
import type { EventLine } from "../../../../../src/core/capsule/line.ts";
import { driftOf } from "../../../../../src/core/metrics/summary/drift.ts";
import { attemptTime, isReused, modelMs, openTreeTimes, wholeMs, workingMs } from "../../../../../src/core/metrics/summary/attempt-time.ts";
import { tally } from "../../../../../src/core/metrics/summary/rate.ts";
import { reusedAnswers } from "../../../../../src/core/metrics/summary/reused.ts";
import { slotTimings } from "../../../../../src/core/metrics/summary/timing.ts";
import { inForm, isTimed, isUnavailable, sumUnlessUnknown, timedOut, type TrialFacts, trialFacts } from "../../../../../src/core/metrics/summary/trial.ts";
import { trialCounts } from "../../../../../src/core/metrics/summary/trial-counts.ts";
import { STATUSES, unlockErrors, verdictCounts } from "../../../../../src/core/metrics/summary/verdict.ts";
import { treeOf, verificationTime } from "../../../../../src/core/metrics/summary/verification-time.ts";
import { cloud, runOf, slot, STAND_IN_BINDINGS, trial, type TrialScript } from "../summary-fixture.ts";

function factsOf(script: TrialScript, header: Parameters<typeof runOf>[0]["header"] = {}): TrialFacts {
  const [record] = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": script }, header }).trials;
  if (record === undefined) throw new Error("no trial");
  return trialFacts(record);
}
const ofAll = (...attempts: readonly ReturnType<typeof slot>[]) => factsOf(trial(...attempts));

describe("a trial", () => {
  it("was passed at first, in the slot, at last, and by whom", () => {
    expect(ofAll(slot("passed"))).toMatchObject({ passedFirst: true, passedInSlot: true, passedAtLast: true, passedBy: { who: "slot", name: "gpt" } });
    expect(ofAll(slot("failed"), slot("passed"))).toMatchObject({ passedFirst: false, passedInSlot: true, passedAtLast: true });
    expect(ofAll(slot("failed"), cloud("passed"))).toMatchObject({
      passedFirst: false,
      passedInSlot: false,
      passedAtLast: true,
      passedBy: { who: "cloud", name: "gpt-5.2-high" },
    });
    expect(ofAll(slot("passed"), cloud("failed"))).toMatchObject({ passedFirst: true, passedInSlot: true, passedAtLast: false, passedBy: null });
    expect(factsOf(trial(cloud("passed")), { bindings: STAND_IN_BINDINGS }).passedBy).toEqual({ who: "stand-in", name: "oracle" });
    expect(factsOf({ attempts: [], unlock: "Fail" })).toMatchObject({
      passedFirst: false,
      passedInSlot: false,
      passedAtLast: false,
      passedBy: null,
      lastVerdict: null,
    });
  });

  it("counts, was lost, was not ended, or never asked the slot", () => {
    expect(ofAll(slot("failed")).standing).toBe("counted");
    expect(ofAll(slot("infrastructure")).standing).toBe("infrastructure");
    expect(factsOf({ attempts: [slot("passed")], unlock: null }).standing).toBe("unfinished");
    expect(ofAll(cloud("passed", { inSlotsPlace: true }))).toMatchObject({ standing: "unasked", slotUnavailable: true, fellBack: true });
    expect(ofAll(slot("failed"), cloud("passed", { inSlotsPlace: true }))).toMatchObject({ standing: "counted", slotUnavailable: true });
    expect(ofAll(cloud("passed"))).toMatchObject({ standing: "counted", slotUnavailable: false, fellBack: false });
  });

  it.each([
    "refused-connection",
    "timeout-connect",
    "overload",
    "rate-limit",
    "quota",
    "unauthorized",
    "model-not-found",
    "cut-stream",
    "server-error",
  ] as const)("was failed by its server where every call of the slot ended in %s", (failure) => {
    const lost = slot("patch-rejected", { failedCall: true, failure });
    expect(ofAll(lost, lost).serverFailed).toBe(true);
    expect(ofAll(lost, slot("failed")).serverFailed).toBe(false);
    expect(ofAll(lost, slot("patch-rejected", { failedCall: true, failure: "timeout-total" })).serverFailed).toBe(false);
  });

  it("was not failed by its server where the slot was never asked", () => expect(ofAll(cloud("passed")).serverFailed).toBe(false));

  it("costs what the slot's calls cost, if that is known of each", () => {
    expect(ofAll(slot("failed", { costUsd: 0.5 }), slot("passed", { costUsd: 0.25 }), cloud("passed", { costUsd: 9 })).slotCostUsd).toBe(0.75);
    expect(ofAll(slot("failed", { costUsd: null }), slot("passed", { costUsd: 0.25 })).slotCostUsd).toBeNull();
    expect(factsOf({ attempts: [slot("passed", { costUsd: 0.5, open: true })], unlock: null }).slotCostUsd).toBe(0.5);
    expect([sumUnlessUnknown([]), sumUnlessUnknown([1, 2]), sumUnlessUnknown([null, 1]), sumUnlessUnknown([1, null])]).toEqual([0, 3, null, null]);
  });

  it("began with its first event, and was tried outside the policy or not", () => {
    expect(ofAll(slot("passed"))).toMatchObject({ startedMs: Date.parse("2026-11-22T10:00:01.000Z"), outsidePolicy: false });
    expect(ofAll(slot("failed"), slot("passed", { outsidePolicy: true })).outsidePolicy).toBe(true);
  });
});

describe("a call", () => {
  it.each(["timeout-first-token", "timeout-idle", "timeout-total"] as const)("that ran into %s took at least so long", (failure) => {
    expect([timedOut({ failure }), isTimed({ success: false, failure })]).toEqual([true, true]);
  });
  it("is timed where it came to an end of its own", () => {
    expect(isTimed({ success: true, failure: null })).toBe(true);
    expect(isTimed({ success: false, failure: "truncated" })).toBe(true);
    expect(isTimed({ success: false, failure: "server-error" })).toBe(false);
    expect(isTimed({ success: true, failure: null, answer_reused: true })).toBe(false);
    expect([timedOut({ failure: null }), timedOut({ failure: "overload" })]).toEqual([false, false]);
  });
  it("is in form as was checked, and never where it was cut off", () => {
    expect([true, false, null].map((compliant) => inForm({ json_compliant: compliant, failure: null }))).toEqual([true, false, null]);
    expect(inForm({ json_compliant: true, failure: "truncated" })).toBe(false);
  });
  it("was not made by the slot where that was out of service", () => {
    const decision = (type: string, selection_reason: string) => isUnavailable({ payload: { type, selection_reason } } as unknown as EventLine);
    expect([
      decision("RoutingDecision", "reflex-unavailable"),
      decision("RoutingDecision", "reflex-first"),
      decision("ModelCallEnvelope", "reflex-unavailable"),
    ]).toEqual([true, false, false]);
  });
});

describe("answers that were used again", () => {
  it("are counted by call, and by nothing else that says so", () => {
    const events = [
      { type: "ModelCallEnvelope", answer_reused: true },
      { type: "ModelCallEnvelope" },
      { type: "ToolResult", answer_reused: true },
      { type: "ModelCallEnvelope", answer_reused: true },
    ].map((payload) => ({ payload })) as unknown as EventLine[];
    expect(reusedAnswers(events)).toBe(2);
  });
});

describe("trials by how they ended", () => {
  it("are counted once each, those without the slot apart", () => {
    const all = [
      ofAll(slot("passed")),
      ofAll(slot("failed", { outsidePolicy: true })),
      ofAll(cloud("passed")),
      ofAll(slot("infrastructure")),
      factsOf({ attempts: [slot("passed")], unlock: null }),
      ofAll(cloud("passed", { inSlotsPlace: true })),
      ofAll(slot("patch-rejected", { failedCall: true, failure: "overload" })),
    ];
    expect(trialCounts(all)).toEqual({ planned: 7, counted: 4, infrastructure: 1, unfinished: 1, unasked: 1, serverFailed: 1, withoutSlot: 2 });
    // What the harness broke is its own failure, whatever the server did as well.
    expect(trialCounts([{ ...ofAll(slot("infrastructure")), serverFailed: true }]).serverFailed).toBe(0);
    expect(trialCounts([])).toEqual({ planned: 0, counted: 0, infrastructure: 0, unfinished: 0, unasked: 0, serverFailed: 0, withoutSlot: 0 });
  });
});

describe("the verdicts of the slot", () => {
  it("are counted by status, in their order; what is never disputed says nothing of it", () => {
    expect(STATUSES).toEqual(["passed", "failed", "disputed", "compile-error", "timeout", "tampered", "patch-rejected", "infrastructure"]);
    const counts = verdictCounts([ofAll(slot("failed"), slot("compile-error"), cloud("passed")), ofAll(slot("failed"), slot("passed"))]);
    expect(counts.attempts).toBe(4);
    expect(counts.byStatus.map(({ status, count }) => `${status} ${count}`)).toEqual([
      "passed 1",
      "failed 2",
      "compile-error 1",
      "timeout 0",
      "tampered 0",
      "patch-rejected 0",
      "infrastructure 0",
    ]);
    expect(verdictCounts([ofAll(slot("disputed"))]).byStatus[2]).toEqual({ status: "disputed", count: 1 });
  });

  it.each([
    ["not-json: no", "not-json"],
    ["schema: edits.0", "schema"],
    ["path-not-allowed: Cargo.toml", "path-not-allowed"],
    ["text-not-found: edit 1", "text-not-found"],
    ["ambiguous: twice", "ambiguous"],
    ["patch-does-not-apply: line 3", "patch-does-not-apply"],
    ["too-large: 9", "too-large"],
    ["model-error: timeout-total: after 60 s", "model-error: timeout-total"],
    ["model-error", "model-error"],
    ["something else: entirely", "something else: entirely"],
    ["", ""],
  ])("that rejected a patch for %j are counted as %j", (detail, reason) => {
    expect(verdictCounts([ofAll(slot("patch-rejected", { detail }))]).rejections).toEqual([{ reason, count: 1 }]);
  });

  it("name what was tampered with, and the commonest rejections first", () => {
    const found = verdictCounts([
      ofAll(slot("patch-rejected", { detail: "schema: a" }), slot("tampered", { detail: "exit" })),
      ofAll(slot("patch-rejected", { detail: "not-json: a" }), slot("patch-rejected", { detail: "not-json: b" })),
    ]);
    expect(found.tampered).toEqual([{ task: "a", epoch: 1, attempt: 2, detail: "exit" }]);
    expect(found.rejections).toEqual([
      { reason: "not-json", count: 2 },
      { reason: "schema", count: 1 },
    ]);
    expect(tally(["b", "a", "c", "c"])).toEqual([
      { key: "c", count: 2 },
      { key: "a", count: 1 },
      { key: "b", count: 1 },
    ]);
  });

  it("disagree with the unlock gate where a bad patch was let through or a good one was not", () => {
    const gate = (unlock: TrialScript["unlock"], ...attempts: TrialScript["attempts"]) => factsOf({ attempts, unlock });
    const found = unlockErrors([
      gate("Pass", slot("passed")),
      gate("Pass", slot("failed")),
      gate("Fail", slot("passed")),
      gate("Fail", slot("failed")),
      gate(null, slot("passed")),
      gate("Skip", slot("infrastructure")),
    ]);
    expect(found).toEqual({ trials: 4, unlocked: 2, passed: 2, falseUnlocks: [{ task: "a", epoch: 1 }], falseBlocks: [{ task: "a", epoch: 1 }] });
  });
});

describe("the time of a verification", () => {
  const result = (more: object = {}) =>
    ({ reused: false, queue_ms: 1, duration_ms: 2, call_id: "c", ...more }) as unknown as Parameters<typeof verificationTime>[0];
  it("is its own, the confirmation apart, and none where the verdict was known", () => {
    expect(verificationTime(result({ confirm_ms: 3 }))).toEqual({ queueMs: 1, loopMs: 2, confirmMs: 3 });
    expect(verificationTime(result())).toEqual({ queueMs: 1, loopMs: 2, confirmMs: 0 });
    expect(verificationTime(result({ reused: true }))).toBeNull();
  });
  it("is of the tree of its own call", () => {
    const call = (call_id: string, tree_hash: string) => ({ payload: { type: "ToolCall", call_id, tree_hash } }) as unknown as EventLine;
    const other = { payload: { type: "ModelCallEnvelope", call_id: "c" } } as unknown as EventLine;
    expect(treeOf([other, call("b", "1"), call("c", "2")], result())).toBe("2");
    expect(treeOf([other, call("b", "1")], result())).toBeNull();
  });

  it("is shared by attempts on the same tree of task and epoch", () => {
    const facts = ofAll(slot("passed"));
    const on = (tree: string | null, loopMs: number | null, more: Partial<TrialFacts> = {}): TrialFacts => ({
      ...facts,
      ...more,
      slot: facts.slot.map((attempt) => ({ ...attempt, tree, verification: loopMs === null ? null : { queueMs: 0, loopMs, confirmMs: 0 } })),
    });
    const times = openTreeTimes();
    times.add(on("t", 7));
    times.add(on(null, 8));
    times.add(on("u", null));
    const filled = (trial_: TrialFacts) => times.fill(trial_).slot[0]?.verification?.loopMs ?? null;
    expect([filled(on("t", null)), filled(on("t", 9)), filled(on("u", null)), filled(on(null, null))]).toEqual([7, 9, null, null]);
    expect(filled(on("t", null, { epoch: 2 }))).toBeNull();
    expect(filled(on("t", null, { task: { ...facts.task, id: "b" } }))).toBeNull();
  });
});

describe("an attempt of several tries", () => {
  const tried = (reused: boolean, earlier: boolean) => {
    const facts = ofAll(slot("passed", { earlierJson: [false], latencyMs: 100, durationMs: 10 }));
    const [attempt] = facts.slot;
    if (attempt === undefined) throw new Error("no attempt");
    const mark = (call: (typeof attempt)["call"]) => ({ ...call, backoff_ms: 3, answer_reused: true as const });
    return {
      ...attempt,
      call: reused ? mark(attempt.call) : { ...attempt.call, backoff_ms: 3 },
      earlier: attempt.earlier.map((call) => (earlier ? mark(call) : call)),
    };
  };
  it("takes the time of all of them, the waits between them apart", () => {
    expect(modelMs(tried(false, false))).toBe(200);
    expect(attemptTime(tried(false, false))).toEqual({ modelMs: 200, backoffMs: 3, queueMs: 2, loopMs: 10, confirmMs: 0 });
    expect(workingMs({ modelMs: 200, backoffMs: 3, queueMs: 2, loopMs: 10, confirmMs: 5 })).toBe(213);
    expect(wholeMs({ modelMs: 200, backoffMs: 3, queueMs: 2, loopMs: 10, confirmMs: 5 })).toBe(220);
  });
  it("takes no time that could be told where any of its answers was used again", () => {
    for (const attempt of [tried(true, false), tried(false, true)])
      expect([isReused(attempt), modelMs(attempt), attemptTime(attempt)]).toEqual([true, null, null]);
    expect(isReused(tried(false, false))).toBe(false);
  });
});

describe("the times of the slot", () => {
  it("leave out what was rejected before it was verified, what was reused, and what was never confirmed", () => {
    const timings = slotTimings([
      ofAll(slot("passed", { latencyMs: 100, durationMs: 300 })),
      ofAll(slot("patch-rejected", { latencyMs: 200, durationMs: 0 })),
      ofAll(slot("patch-rejected", { latencyMs: 50, durationMs: 0, failedCall: true, failure: "overload" })),
      ofAll(slot("passed", { answerReused: true })),
    ]);
    expect([timings.model, timings.harness, timings.confirm, timings.attempt].map(({ p50 }) => p50.n)).toEqual([2, 1, 0, 3]);
    expect([timings.model.p50.value, timings.harness.p50.value, timings.attempt.p95.value]).toEqual([150, 300, expect.any(Number)]);
    expect("drift" in timings).toBe(false);
  });

  it("drift where tasks of five families take longer from epoch to epoch", () => {
    const made = (family: number, epoch: number, by: number): TrialFacts => {
      const facts = ofAll(slot("passed", { latencyMs: 1000 * by ** epoch, durationMs: 0 }));
      return { ...facts, epoch, startedMs: epoch * 1000, task: { ...facts.task, id: `t${family}`, family: `f${family}` } };
    };
    const run = (families: number, by: number) =>
      Array.from({ length: families * 3 }, (_, index) => made(index % families, 1 + Math.floor(index / families), by + (index % families) / 1000));
    const { time, pass } = driftOf(run(5, 1.1));
    expect(time?.value).toBeCloseTo(1.1 ** 2 - 1, 1);
    expect(time?.low as number).toBeGreaterThan(0);
    // As shares: each family's is the square of what an epoch multiplies by, and the interval is even in logarithms.
    const logs = [1.1, 1.101, 1.102, 1.103, 1.104].map((by) => 2 * Math.log(by));
    expect(time?.value).toBeCloseTo(Math.expm1(logs.reduce((sum, log) => sum + log, 0) / logs.length), 6);
    expect(Math.log1p(time?.high as number) + Math.log1p(time?.low as number)).toBeCloseTo(2 * Math.log1p(time?.value as number), 10);
    expect(pass).toMatchObject({ value: 0 });
    // What passed in the first of three epochs and then no more: least squares through 1, 0 and 0 falls by one.
    const failing = run(5, 1.1).map((one) => ({ ...one, passedInSlot: one.epoch === 1 }));
    expect(driftOf(failing).pass?.value).toBeCloseTo(-1, 12);
    expect(driftOf(run(4, 1.1))).toEqual({ time: null, pass: null });
    expect(driftOf(run(5, 1.1).map((one) => ({ ...one, startedMs: null })))).toEqual({ time: null, pass: null });
    expect(slotTimings(run(5, 1.1)).drift?.time?.value).toBe(time?.value);
  });
});

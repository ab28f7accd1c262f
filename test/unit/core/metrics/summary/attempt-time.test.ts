// The one definition of an attempt's time: its parts add up, and a known verdict counts with the verification that it came from.
import { describe, expect, it } from "vitest";
import { attemptTime, wholeMs, withTreeTimes, workingMs } from "../../../../../src/core/metrics/summary/attempt-time.ts";
import { slotTimings } from "../../../../../src/core/metrics/summary/timing.ts";
import { type AttemptFacts, type SlotCall, type TrialFacts, trialFacts } from "../../../../../src/core/metrics/summary/trial.ts";
import { runOf, slot, trial } from "../summary-fixture.ts";

const factsOf = (script: Parameters<typeof slot>[1] = {}): TrialFacts => {
  const [one] = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed", script)) } }).trials;
  if (!one) throw new Error("no trial");
  return trialFacts(one);
};
const attemptOf = (changes: Partial<AttemptFacts> = {}): AttemptFacts => ({ ...(factsOf().slot[0] as AttemptFacts), ...changes });
const call = (changes: Partial<SlotCall>): SlotCall => ({ ...attemptOf().call, ...changes });

describe("an attempt's time", () => {
  const tries = {
    earlier: [call({ route_ms: 1, backoff_ms: 0, queue_ms: 2, latency_ms: 30, parse_ms: 4 })],
    call: call({ route_ms: 0, backoff_ms: 500, queue_ms: 6, latency_ms: 70, parse_ms: 8 }),
    verification: { queueMs: 90, loopMs: 1000, confirmMs: 2000 },
  };

  it("adds up: model, waits, queues, loop and confirmation are the whole", () => {
    const time = attemptTime(attemptOf(tries));
    expect(time).toEqual({ modelMs: 1 + 30 + 4 + 70 + 8, backoffMs: 500, queueMs: 2 + 6 + 90, loopMs: 1000, confirmMs: 2000 });
    expect(time && wholeMs(time)).toBe(113 + 500 + 98 + 1000 + 2000);
    expect(time && workingMs(time)).toBe(113 + 500 + 1000);
  });

  it("is that of the verification whose verdict it took, whichever attempt of task and epoch came first", () => {
    const reused = attemptOf({ ...tries, tree: "t1", verification: null });
    const verified = attemptOf({ tree: "t1", verification: { queueMs: 5, loopMs: 700, confirmMs: 0 } });
    const at = (id: string, attempt: AttemptFacts, epoch = 1): TrialFacts => ({ ...factsOf(), id, epoch, slot: [attempt] });
    const [first, , other] = withTreeTimes([at("one", reused), at("two", verified), at("three", reused, 2)]);
    expect(first?.slot.map(attemptTime)).toMatchObject([{ loopMs: 700 }]);
    expect(other?.slot.map(attemptTime)).toEqual([null]);
  });

  it("is its own where its tree was verified for it, whoever else verified the same tree", () => {
    const verified = (loopMs: number) => attemptOf({ tree: "t1", verification: { queueMs: 0, loopMs, confirmMs: 0 } });
    const [own] = withTreeTimes([{ ...factsOf(), slot: [verified(300), verified(700), attemptOf({ verification: null, tree: "t2" })] }]);
    expect(own?.slot.map((one) => attemptTime(one)?.loopMs)).toEqual([300, 700, undefined]);
  });

  it("of the cloud is that of the slot's verification of the same tree, and the other way round", () => {
    const verified = attemptOf({ tree: "t1", verification: { queueMs: 5, loopMs: 700, confirmMs: 0 } });
    const reused = attemptOf({ tree: "t1", verification: null });
    const [own, other] = withTreeTimes([
      { ...factsOf(), slot: [verified], cloud: [reused] },
      { ...factsOf(), task: { ...factsOf().task, id: "b" }, slot: [reused], cloud: [verified] },
    ]);
    for (const trialOf of [own, other])
      expect([...(trialOf?.slot ?? []), ...(trialOf?.cloud ?? [])].map((one) => attemptTime(one)?.loopMs)).toEqual([700, 700]);
  });

  it("of the confirmation is told where there was one", () => {
    const confirmed = (confirmMs: number) => ({ ...factsOf(), slot: [attemptOf({ verification: { queueMs: 0, loopMs: 10, confirmMs } })] });
    expect(slotTimings([confirmed(250), confirmed(0)]).confirm.p50).toMatchObject({ value: 250, n: 1 });
    expect(slotTimings([confirmed(0)]).confirm.p50).toMatchObject({ value: null, n: 0 });
  });

  it("is not there where the verification is not in the record: such an attempt counts in no quantile, a rejected patch does", () => {
    const unknown = { ...factsOf(), slot: [attemptOf({ verification: null })] };
    expect(slotTimings([unknown]).attempt.p50.n).toBe(0);
    const rejected = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("patch-rejected", { durationMs: 0 })) } });
    expect(slotTimings(rejected.trials.map(trialFacts)).attempt.p50).toMatchObject({ value: 400, n: 1 });
  });

  it("of the model is that of a truncated answer, and at least that of a limit; a call that failed otherwise has none", () => {
    const modelOf = (changes: Partial<SlotCall>) =>
      slotTimings([{ ...factsOf(), slot: [attemptOf({ call: call({ success: false, ...changes }) })] }]).model.p50;
    expect(modelOf({ failure: "truncated", latency_ms: 9000 }).value).toBe(9000);
    expect(modelOf({ failure: "timeout-total", latency_ms: 120_000 }).value).toBe(120_000);
    expect(modelOf({ failure: "server-error", latency_ms: 3 }).n).toBe(0);
  });
});

// Facts about what a gate sees of a run's attempts.
import { describe, expect, it } from "vitest";
import { decidedBy, gateTrial, type GateTrial } from "../../../../src/core/gate/facts.ts";
import { trialFacts } from "../../../../src/core/metrics/summary/trial.ts";
import { cloud, runOf, slot, trial } from "../metrics/summary-fixture.ts";

const attemptsOf = (script: Parameters<typeof slot>[1]) =>
  runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot("passed", script)) } }).trials.flatMap(
    (one) => gateTrial(trialFacts(one), "family", null).attempts,
  );

describe("an attempt whose answer was asked for once more", () => {
  it("is not in form, however well the second answer is: a retry hides nothing from the gate", () => {
    expect(attemptsOf({ earlierJson: [false], json: true })).toMatchObject([{ json: false }]);
  });
  it("is in form where every answer was", () => {
    expect(attemptsOf({ json: true })).toMatchObject([{ json: true }]);
    expect(attemptsOf({ json: null })).toMatchObject([{ json: null }]);
  });
});

const only = (script: Parameters<typeof slot>[1], status: Parameters<typeof slot>[0] = "passed") => {
  const [record] = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(slot(status, script)) } }).trials;
  if (record === undefined) throw new Error("no trial");
  return trialFacts(record);
};
/** The attempt with its last call changed. */
const timedWith = (change: Partial<ReturnType<typeof only>["slot"][number]["call"]>, status?: Parameters<typeof slot>[0]) => {
  const facts = only({}, status);
  const slots = facts.slot.map((attempt) => ({ ...attempt, call: { ...attempt.call, ...change } }));
  return gateTrial({ ...facts, slot: slots }, "family", null).attempts[0];
};

describe("the times of an attempt", () => {
  // The fixture's call: 400 ms, the first token after 50, 90 tokens; its verification takes 300 ms.
  it("are those of its call and its verification", () => {
    const measured = { modelMs: 400, attemptMs: 700, ttftMs: 50, tokensPerSecond: (89 * 1000) / 350, json: true };
    expect(timedWith({})).toEqual({ ...measured, compiled: true, first: measured });
  });

  it("of a limit that it ran into are at least that, and no rate; by the first statistics it has none", () => {
    const limited = { success: false, failure: "timeout-total" as const, json_compliant: null };
    expect(timedWith({ ...limited, ttft_ms: null })).toMatchObject({ modelMs: 400, ttftMs: 400, tokensPerSecond: 0, json: null });
    expect(timedWith({ ...limited, ttft_ms: 60 })).toMatchObject({
      ttftMs: 60,
      first: { modelMs: null, ttftMs: null, tokensPerSecond: null, attemptMs: 700, json: null },
    });
  });

  it("of an answer that was cut off are its times, and its form is none; the first statistics did not look", () => {
    const cut = { success: false, failure: "truncated" as const, json_compliant: true };
    expect(timedWith(cut)).toMatchObject({
      modelMs: 400,
      ttftMs: 50,
      tokensPerSecond: (89 * 1000) / 350,
      json: false,
      first: { modelMs: null, tokensPerSecond: null, json: true },
    });
  });

  it("of a call that failed are none", () => {
    expect(timedWith({ success: false, failure: "server-error", json_compliant: null })).toMatchObject({ modelMs: null, ttftMs: null, tokensPerSecond: null });
    expect(timedWith({ answer_reused: true })).toMatchObject({ modelMs: null, ttftMs: null, attemptMs: null });
  });

  it("have a rate of decoding from the second token on, in the time after the first", () => {
    expect(timedWith({ response_tokens: 1 })?.tokensPerSecond).toBeNull();
    expect(timedWith({ response_tokens: 2 })?.tokensPerSecond).toBeCloseTo(1000 / 350, 9);
    expect(timedWith({ response_tokens: null })?.tokensPerSecond).toBeNull();
    expect(timedWith({ ttft_ms: null })).toMatchObject({ tokensPerSecond: null, ttftMs: null });
    expect(timedWith({ ttft_ms: 400 })?.tokensPerSecond).toBeNull();
    expect(timedWith({ ttft_ms: 399 })?.tokensPerSecond).toBe(89_000);
  });

  it("by the first statistics are not in form where an earlier answer was not", () => {
    const first = (earlierJson: readonly boolean[], json: boolean | null) => attemptsOf({ earlierJson, json })[0]?.first.json;
    expect([first([false], true), first([true], true), first([true, false], true), first([], null), first([true], false)]).toEqual([
      false,
      true,
      false,
      null,
      false,
    ]);
  });

  it("are not of a verification that is not in the record", () => {
    const facts = only({});
    const untimed = { ...facts, slot: facts.slot.map((attempt) => ({ ...attempt, verification: null })) };
    expect(gateTrial(untimed, "family", null).attempts[0]).toMatchObject({ modelMs: 400, attemptMs: null, first: { attemptMs: null, modelMs: 400 } });
  });
});

describe("whether a tree compiled", () => {
  it.each([
    ["passed", "", true],
    ["failed", "", true],
    ["disputed", "", true],
    ["tampered", "", true],
    ["compile-error", "", false],
    ["patch-rejected", "", false],
    ["infrastructure", "", null],
    ["timeout", "testing took longer than 20 s", true],
    ["timeout", "compiling took longer than 60 s", false],
  ] as const)("is by a verdict %s (%s) %s", (status, detail, compiled) => {
    const facts = only({ detail }, status);
    expect(gateTrial(facts, "family", null).attempts[0]?.compiled).toBe(compiled);
  });
});

describe("a trial of a gate", () => {
  const trialFrom = (script: ReturnType<typeof slot>, more: Partial<ReturnType<typeof only>> = {}): GateTrial => {
    const [record] = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(script) } }).trials;
    if (record === undefined) throw new Error("no trial");
    return gateTrial({ ...trialFacts(record), ...more }, "family", "uri");
  };

  it("is of its task and family, with what it cost and what decided it", () => {
    expect(trialFrom(slot("passed", { costUsd: 0.5 }))).toMatchObject({
      task: "a",
      family: "family",
      standing: "counted",
      passed: true,
      serverFailed: false,
      costUsd: 0.5,
      uri: "uri",
    });
    expect(trialFrom(slot("failed"))).toMatchObject({ standing: "counted", passed: false });
    expect(trialFrom(slot("failed"), { serverFailed: true }).serverFailed).toBe(true);
  });

  it("stands without the slot where that was not tried, or outside the policy; what is lost stays so", () => {
    expect(trialFrom(cloud("passed")).standing).toBe("without-slot");
    expect(trialFrom(slot("passed", { outsidePolicy: true })).standing).toBe("without-slot");
    expect(trialFrom(slot("infrastructure")).standing).toBe("infrastructure");
    expect(trialFrom(slot("infrastructure", { outsidePolicy: true })).standing).toBe("infrastructure");
  });

  it("is decided by the slot's last verdict, or by its server's absence", () => {
    const decided = (...attempts: readonly ReturnType<typeof slot>[]) => {
      const [record] = runOf({ candidates: ["gpt"], tasks: [{ id: "a" }], trials: { "gpt/a/1": trial(...attempts) } }).trials;
      if (record === undefined) throw new Error("no trial");
      return record.events.find(({ uri }) => uri === decidedBy(trialFacts(record), record))?.payload;
    };
    expect(decided(slot("failed"), slot("failed"), cloud("passed"))).toMatchObject({ type: "ToolResult", attempt: 2 });
    expect(decided(slot("passed"))).toMatchObject({ type: "ToolResult", attempt: 1 });
    expect(decided(cloud("passed", { inSlotsPlace: true }))).toMatchObject({ type: "RoutingDecision" });
    expect(decided(cloud("passed"))).toBeUndefined();
  });
});

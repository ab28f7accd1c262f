// One call in several tries: an event each, nothing hidden in a latency, and what each cost.
import { describe, expect, it } from "vitest";
import { hashOf, type Sha256 } from "../../../src/core/base/canonical.ts";
import { openRedactor } from "../../../src/core/capsule/redaction.ts";
import type { Routing } from "../../../src/core/trial/routing.ts";
import { callModel, type CallContext, type CallPlace } from "../../../src/trial/model-call.ts";
import type { ModelReply, ModelRequest } from "../../../src/ports/models.ts";
import { Texts } from "../../../src/trial/texts.ts";
import { requestOf } from "../../servers/material.ts";
import { answered, failedCall } from "../run/fakes.ts";

const UNPRICED = { tokens: {}, perHourUsd: {}, local: new Set<string>() };
const routing: Routing = {
  role: "Implementer",
  mode: "Reflex",
  stage: "Implement",
  attempt: 1,
  provider: "local",
  model: "small",
  selection_reason: "reflex-first",
  stand_in: null,
  outside_policy: false,
};
const schema = { name: "edits", schema: {} };

function callOf(replies: readonly ModelReply[], retries: CallContext["retries"], more: Partial<CallContext> & Partial<CallPlace> = {}) {
  let now = 1000;
  const waits: number[] = [];
  const requests: ModelRequest[] = [];
  const provider = {
    name: "local",
    call: async (request: ModelRequest) => {
      requests.push(request);
      now += 10;
      return replies[requests.length - 1] ?? failedCall("server-error");
    },
  };
  const at: CallContext = {
    providers: new Map([["local", provider]]),
    prices: { ...UNPRICED, tokens: { "fake-1": { input: 2, output: 10, cached: 1 } } },
    retries,
    capture: "full_io",
    redactor: openRedactor([], []),
    clock: { now: () => now, wall: () => "2026-11-22T00:00:00.000Z" },
    signal: new AbortController().signal,
    modelSlot: (work) => work(),
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
    ...more,
  };
  const place: CallPlace = { promptHash: hashOf("p"), texts: new Texts(), trial: "small/t/1", epoch: 1, decidedAt: 993, flaw: () => null, ...more };
  return { called: callModel(at, routing, requestOf({ schema }), place), waits, requests };
}

const twice = { overload: { tries: 2, backoff_ms: 500 }, "malformed-answer": { tries: 2, backoff_ms: 0 } };

describe("the form of an answer", () => {
  const refused: ModelReply = { ...failedCall("bad-request"), formRefused: true } as ModelReply;
  it("that a server refuses is a try of its own, whatever the policy says of retries; the next asks for another", async () => {
    const { called, waits } = callOf([refused, { ...answered("{}"), outputForm: "json_object" }], {});
    const { event, earlier } = await called;
    expect(earlier.map(({ failure, json_compliant: compliant }) => [failure, compliant])).toEqual([["bad-request", null]]);
    expect(event).toMatchObject({ try: 2, success: true, constraint: "schema", output_form: "json_object" });
    expect(waits).toEqual([0]);
  });
  it("is not said where it is the schema's", async () => {
    expect((await callOf([answered("{}")], {}).called).event).not.toHaveProperty("output_form");
  });
});

describe("what a model thought", () => {
  it("is kept apart from its answer, under a hash of its own", async () => {
    const texts = new Texts();
    const { event } = await callOf([{ ...answered("{}"), reasoning: "hm" }], {}, { texts }).called;
    expect(event.reasoning_hash === undefined ? "" : texts.text(event.reasoning_hash as Sha256)).toBe("hm");
    expect(texts.text((event.response_hash ?? "") as Sha256)).toBe("{}");
  });
  it("is kept of a failed call too", async () => {
    const { event } = await callOf([{ ...failedCall("truncated"), reasoning: "hm" }], {}).called;
    expect(event).toMatchObject({ response_hash: null, reasoning_hash: expect.any(String) as string });
  });
});

describe("the tries of one call", () => {
  it("are an event each; the last one's answer goes on", async () => {
    const { called, waits } = callOf([failedCall("overload"), answered("fine")], twice);
    const { reply, event, earlier } = await called;
    expect(reply).toMatchObject({ outcome: "answered", text: "fine" });
    expect([...earlier, event].map((one) => [one.call_id, one.try, one.success, one.failure])).toEqual([
      ["small/t/1/Implementer/1/1", 1, false, "overload"],
      ["small/t/1/Implementer/1/2", 2, true, null],
    ]);
    expect(waits).toEqual([500]);
  });
  it("have times of their own: the wait stands apart from the latency, the decision only before the first", async () => {
    const { event, earlier } = await callOf([failedCall("overload"), answered("fine")], twice).called;
    expect(earlier[0]).toMatchObject({ route_ms: 7, backoff_ms: 0, latency_ms: 3 });
    expect(event).toMatchObject({ route_ms: 0, backoff_ms: 500, latency_ms: 3, ttft_ms: 2, first_output_ms: 2 });
  });
  it("end with the failure that stands", async () => {
    const { reply, event, earlier } = await callOf([failedCall("overload"), failedCall("overload"), answered("too late")], twice).called;
    expect(reply.outcome).toBe("failed");
    expect([earlier.length, event.failure]).toEqual([1, "overload"]);
  });
  it("go by the failure at hand, not by the first one", async () => {
    const { requests, called } = callOf([failedCall("overload"), failedCall("unauthorized"), answered("too late")], twice);
    expect((await called).event.failure).toBe("unauthorized");
    expect(requests).toHaveLength(2);
  });
  it("stop when the run is interrupted while they wait", async () => {
    const stop = new AbortController();
    stop.abort(new Error("interrupted"));
    const { called } = callOf([failedCall("overload")], twice, { signal: stop.signal });
    await expect(called).rejects.toThrow("interrupted");
  });
});

describe("an answer with a flaw", () => {
  it("is asked for once more without the schema, and both answers are kept", async () => {
    const { called, requests } = callOf([answered("not json"), answered("{}")], twice, { flaw: (text) => (text === "{}" ? null : "malformed-answer") });
    const { event, earlier } = await called;
    expect(requests.map((request) => request.schema)).toEqual([schema, null]);
    expect([...earlier, event].map((one) => [one.constraint, one.failure, one.success, one.json_compliant, one.response_hash !== null])).toEqual([
      ["schema", "malformed-answer", true, false, true],
      ["dropped", null, true, null, true],
    ]);
  });
  it("counts as out of form even where it is empty: what is asked for again without its schema did not satisfy it", async () => {
    const { called, requests } = callOf([failedCall("empty-answer"), answered("{}")], { "empty-answer": { tries: 2, backoff_ms: 0 } });
    const { earlier } = await called;
    expect(requests.map((request) => request.schema)).toEqual([schema, null]);
    expect(earlier.map((one) => [one.constraint, one.failure, one.json_compliant])).toEqual([["schema", "empty-answer", false]]);
  });
  it("goes on as it is where the policy names no further try", async () => {
    const { reply, event } = await callOf([answered("not json")], {}, { flaw: () => "harmony-residue" }).called;
    expect(reply).toMatchObject({ outcome: "answered", text: "not json" });
    expect(event).toMatchObject({ failure: "harmony-residue", success: true, error: null });
  });
});

describe("what a try cost", () => {
  const usage = (facts: Partial<ModelReply["usage"]>): ModelReply => {
    const reply = answered("fine");
    return { ...reply, usage: { ...reply.usage, ...facts } };
  };
  it("is its tokens at the dated prices, cached ones at their own", async () => {
    expect((await callOf([usage({})], {}).called).event.cost_usd).toBeCloseTo((60 * 2 + 40 * 1 + 10 * 10) / 1e6, 12);
  });
  it("is unknown without a price or a count, never zero", async () => {
    expect((await callOf([usage({})], {}, { prices: UNPRICED }).called).event.cost_usd).toBeNull();
    expect((await callOf([usage({ promptTokens: null })], {}).called).event.cost_usd).toBeNull();
    expect((await callOf([failedCall("server-error")], {}).called).event.cost_usd).toBeNull();
  });
  it("is nothing where the request never left", async () => {
    expect((await callOf([failedCall("refused-connection")], {}, { prices: UNPRICED }).called).event.cost_usd).toBe(0);
  });
});

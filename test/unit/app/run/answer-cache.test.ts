// A run that uses answers of earlier calls again: what it asks, what its capsule and its report say of it, and how it goes on.
import { describe, expect, it } from "vitest";
import { runSession, type SessionRequest } from "../../../../src/app/run/session.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { capsuleFaults } from "../../../../src/core/capsule/verify.ts";
import { RunFactsReader } from "../../../../src/core/gate/run-facts.ts";
import type { TrialEvent } from "../../../../src/core/trial/event.ts";
import type { ModelRequest } from "../../../../src/ports/models.ts";
import { fakeProvider, goodScript, type Script } from "../../run/fakes.ts";
import { listener, memoryAnswers, memoryCapsules, sessionRequest, type SessionWorld, sessionWorld, withRecord } from "./session-world.ts";

const FOLDER = "answers";
const signal = new AbortController().signal;

/** A machine on which one candidate's server answers; runs on it share capsules and kept answers. */
function machine(script: Script = goodScript) {
  const calls: ModelRequest[] = [];
  const answers = memoryAnswers();
  const opened: string[] = [];
  const capsules = memoryCapsules();
  const provider = {
    ...fakeProvider("sglang", script, calls),
    sends: ({ model, messages, schema }: ModelRequest) => ({ url: "http://127.0.0.1:30000/v1", body: { model, messages, schema } }),
  };
  const world: SessionWorld = sessionWorld({
    capsules,
    serving: {
      readiness: async () => ({ ready: true, latencyMs: 1, contextTokens: null }),
      providers: () => new Map([["sglang", provider], ...["embedded", "openai"].map((name) => [name, fakeProvider(name, goodScript)] as const)]),
    },
    ports: { openKeptAnswers: async (folder) => (opened.push(folder), answers) },
  });
  const run = (facts: Partial<SessionRequest> = {}, watcher = listener()) =>
    withRecord(world, runSession(world, sessionRequest({ candidates: ["gpt-oss-20b"], answerCache: FOLDER, ...facts }), watcher, signal));
  return { world, run, calls, opened, answers };
}

const callsOf = (events: readonly { readonly payload: TrialEvent }[]) =>
  events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" && payload.provider === "sglang" ? [payload] : []));

describe("a second run of the same requests", () => {
  it("asks nobody, comes to the same verdicts, and tells of no time and no cost", async () => {
    const { world, run, calls, opened } = machine();
    const first = await run();
    const asked = calls.length;
    const second = await run();
    expect(asked).toBeGreaterThan(0);
    expect(calls).toHaveLength(asked);
    expect(opened).toEqual([FOLDER, FOLDER]);
    const [before, after] = await Promise.all([first, second].map(async ({ capsule }) => (await world.capsules.read(capsule)).events));
    expect(callsOf(after ?? []).map(({ response_hash: hash }) => hash)).toEqual(callsOf(before ?? []).map(({ response_hash: hash }) => hash));
    for (const call of callsOf(after ?? [])) expect(call).toMatchObject({ answer_reused: true, latency_ms: 0, ttft_ms: null, cost_usd: 0 });
    for (const call of callsOf(before ?? [])) expect(call).not.toHaveProperty("answer_reused");
  });

  it("is a capsule that verifies, whose report says how many, and in whose figures no such time is", async () => {
    const { world, run } = machine();
    await run();
    const { capsule, model, spent } = await run();
    const stored = await world.capsules.read(capsule);
    expect(capsuleFaults(stored)).toEqual([]);
    expect(stored.header.answer_cache).toBe(true);
    const reused = callsOf(stored.events).length;
    expect(model.reusedAnswers).toBe(reused);
    expect(model.warnings[0]).toContain(`${reused} model calls answered from --answer-cache`);
    const [{ timings }] = model.summary.candidates as [(typeof model.summary.candidates)[0]];
    expect([timings.model.p50.n, timings.attempt.p50.n]).toEqual([0, 0]);
    for (const { candidate, timings: times } of model.trials) if (candidate === "gpt-oss-20b") expect(times.modelMs).toBeNull();
    expect(spent.costUsd).toBe(0);
  });

  it("gives the gate the count by which it is refused", async () => {
    const { run } = machine();
    await run();
    const { record } = await run();
    const reader = new RunFactsReader(record.header);
    for (const trial of record.trials) reader.trial(trial);
    expect(reader.end(record.runEvents).reusedAnswers).toBeGreaterThan(0);
  });

  it("asks anew for epochs that were not asked for before: repeats that are one answer are none", async () => {
    const { run, calls } = machine();
    await run();
    const asked = calls.length;
    await run({ epochs: 2 });
    expect(calls).toHaveLength(2 * asked);
  });
});

describe("a run without a cache", () => {
  it("says nothing of one, and asks everybody", async () => {
    const { world, run, calls, opened } = machine();
    await run({ answerCache: undefined });
    const asked = calls.length;
    const { capsule, model } = await run({ answerCache: undefined });
    expect(calls).toHaveLength(2 * asked);
    expect(opened).toEqual([]);
    expect((await world.capsules.read(capsule)).header).not.toHaveProperty("answer_cache");
    expect(model).not.toHaveProperty("reusedAnswers");
  });

  it("can't go on with one: its header would not say so", async () => {
    const { world, run } = machine();
    const stop = new AbortController();
    const stopping = { ...listener(), trialDone: () => stop.abort(new BakeoffError("interrupted", "interrupted")) };
    const plain = sessionRequest({ candidates: ["gpt-oss-20b"] });
    await expect(runSession(world, plain, stopping, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    await expect(run({ resume: "run-1" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("an interrupted run with a cache", () => {
  it("goes on with it, and verifies", async () => {
    const { world, run } = machine();
    await run();
    const stop = new AbortController();
    const stopping = { ...listener(), trialDone: () => stop.abort(new BakeoffError("interrupted", "interrupted")) };
    const cached = sessionRequest({ candidates: ["gpt-oss-20b"], answerCache: FOLDER });
    await expect(runSession(world, cached, stopping, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    const { capsule, model } = await run({ resume: "run-2" });
    expect(capsuleFaults(await world.capsules.read(capsule))).toEqual([]);
    expect(model.reusedAnswers).toBe(callsOf((await world.capsules.read(capsule)).events).length);
  });
});

describe("a damaged answer", () => {
  it("is told of while the run goes on", async () => {
    const { run, answers, calls } = machine();
    await run();
    const asked = calls.length;
    const [first] = answers.entries.keys();
    answers.entries.set(first ?? "", { format: 1 });
    const told: string[] = [];
    await run({}, { ...listener(), answerCache: (what: string) => void told.push(what) } as ReturnType<typeof listener>);
    expect(calls).toHaveLength(asked + 1);
    expect(told).toHaveLength(1);
  });
});

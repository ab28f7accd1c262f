// A latency measurement with servers that answer at once: what is asked of them, what is reported, what is refused.
import { describe, expect, it } from "vitest";
import { type LatencyPorts, type LatencyRequest, latencySession } from "../../../../src/app/latency/session.ts";
import type { BlockDone } from "../../../../src/app/latency/measure.ts";
import type { ModelRequest } from "../../../../src/ports/models.ts";
import type { Serving } from "../../../../src/ports/serving.ts";
import { answered, failedCall, fakeClock, fakeProvider, policyWith, type Script, suiteOf, TASKS, taskNamed } from "../../run/fakes.ts";
import { servingWith } from "../run/session-world.ts";

const snapshot = policyWith();
const SERVED = snapshot.candidates.filter(({ provider }) => provider === "sglang").map(({ name }) => name);

interface Facts {
  readonly script?: Script;
  /** Candidates whose server answers. */
  readonly ready?: readonly string[];
  readonly serving?: Partial<Serving>;
  readonly secrets?: Parameters<typeof servingWith>[2];
  readonly suite?: ReturnType<typeof suiteOf>;
}

function worldWith({ script = () => answered("{}"), ready = SERVED, serving, secrets = [], suite = suiteOf(TASKS) }: Facts = {}) {
  const calls: ModelRequest[] = [];
  const written = new Map<string, string>();
  const flushed: string[] = [];
  const ports: LatencyPorts = {
    clock: fakeClock(),
    wait: async () => undefined,
    nonce: () => "nonce-1",
    timer: {
      interleave: async (rounds, arms) => {
        for (let round = 0; round < rounds; round += 1) for (const { run } of arms) await run(round);
      },
    },
    meter: { start: () => () => [1, 2].map((lateMs) => ({ at: 0, lateMs })) },
    loadPolicy: async () => snapshot,
    loadSuite: async () => suite,
    serving: () => ({
      ...servingWith(snapshot, script, secrets),
      readiness: async ({ name }) =>
        ready.includes(name) ? { ready: true, latencyMs: 1, contextTokens: null } : { ready: false, reason: "no server", taken: false },
      networkProviders: () => new Map([["sglang", fakeProvider("sglang", script, calls)]]),
      control: (provider) => ({ flush: async () => (flushed.push(provider), true), cacheCounters: async () => null }),
      ...serving,
    }),
    texts: { write: async (path, text) => void written.set(path, text) },
  };
  return { ports, calls, written, flushed };
}

function requestFor(facts: Partial<LatencyRequest> = {}): LatencyRequest {
  return {
    suite: "tiny",
    policyFile: "policy/model_policy.toml",
    candidates: null,
    prefixes: ["cold", "warm"],
    concurrencies: [1],
    ratesPerS: [],
    rounds: 2,
    requests: 3,
    seed: 1,
    out: null,
    watch: () => undefined,
    ...facts,
  };
}

const measured = (ports: LatencyPorts, facts: Partial<LatencyRequest> = {}) => latencySession(ports, requestFor(facts), new AbortController().signal);

describe("a latency measurement", () => {
  it("has a row for each candidate whose server answers, prefix and load, and counts each call once", async () => {
    const { ports } = worldWith();
    const { rows, servers } = await measured(ports, { concurrencies: [1, 2], ratesPerS: [50] });
    expect(rows.map(({ candidate, prefix, load }) => `${candidate} ${prefix} ${load}`)).toEqual(
      ["concurrency 1", "concurrency 2", "50/s"].flatMap((load) => ["cold", "warm"].flatMap((prefix) => SERVED.map((name) => `${name} ${prefix} ${load}`))),
    );
    expect(rows.every(({ figures }) => figures.completed === 6)).toBe(true);
    expect(servers.map(({ candidate }) => candidate)).toEqual(SERVED);
  });

  it("begins each prompt with a text that no other measurement has, the same one where the prefix is to be warm", async () => {
    const { ports, calls, flushed } = worldWith({ ready: SERVED.slice(0, 1) });
    await measured(ports, { rounds: 1 });
    const starts = calls.map(({ messages }) => messages[0]?.content.split("\n")[0]);
    expect(starts).toEqual([
      // One that is not timed: whatever is done for the first time is done by then.
      "[nonce-1 first]",
      ...[0, 1, 2].map((index) => `[nonce-1 0 concurrency 1 ${index}]`),
      // One that only lays the prefix into the cache, and three that are timed.
      ...Array.from({ length: 4 }, () => "[nonce-1 warm]"),
    ]);
    expect(flushed).toEqual(["sglang"]);
  });

  it("tells of each block, and of failures apart from answers", async () => {
    let count = 0;
    const script: Script = () => ((count += 1) % 2 === 0 ? failedCall("overload") : answered("{}"));
    const { ports } = worldWith({ script, ready: SERVED.slice(0, 1) });
    const blocks: BlockDone[] = [];
    const { rows } = await measured(ports, { rounds: 1, requests: 4, prefixes: ["cold"], watch: (block) => void blocks.push(block) });
    expect(blocks).toMatchObject([{ round: 1, answered: 2, failed: 2 }]);
    expect(rows[0]).toMatchObject({ figures: { completed: 2 }, failures: [{ key: "overload", count: 2 }] });
  });

  it("writes a line a candidate, prefix and load where a file is asked for, and none else", async () => {
    const { ports, written } = worldWith();
    await measured(ports);
    expect(written.size).toBe(0);
    await measured(ports, { out: "latency.jsonl" });
    const lines = written.get("latency.jsonl")?.trimEnd().split("\n") ?? [];
    expect(lines).toHaveLength(2 * SERVED.length);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ model: SERVED[0], backend: "sglang", max_concurrency: 1, completed: 6, prefix: "cold" });
  });

  it("repeats nothing secret that a server said", async () => {
    const secret = "hidden-0123456789abcdef";
    const inspector = { headline: [], inspect: async () => ({ ok: true as const, facts: { version: `0.5 ${secret}` } }) };
    const { ports, written } = worldWith({
      script: () => answered(`so ${secret}`),
      secrets: [{ name: "SOME_TOKEN", value: secret }],
      serving: { inspectors: () => new Map([["sglang", inspector]]) },
    });
    const report = await measured(ports, { out: "o" });
    expect(report.servers[0]?.facts?.["version"]).toContain("[redacted:SOME_TOKEN]");
    expect(JSON.stringify(report) + (written.get("o") ?? "")).not.toContain(secret);
  });
});

describe("what a latency measurement refuses", () => {
  it("is a candidate inside this process", async () => {
    await expect(measured(worldWith().ports, { candidates: ["nop"] })).rejects.toMatchObject({ code: "usage" });
  });

  it("is to measure nothing: no server answers, or the one that is named does not", async () => {
    const start = snapshot.candidates[0]?.start ?? "";
    const nobody = worldWith({ ready: [] }).ports;
    await expect(measured(nobody)).rejects.toMatchObject({ code: "environment", hint: expect.stringContaining(start) as string });
    await expect(measured(worldWith({ ready: SERVED.slice(1) }).ports, { candidates: [SERVED[0] ?? ""] })).rejects.toMatchObject({ code: "environment" });
  });

  it("is a suite without a low-risk task to take a prompt from", async () => {
    await expect(measured(worldWith({ suite: suiteOf([taskNamed("b", { risk: "high" })]) }).ports)).rejects.toMatchObject({ code: "usage" });
  });
});

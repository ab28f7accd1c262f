// Latency measured over a rehearsal server whose delays are known: percentiles, arms, and a stall that must show.
import { describe, expect, onTestFinished, test } from "vitest";
import { ownDelay } from "../../src/adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../../src/adapters/measure/tinybench-rounds.ts";
import { serverControl } from "../../src/adapters/providers/server-control.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { poissonSchedule } from "../../src/core/metrics/statistics/arrivals.ts";
import { latencyFigures } from "../../src/core/metrics/latency/latency.ts";
import { type LatencyPlan, type Load, measureLatency, type Prefix } from "../../src/app/latency/measure.ts";
import { CLOCK, materialOf, requestOf } from "../servers/material.ts";
import { answers, answersText, says } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { Scene } from "../servers/rehearsal-stage.ts";
import { providerOver } from "../servers/rehearsed-provider.ts";
import { wait } from "../../src/app/compose/parts/system.ts";

const { signal } = new AbortController();
const world = { clock: CLOCK, wait, signal, timer: tinybenchRounds, meter: ownDelay };
/** Of the test that is running, where they run one by one. */
let server: RehearsalServer;

const serving = (fallback: Scene): Promise<RehearsalServer> => startRehearsalServer({ dialect: "sglang", models: ["m-1"], fallback });

async function serverSaying(fallback: Scene): Promise<void> {
  const made = await serving(fallback);
  onTestFinished(() => made.close());
  server = made;
}

const planFor = (loads: readonly Load[], more: Partial<LatencyPlan> = {}): LatencyPlan => planAt(server, loads, more);

function planAt(at: RehearsalServer, loads: readonly Load[], more: Partial<LatencyPlan> = {}): LatencyPlan {
  const provider = providerOver(at, { firstTokenMs: 20_000, idleMs: 20_000 });
  const control = serverControl({ kind: "sglang", endpoint: at.endpoint, apiKey: null, timeoutMs: 2000 });
  const prompt = { messages: requestOf().messages, schema: null, material: materialOf() };
  return {
    candidates: [{ name: "alias", provider, control, reportsCache: true }],
    prefixes: ["cold"] satisfies Prefix[],
    loads,
    rounds: 1,
    requests: 20,
    seed: 1,
    nonce: "n",
    prompts: [prompt],
    timeoutMs: 20_000,
    ...more,
  };
}

const measured = async (plan: LatencyPlan) => measureLatency(plan, world);
const promptsSeen = () =>
  server.seen
    .filter(({ path }) => path === "/v1/chat/completions")
    .map(({ body }) => (body["messages"] as { content: string }[])[0]?.content.split("\n", 1)[0]);

describe("a stalled server", () => {
  /** Answers at once, but for one second in which it answers nobody. */
  const stalling = (): Scene => {
    const fine = says({ content: ["a"] });
    let stall: Promise<void> | null = null;
    let seen = 0;
    return async (stage) => {
      seen += 1;
      // One before them is not timed.
      if (seen === 11) stall = new Promise((resolve) => setTimeout(resolve, 1000));
      await stall;
      return fine(stage);
    };
  };

  test("shows its true tail in the open loop: every request that it kept waiting", async () => {
    await serverSaying(stalling());
    const [cell] = await measured(planFor([{ kind: "open", ratePerS: 50 }], { requests: 100 }));
    const waited = cell?.samples.filter(({ queueMs, totalMs }) => queueMs + totalMs > 100).length ?? 0;
    // About 50 requests are due in that second; those of its last 100 ms wait less.
    const due = poissonSchedule(createRandom("1/alias/cold/50/0"), 50, 100);
    const from = due[9] ?? 0;
    const expected = due.filter((at) => at >= from && at < from + 900).length;
    expect(expected).toBeGreaterThan(25);
    expect(waited).toBeGreaterThanOrEqual(expected - 2);
    const { e2e } = latencyFigures(cell?.samples ?? []);
    expect(e2e.p90.value).toBeGreaterThan(500);
  });

  test("hides in the closed loop, which is why the open one is there", async () => {
    await serverSaying(stalling());
    const [cell] = await measured(planFor([{ kind: "closed", concurrency: 1 }], { requests: 100 }));
    expect(cell?.samples.filter(({ totalMs }) => totalMs > 500)).toHaveLength(1);
  });
});

describe("percentiles of a known profile", () => {
  /** First texts after 200 to 800 ms, drawn beforehand; four more texts 5 ms apart. */
  const profile = (): Scene => {
    const random = createRandom("profile");
    return (stage) => says({ content: ["a", "b", "c", "d", "e"], firstMs: 200 + 600 * random.next(), betweenMs: 5 })(stage);
  };
  const quantile = (values: readonly number[], q: number): number => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (sorted.length - 1) * q;
    const low = sorted[Math.floor(at)] ?? Number.NaN;
    return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low);
  };

  // Nearly all of their time is waiting for one caller or the other: each at its own server, they wait side by side.
  test.concurrent.for<[string, Load, number]>([
    ["one caller", { kind: "closed", concurrency: 1 }, 12],
    ["16 callers", { kind: "closed", concurrency: 16 }, 64],
    ["an open loop", { kind: "open", ratePerS: 20 }, 40],
  ])("are those of the server's own clock: %s", async ([, load, requests], context) => {
    const own = await serving(profile());
    context.onTestFinished(() => own.close());
    const [cell] = await measured(planAt(own, [load], { requests }));
    const { ttft, completed } = latencyFigures(cell?.samples ?? []);
    expect(completed).toBe(requests);
    const played = own.played.map(({ firstTextMs }) => firstTextMs ?? Number.NaN);
    // The bounds proper are measured by the bench on a quiet machine; this one holds on a busy one, too.
    for (const [name, q] of [
      ["p50", 0.5],
      ["p90", 0.9],
    ] as const)
      expect(Math.abs((ttft[name].value ?? 0) - quantile(played, q))).toBeLessThan(80);
  });
});

describe("arms", () => {
  test("are interleaved over rounds, and each round begins with another", async () => {
    await serverSaying(says({ content: ["a"] }));
    const plan = planFor([{ kind: "closed", concurrency: 1 }], { rounds: 2, requests: 1, prefixes: ["cold", "warm"] });
    const cells = await measured(plan);
    expect(cells.map(({ prefix, samples }) => [prefix, samples.length])).toEqual([
      ["cold", 2],
      ["warm", 2],
    ]);
    expect(promptsSeen()).toEqual(["[n first]", "[n 0 concurrency 1 0]", "[n warm]", "[n warm]", "[n warm]", "[n warm]", "[n 1 concurrency 1 0]"]);
  });

  test("with a cold prefix empty the server's cache first, and say where they could not", async () => {
    await serverSaying(says({ content: ["a"] }));
    const plan = planFor([{ kind: "closed", concurrency: 1 }], { requests: 1 });
    expect((await measured(plan))[0]?.flushed).toBe(true);
    // It is asked to wait for what is still under way: SGLang refuses otherwise.
    expect(server.seen.map(({ path }) => path).filter((path) => path.startsWith("/flush_cache"))).toEqual(["/flush_cache?timeout=30"]);
    server.rehearsePage("/flush_cache", answersText(400, "text/plain", "requests are running"));
    expect((await measured(plan))[0]?.flushed).toBe(false);
  });

  test("tell what came from the cache, by usage and by the server's own counters", async () => {
    await serverSaying(says({ content: ["a"], cached: 60 }));
    let asked = 0;
    server.rehearsePage("/metrics", (stage) => {
      asked += 1;
      const text = `# TYPE x counter\nsglang:cached_tokens_total{model="m"} ${asked * 30}\nsglang:prompt_tokens_total{model="m"} ${asked * 120}\n`;
      return answersText(200, "text/plain", text)(stage);
    });
    const [cell] = await measured(planFor([{ kind: "closed", concurrency: 1 }], { requests: 4 }));
    expect(latencyFigures(cell?.samples ?? []).cachedShare).toBe(0.5);
    expect(cell?.countedShare).toBe(0.25);
  });

  test("find their connections standing: no timed call pays for one", async () => {
    const standing: number[] = [];
    await serverSaying((stage) => {
      standing.push(server.connections());
      return says({ content: ["a"], firstMs: 20 })(stage);
    });
    await measured(planFor([{ kind: "closed", concurrency: 8 }], { requests: 32 }));
    const [, ...timed] = standing;
    expect(timed[0]).toBeGreaterThanOrEqual(8);
    expect(timed.at(-1)).toBe(timed[0]);
  });

  test("tell how late this process itself was", async () => {
    await serverSaying((stage) => {
      // The rehearsal server lives in this process: what it does here keeps the client waiting, too.
      const until = performance.now() + 30;
      while (performance.now() < until);
      return says({ content: ["a"], firstMs: 30 })(stage);
    });
    const [cell] = await measured(planFor([{ kind: "closed", concurrency: 1 }], { requests: 5 }));
    const late = cell?.ownDelaysMs ?? [];
    expect(Math.max(...late)).toBeGreaterThan(20);
    // A look that a stall swallows counts: five stalls of 30 ms are 25 looks and more that were late by 5 ms at least.
    expect(late.filter((ms) => ms > 4).length).toBeGreaterThan(20);
  });

  test("count failures apart and time answers only", async () => {
    const [fine, full] = [says({ content: ["a"] }), answers(503, { object: "error", message: "full", code: 503 })];
    let asked = 0;
    // The first is not timed.
    await serverSaying((stage) => ((asked += 1) === 2 ? full : fine)(stage));
    const [cell] = await measured(planFor([{ kind: "closed", concurrency: 1 }], { requests: 5 }));
    expect(latencyFigures(cell?.samples ?? [])).toMatchObject({ completed: 4, failed: 1, e2e: { n: 4 } });
  });
});

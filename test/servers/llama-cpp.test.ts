// The provider against a real llama.cpp server, over a model of random weights that a script of ours makes. Run by `npm run test:servers`.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownDelay } from "../../src/adapters/measure/own-delay.ts";
import { tinybenchRounds } from "../../src/adapters/measure/tinybench-rounds.ts";
import { probeReady } from "../../src/adapters/providers/ready.ts";
import { serverControl } from "../../src/adapters/providers/server-control.ts";
import { wait } from "../../src/app/compose/parts/system.ts";
import { measureLatency } from "../../src/app/latency/measure.ts";
import { latencyFigures } from "../../src/core/metrics/latency/latency.ts";
import { answerSchema } from "../../src/core/verdict/answer/answer.ts";
import { CLOCK, materialOf } from "./material.ts";
import { askedOf, type StartedServer, startLlama, tinyProvider } from "./started.ts";

const PYTHON = process.env["BAKEOFF_GATEWAY_PYTHON"] ?? "";
const { signal } = new AbortController();
const schema = answerSchema("edits");

let server: StartedServer;
beforeAll(async () => {
  if (PYTHON === "") throw new Error("BAKEOFF_GATEWAY_PYTHON is not set: run this by npm run test:servers");
  server = await startLlama(PYTHON);
});
afterAll(() => server.stop());

const call = (request: ReturnType<typeof askedOf>, maxOutputTokens?: number) => tinyProvider(server.endpoint, maxOutputTokens).call(request, signal);

describe("a real llama.cpp", () => {
  test("is seen to serve its model, and no other", async () => {
    const other = await probeReady({ endpoint: server.endpoint, model: "huge", apiKey: null, timeoutMs: 1000, clock: CLOCK });
    expect(other).toMatchObject({ ready: false, taken: true, reason: expect.stringContaining("tiny") as string });
  });

  test("answers in the form of the schema, though its weights are random", async () => {
    const reply = await call(askedOf("repair it", { schema }));
    expect(reply).toMatchObject({ outcome: "answered", servedModel: "tiny", resolvedModel: "tiny" });
    expect(reply.outputForm).toBeUndefined();
    expect(JSON.parse(reply.outcome === "answered" ? reply.text : "")).toHaveProperty("edits");
  });

  test("tells exactly how many tokens went and came, and which of them it knew", async () => {
    const text = "x".repeat(300);
    const [first, again] = [await call(askedOf(text)), await call(askedOf(text))];
    // One token a byte, and those of the template.
    expect(first.usage.promptTokens).toBe(300 + 2);
    expect(first.usage.responseTokens).toBeGreaterThan(0);
    expect(again.usage.cachedTokens).toBeGreaterThan(200);
    const { times } = first;
    expect(times.gapsMs.length).toBeLessThan(first.usage.responseTokens ?? 0);
    expect(times.totalMs).toBeGreaterThanOrEqual(times.ttftMs ?? Number.NaN);
  });

  test("has a prompt that is too long named as that", async () => {
    expect(await call(askedOf("x".repeat(40_000)))).toMatchObject({ outcome: "failed", failure: "context-too-long" });
  });

  test("has an answer that the limit cuts named as that", async () => {
    expect(await call(askedOf("repair it", { schema }), 1)).toMatchObject({ outcome: "failed", failure: "truncated" });
  });

  test("is timed by rounds of several callers, each call one that was answered", async () => {
    const control = serverControl({ kind: "openai", endpoint: server.endpoint, apiKey: null, timeoutMs: 2000 });
    const cells = await measureLatency(
      {
        candidates: [{ name: "alias", provider: tinyProvider(server.endpoint), control, reportsCache: false }],
        prefixes: ["cold", "warm"],
        loads: [1, 4].map((concurrency) => ({ kind: "closed" as const, concurrency })),
        rounds: 1,
        requests: 8,
        seed: 1,
        nonce: "n",
        prompts: [{ messages: [{ role: "user", content: "repair it" }], schema, material: materialOf() }],
        timeoutMs: 20_000,
      },
      { clock: CLOCK, wait, signal, timer: tinybenchRounds, meter: ownDelay },
    );
    for (const { samples } of cells) expect(latencyFigures(samples)).toMatchObject({ completed: 8, failed: 0, ttft: { n: 8 }, tpot: { n: 8 } });
  });
});

// When a call's clock begins: what comes before its request is at a socket is the queue.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import { overSocket } from "../../src/adapters/providers/transport.ts";
import { CLOCK, requestOf } from "../servers/material.ts";
import { says } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";

const { signal } = new AbortController();
let server: RehearsalServer;
beforeAll(async () => {
  server = await startRehearsalServer({ dialect: "vllm", models: ["m-1"], fallback: says({ content: ["a"], firstMs: 30 }) });
});
afterAll(() => server.close());

const SERVED = { model: "m-1", effort: null, temperature: null, maxOutputTokens: 100 };
const optionsTo = (endpoint: string) => ({
  name: "local",
  kind: "vllm" as const,
  api: "chat" as const,
  endpoint,
  apiKey: null,
  clock: CLOCK,
  models: { alias: SERVED },
  limits: { maxAnswerChars: 2000, connectMs: 1000, firstTokenMs: 5000, idleMs: 1000 },
});

/** Longer than a call takes on the busiest machine: the one is not taken for the other. */
const WAIT_MS = 2000;

describe("a call's clock", () => {
  it("begins when its request goes to the socket: what was waited for before is its queue", async () => {
    const provider = openAiCompatibleProvider({
      ...optionsTo(server.endpoint),
      send: async (url, asked) => {
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
        return overSocket(url, asked);
      },
    });
    const { times } = await provider.call(requestOf({ model: "alias" }), signal);
    expect(times.queueMs).toBeGreaterThan(WAIT_MS - 5);
    expect(times.ttftMs).toBeGreaterThan(20);
    expect(times.ttftMs).toBeLessThan(WAIT_MS);
  });

  it("has not begun where no connection was made", async () => {
    const gone = await startRehearsalServer({ dialect: "vllm", models: [], fallback: says({ content: ["a"] }) });
    await gone.close();
    const { times } = await openAiCompatibleProvider(optionsTo(gone.endpoint)).call(requestOf({ model: "alias" }), signal);
    expect(times).toMatchObject({ queueMs: 0, ttftMs: null });
  });
});

// Whatever a server sends, 10,000 seeded times over: a named failure or a whole answer, within bounds of time and memory.
import { describe, expect, test } from "vitest";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import type { Send } from "../../src/adapters/providers/transport.ts";
import { createRandom, type Random } from "../../src/core/base/random.ts";
import { FAILURES } from "../../src/core/policy/schema.ts";
import type { ModelReply } from "../../src/ports/models.ts";
import { CLOCK, requestOf } from "../servers/material.ts";
import { type Given, goodAnswer, MUTATIONS } from "../servers/mutations.ts";

const COUNT = 10_000;
const TIMEOUT_MS = 60;
const AT_ONCE = 40;
/** What a stream of this provider's may hold, and one piece more. */
const BOUND_BYTES = 4 * 1024 * 1024 + 2048 * 100 + 2 * 64 * 1024;

interface Played {
  readonly kind: string;
  readonly given: Given;
  readonly reply: ModelReply;
}

async function play(seed: number): Promise<Played> {
  const random: Random = createRandom(`mutated ${seed}`);
  // The endless ones cost megabytes each: one in ten of their turns is theirs.
  const names = Object.keys(MUTATIONS).filter((name) => seed % 10 === 0 || !name.startsWith("endless"));
  const kind = random.pick(names);
  const api = random.pick(["chat", "responses"] as const);
  let given: Given = { kind, bytes: 0, signal: new AbortController().signal };
  const send: Send = async (_, { signal }) => {
    given = { ...given, signal };
    const response = MUTATIONS[kind]?.(random, goodAnswer(random, api), given);
    if (!response) throw new Error(`no mutation ${kind}`);
    return response;
  };
  const provider = openAiCompatibleProvider({
    name: "mutated",
    kind: random.pick(["sglang", "vllm", "openai"] as const),
    api,
    endpoint: "http://mutated.invalid/v1",
    apiKey: "sk-a-key-for-mutations",
    clock: CLOCK,
    models: { alias: { model: "m-1", effort: "low", temperature: null, maxOutputTokens: 100 } },
    limits: { maxAnswerChars: 5000, connectMs: 100, firstTokenMs: TIMEOUT_MS / 2, idleMs: TIMEOUT_MS / 2 },
    send,
  });
  const reply = await provider.call(requestOf({ model: "alias", timeoutMs: TIMEOUT_MS }), new AbortController().signal);
  return { kind, given, reply };
}

async function playAll(count: number): Promise<{ readonly played: readonly Played[]; readonly peakBytes: number }> {
  const played: Played[] = [];
  let next = 0;
  const start = process.memoryUsage().rss;
  let peakBytes = 0;
  const player = async () => {
    for (let seed = next++; seed < count; seed = next++) {
      played.push(await play(seed));
      if (seed % 100 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage().rss - start);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, player));
  return { played, peakBytes };
}

describe("a server that answers anything at all", async () => {
  const { played, peakBytes } = await playAll(COUNT);
  const failuresOf = (kind: string) =>
    new Set(played.filter((one) => one.kind === kind).map(({ reply }) => (reply.outcome === "failed" ? reply.failure : "answered")));

  test("is always answered with a whole answer or a named failure", () => {
    expect(played).toHaveLength(COUNT);
    for (const { reply } of played) if (reply.outcome === "failed") expect(FAILURES).toContain(reply.failure);
  });
  test("never gets an answer taken that does not end, or that says something else", () => {
    for (const { kind, reply } of played.filter(({ reply: { outcome } }) => outcome === "answered")) {
      expect(["truncated", "wrong-types", "flipped-bytes", "spliced", "frames-shuffled", "breaks-off", "stalls", "not-utf8"], kind).toContain(kind);
      expect(reply.outcome === "answered" && reply.text.length).toBeLessThanOrEqual(5000);
    }
  });
  test("never keeps a call waiting beyond its time", () => {
    // Many calls share this process: what is over the limit is their turn-taking, and a hang would have no end.
    expect(Math.max(...played.map(({ reply }) => reply.times.totalMs))).toBeLessThan(TIMEOUT_MS + 20_000);
  });
  test("is read no further than an answer can be long", () => {
    expect(Math.max(...played.map(({ given }) => given.bytes))).toBeLessThanOrEqual(BOUND_BYTES);
    expect(peakBytes).toBeLessThan(400 * 1024 * 1024);
  });
  test("gets details that are one short line without the key", () => {
    for (const { reply } of played) {
      if (reply.outcome !== "failed") continue;
      expect(reply.detail.length).toBeLessThanOrEqual(500);
      expect(reply.detail).not.toMatch(/\p{Cc}|sk-a-key/u);
      expect(reply.detail.isWellFormed()).toBe(true);
    }
  });
  test("has its usage and times told as counts and times, or not at all", () => {
    for (const { reply } of played) {
      for (const value of Object.values(reply.usage)) expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
      expect(reply.times.gapsMs.every((gap) => gap >= 0)).toBe(true);
    }
  });
  test.each<[string, readonly string[]]>([
    ["html", ["malformed-answer"]],
    ["whole-json", ["malformed-answer"]],
    ["html-as-stream", ["cut-stream"]],
    ["no-body", ["cut-stream"]],
    ["endless-text", ["truncated", "model-not-found", "timeout-total", "timeout-first-token", "timeout-idle"]],
    ["endless-line", ["malformed-answer", "timeout-first-token", "timeout-total"]],
  ])("is named for what it does: %s", (kind, failures) => {
    for (const failure of failuresOf(kind)) expect(failures).toContain(failure);
  });
});

// What is made of every scripted answer that servers and gateways were seen or documented to give.
import { describe, expect, test } from "vitest";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import type { ModelFailure, ModelReply } from "../../src/ports/models.ts";
import { nextTry } from "../../src/trial/retry.ts";
import type { WireCase } from "../servers/corpus/case.ts";
import { ERRORS } from "../servers/corpus/errors.ts";
import { RESPONSES } from "../servers/corpus/responses.ts";
import { STREAMS } from "../servers/corpus/streams.ts";
import { CLOCK, requestOf } from "../servers/material.ts";
import { policyWith } from "../unit/run/fakes.ts";

const CORPUS = [...ERRORS, ...STREAMS, ...RESPONSES];
const KEY = "a-key-that-must-stay-here";
const { retries } = policyWith().policy;
/** What the same request may meet another answer to. */
const TRANSIENT: readonly ModelFailure[] = ["overload", "rate-limit", "server-error", "cut-stream"];
const FINAL: readonly ModelFailure[] = ["quota", "unauthorized", "bad-request", "model-not-found", "context-too-long"];

function play({ kind = "vllm", api = "chat", status = 200, headers = { "content-type": "text/event-stream" }, body }: WireCase): Promise<ModelReply> {
  const provider = openAiCompatibleProvider({
    name: "scripted",
    kind,
    api,
    endpoint: "http://scripted.invalid/v1",
    apiKey: KEY,
    clock: CLOCK,
    models: { alias: { model: "m-1", effort: null, temperature: null, maxOutputTokens: 100, acceptModels: ["own-*"] } },
    limits: { maxAnswerChars: 2000, connectMs: 100, firstTokenMs: 1000, idleMs: 1000 },
    send: async (url) => {
      if (url.endsWith("/models")) throw new Error("it has no list");
      return { status, headers: new Headers(headers), body: new Response(body).body };
    },
  });
  return provider.call(requestOf({ model: "alias" }), new AbortController().signal);
}

describe("the corpus", () => {
  test("holds 200 cases and more, each under a name of its own", () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThanOrEqual(200);
  });
  test.each(CORPUS.map((wire) => [wire.name, wire] as const))("%s", async (_, wire) => {
    const reply = await play(wire);
    const { is, text = "fine", reasoning, usage = {}, says = "", retryAfterMs = null } = wire;
    expect(reply.outcome === "failed" ? reply.failure : "answered", reply.outcome === "failed" ? reply.detail : "").toBe(is);
    if (reply.outcome === "answered") expect(reply.text).toBe(text);
    else {
      expect(reply.detail).toContain(says);
      expect(reply.retryAfterMs ?? null).toBe(retryAfterMs);
    }
    if (reasoning !== undefined) expect(reply.reasoning).toBe(reasoning);
    expect(reply.usage).toMatchObject(usage);
    expect(JSON.stringify(reply)).not.toContain(KEY);
  });
  test.each(TRANSIENT)("a failure that passes is tried again as the policy says: %s", (failure) => {
    expect(nextTry(retries, { failure, number: 1, retryAfterMs: null, constrained: false })).not.toBeNull();
  });
  test.each(FINAL)("a failure that would only come again is not: %s", (failure) => {
    expect(nextTry(retries, { failure, number: 1, retryAfterMs: null, constrained: false })).toBeNull();
  });
});

// What the readiness probe says about servers that are there, elsewhere, or odd.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openReadyLooks, probeReady } from "../../src/adapters/providers/ready.ts";
import type { Readiness } from "../../src/ports/servers.ts";
import { CLOCK } from "../servers/material.ts";
import { answers, answersText, hangsUp, says, saysNothing } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";

const KEY = "a-key-that-must-stay-here";
const MODELS = { object: "list", data: [{ id: "m-1" }, { id: "m-1:adapter" }] };
let server: RehearsalServer;

beforeAll(async () => {
  server = await startRehearsalServer({ dialect: "vllm", models: [], fallback: says({}) });
});
beforeEach(() => server.rehearseModels(answers(200, MODELS)));
afterAll(() => server.close());

function probe(facts: { readonly model?: string; readonly endpoint?: string; readonly timeoutMs?: number } = {}): Promise<Readiness> {
  return probeReady({ endpoint: server.endpoint, model: "m-1", apiKey: KEY, timeoutMs: 1000, clock: CLOCK, ...facts });
}

function reasonOf(readiness: Readiness): string {
  return readiness.ready ? "ready" : readiness.reason;
}

describe("the readiness probe", () => {
  test("finds a model that is served, and says how long it took", async () => {
    expect(await probe()).toEqual({ ready: true, latencyMs: expect.any(Number) as number, contextTokens: null });
  });
  test.each<[string, object, number | null]>([
    ["vLLM and SGLang", { max_model_len: 4096 }, 4096],
    ["OpenRouter and Together", { context_length: 32_768 }, 32_768],
    ["Mistral", { max_context_length: 131_072 }, 131_072],
    ["llama.cpp", { meta: { n_ctx: 2048, n_ctx_train: 131_072 } }, 2048],
    ["a server that says it in words", { max_model_len: "long" }, null],
    ["a server that says nothing sensible", { context_length: -1, meta: null }, null],
  ])("tells the context as %s has it", async (_, facts, contextTokens) => {
    server.rehearseModels(answers(200, { data: [{ id: "m-1", ...facts }] }));
    expect(await probe()).toMatchObject({ ready: true, contextTokens });
  });
  test.each<[string, string, object, number | null]>([
    ["llama.cpp's own page", "/props", { default_generation_settings: { n_ctx: 8192 } }, 8192],
    [
      "LiteLLM's",
      "/model/info",
      {
        data: [
          { model_name: "other", model_info: { max_input_tokens: 1 } },
          { model_name: "m-1", model_info: { max_input_tokens: 16_384 } },
        ],
      },
      16_384,
    ],
    ["a page that says nothing sensible", "/props", { default_generation_settings: { n_ctx: "long" } }, null],
  ])("tells the context from %s where the list does not", async (_, path, page, contextTokens) => {
    server.rehearsePage("/props", answers(404, {}));
    server.rehearsePage("/model/info", answers(404, {}));
    server.rehearsePage(path, answers(200, page));
    expect(await probe()).toMatchObject({ ready: true, contextTokens });
  });
  test("is ready without a context where its server hangs up on questions that it does not know", async () => {
    server.rehearsePage("/props", hangsUp());
    server.rehearsePage("/model/info", hangsUp());
    expect(await probe()).toMatchObject({ ready: true, contextTokens: null });
    server.rehearsePage("/props", answers(404, {}));
    server.rehearsePage("/model/info", answers(404, {}));
  });
  test("asks the model list with the key", async () => {
    await probe();
    expect(server.seen.find(({ path }) => path === "/v1/models")).toMatchObject({
      method: "GET",
      path: "/v1/models",
      headers: { authorization: `Bearer ${KEY}` },
    });
  });
  test("takes an endpoint with a slash at its end", async () => {
    expect(await probe({ endpoint: `${server.endpoint}/` })).toMatchObject({ ready: true });
  });
  test.each(["m", "M-1", "m-1:other"])("does not take another id for the model: %s", async (model) => {
    expect(reasonOf(await probe({ model }))).toBe(`${model} is not served: the server has m-1, m-1:adapter`);
  });
  test("names no more than five of the models that are there", async () => {
    server.rehearseModels(answers(200, { data: Array.from({ length: 40 }, (_, index) => ({ id: `x${index}` })) }));
    expect(reasonOf(await probe())).toBe("m-1 is not served: the server has x0, x1, x2, x3, x4 and 35 more");
  });
  test("says when the key is refused, without the key", async () => {
    server.rehearseModels(answers(401, { error: { message: KEY } }));
    expect(reasonOf(await probe())).toBe("the key was refused (HTTP 401)");
  });
  test("says when the server answers with another status", async () => {
    server.rehearseModels(answers(503, {}));
    expect(reasonOf(await probe())).toBe("the model list answers HTTP 503");
  });
  test.each<[string, ReturnType<typeof answers>]>([
    ["a page", answersText(200, "text/html", "<h1>Hello</h1>")],
    ["a list without data", answers(200, { models: [] })],
    ["an array", answers(200, [])],
  ])("does not take %s for a model list", async (_, scene) => {
    server.rehearseModels(scene);
    expect(reasonOf(await probe())).toBe("the response is not a model list: is the address right?");
  });
  test("asks once for all who ask at the same time, each with an answer of its own", async () => {
    const asked = () => server.seen.reduce<Record<string, number>>((counts, { path }) => ({ ...counts, [path]: (counts[path] ?? 0) + 1 }), {});
    const before = asked();
    const more = () => ["/v1/models", "/props", "/model/info"].map((path) => (asked()[path] ?? 0) - (before[path] ?? 0));
    const looks = openReadyLooks();
    const ask = (model: string) => probeReady({ endpoint: server.endpoint, model, apiKey: KEY, timeoutMs: 1000, clock: CLOCK }, looks);
    const all = await Promise.all(Array.from({ length: 18 }, (_, index) => ask(index % 2 === 0 ? "m-1" : "m-2")));
    expect(all.map(({ ready }) => ready)).toEqual(Array.from({ length: 18 }, (_, index) => index % 2 === 0));
    expect(more()).toEqual([1, 1, 1]);
    await ask("m-1");
    expect(more()).toEqual([2, 2, 2]);
  });
  test("does not wait for a server that says nothing", async () => {
    server.rehearseModels(saysNothing());
    expect(reasonOf(await probe({ timeoutMs: 50 }))).toBe("no answer within 50 ms");
  });
  test("says when the server hangs up", async () => {
    server.rehearseModels(hangsUp());
    expect(await probe()).toMatchObject({ ready: false });
  });
  test("says when nothing listens", async () => {
    const gone = await startRehearsalServer({ dialect: "vllm", models: [], fallback: says({}) });
    await gone.close();
    expect(reasonOf(await probe({ endpoint: gone.endpoint }))).toContain("ECONNREFUSED");
  });
});

// What the OpenAI-compatible provider makes of servers that answer well, wrongly or too much.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { requestOf } from "../servers/material.ts";
import { answers, answersText, chunk, floods, says, streams } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { Scene } from "../servers/rehearsal-stage.ts";
import { callThrough, KEY, providerOver, type Setting } from "../servers/rehearsed-provider.ts";

const fine = says({ content: ["fine"] });
const role = chunk({ role: "assistant", content: "" });
const redirect: Scene = ({ response }) => {
  response.writeHead(307, { location: "http://127.0.0.1:9/v1/chat/completions" });
  response.end();
};
let server: RehearsalServer;

beforeAll(async () => {
  server = await startRehearsalServer({ dialect: "sglang", models: ["m-1"], fallback: fine });
});
afterAll(() => server.close());

function play(scene: Scene, request: Partial<ModelRequest> = {}, setting: Setting = {}): Promise<ModelReply> {
  return callThrough(server, scene, request, setting);
}

describe("a good answer", () => {
  test("tells usage, effort and the resolved model", async () => {
    expect(await play(fine)).toMatchObject({
      outcome: "answered",
      text: "fine",
      resolvedModel: "m-1",
      effort: "low",
      usage: { promptTokens: 120, responseTokens: 34, cachedTokens: 64, reasoningTokens: 8 },
    });
  });
  test("its first token is its first reasoning text, not the role chunk", async () => {
    const { times } = await play(says({ reasoning: ["hm"], content: ["a", "b"], firstMs: 60, betweenMs: 100 }), {}, { idleMs: 5000 });
    expect(times.ttftMs).toBeGreaterThanOrEqual(55);
    expect(times.totalMs - (times.ttftMs ?? 0)).toBeGreaterThanOrEqual(100);
  });
  test("stands without usage, which is then unknown", async () => {
    expect(await play(says({ content: ["a"], usage: false }))).toMatchObject({ outcome: "answered", usage: { promptTokens: null, responseTokens: null } });
  });
  test("stands when the server never closes the stream after it", async () => {
    expect(await play(streams([role, chunk({ content: "a" }), chunk({}, "stop")], "stalls"))).toMatchObject({ outcome: "answered", text: "a" });
  });
  test("stands when the connection breaks after the finish reason", async () => {
    expect(await play(streams([role, chunk({ content: "a" }), chunk({}, "stop")], "breaks"))).toMatchObject({ outcome: "answered", text: "a" });
  });
  test("comes over a connection that is kept alive", async () => {
    const provider = providerOver(server);
    const before = server.connections();
    for (let call = 0; call < 20; call += 1) await provider.call(requestOf({ model: "alias" }), new AbortController().signal);
    expect(server.connections() - before).toBe(1);
  });
});

describe("what the server sees", () => {
  test("the key is sent as a bearer token", async () => {
    await play(fine);
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
  });
  test("without a key nothing is sent, whatever the environment holds", async () => {
    const before = { ...process.env };
    Object.assign(process.env, { OPENAI_API_KEY: "leak", OPENAI_ORG_ID: "leak", OPENAI_PROJECT_ID: "leak", OPENAI_CUSTOM_HEADERS: "x-leak: leak" });
    try {
      await play(fine, {}, { apiKey: null });
    } finally {
      process.env = before;
    }
    expect(JSON.stringify(server.seen.at(-1)?.headers)).not.toContain("leak");
    expect(server.seen.at(-1)?.headers).not.toHaveProperty("authorization");
  });
  test("the server's own id of the model is sent, not the policy's name", async () => {
    await play(fine);
    expect(server.seen.at(-1)?.body).toMatchObject({
      model: "m-1",
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      reasoning_effort: "low",
    });
  });
  test("a failed request is not sent again", async () => {
    const before = server.seen.length;
    await play(answers(503, { error: { message: "busy", code: "server_is_overloaded" } }));
    expect(server.seen.length - before).toBe(1);
  });
});

describe("error bodies", () => {
  test.each<[string, number, unknown, string]>([
    ["SGLang's flat body of a full queue", 503, { object: "error", message: "The request queue is full.", type: "503", code: 503 }, "overload"],
    [
      "SGLang's flat body of a long prompt",
      400,
      { object: "error", message: "The input (9 tokens) is longer than the model's context length (8 tokens).", type: "BadRequestError", code: 400 },
      "context-too-long",
    ],
    [
      "vLLM's nested body of an unknown model",
      404,
      { error: { message: "The model `m-1` does not exist.", type: "NotFoundError", code: 404 } },
      "model-not-found",
    ],
    ["OpenAI's body of a rate limit", 429, { error: { message: "Slow down.", type: "requests", code: "rate_limit_exceeded" } }, "rate-limit"],
    ["OpenAI's body of no credit", 429, { error: { message: "No quota.", type: "insufficient_quota", code: "insufficient_quota" } }, "quota"],
    ["OpenAI's body of a wrong key", 401, { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } }, "unauthorized"],
    ["a wrong schema", 400, { object: "error", message: "schema is missing", type: "BadRequest", code: 400 }, "bad-request"],
    ["a router without workers", 503, { error: { code: "no_available_workers", message: "none" } }, "overload"],
    ["an error that is only words", 500, { error: "it broke" }, "server-error"],
  ])("%s", async (_, status, body, failure) => {
    expect(await play(answers(status, body))).toMatchObject({ outcome: "failed", failure });
  });
  test("a flat body's message is in the detail", async () => {
    expect(await play(answers(503, { object: "error", message: "The request queue is full.", code: 503 }))).toMatchObject({
      detail: "503 The request queue is full.",
    });
  });
  test("a FastAPI body's message is in the detail", async () => {
    expect(await play(answers(422, { detail: "Field required" }))).toMatchObject({ failure: "bad-request", detail: "422 Field required" });
  });
  test("an error body that is not JSON is told", async () => {
    expect(await play(answersText(502, "text/html", "<h1>Bad gateway</h1>"))).toMatchObject({ failure: "server-error", detail: "502 <h1>Bad gateway</h1>" });
  });
  test.each(['{"error":', '{"error":{"message":'])("an error that is nested deeper than anybody can walk is told as one: %s", async (start) => {
    const deep = `${start}${"[".repeat(25_000)}${"]".repeat(25_000)}${"}".repeat(start.split("{").length - 1)}`;
    const detail = "an error that is nested too deeply to be told";
    expect(await play(answersText(500, "application/json", deep))).toMatchObject({ failure: "server-error", detail: `500 ${detail}` });
    expect(await play(streams([role, deep], "ends"))).toMatchObject({ failure: "server-error", detail });
  });
  test("an endless error body is cut", async () => {
    expect(await play(answersText(500, "text/plain", "x".repeat(3_000_000)))).toMatchObject({ failure: "server-error" });
  });
  test("a server that repeats the key does not get it into the detail", async () => {
    const reply = await play(answers(401, { error: { message: `Bearer ${KEY} is not known` } }));
    expect(JSON.stringify(reply)).not.toContain(KEY);
    expect(reply).toMatchObject({ failure: "unauthorized", detail: "401 Bearer [key] is not known" });
  });
});

describe("streams that go wrong", () => {
  test("SGLang's overload within a 200 stream is overload", async () => {
    const frame = JSON.stringify({ error: { message: "busy", type: "SERVICE_UNAVAILABLE", code: 503 } });
    expect(await play(streams([frame, "[DONE]"], "ends"))).toMatchObject({ failure: "overload" });
  });
  test("an error frame whose code no number can be made of is the server's error", async () => {
    const frame = JSON.stringify({ error: { message: "odd", code: { toString: 1, valueOf: null } } });
    expect(await play(streams([role, frame], "ends"))).toMatchObject({ failure: "server-error", detail: "odd" });
  });
  test("an error frame after text fails the call", async () => {
    const frame = JSON.stringify({ error: { message: "boom", type: "InternalServerError", code: 500 } });
    expect(await play(streams([role, chunk({ content: "a" }), frame], "ends"))).toMatchObject({ failure: "server-error", detail: "boom" });
  });
  test("an error frame after the finish reason fails the call", async () => {
    const frame = JSON.stringify({ error: { message: "boom", code: 500 } });
    expect(await play(streams([chunk({ content: "a" }), chunk({}, "stop"), frame], "ends"))).toMatchObject({ failure: "server-error" });
  });
  test("a flat error frame fails the call", async () => {
    const frame = JSON.stringify({ object: "error", message: "busy", code: 503 });
    expect(await play(streams([frame], "ends"))).toMatchObject({ failure: "overload" });
  });
  test("a stream that ends without a finish reason is cut", async () => {
    expect(await play(says({ content: ["a"], finish: null }))).toMatchObject({ failure: "cut-stream" });
  });
  test("a connection that breaks within the stream cuts it", async () => {
    expect(await play(streams([role, chunk({ content: "a" })], "breaks"))).toMatchObject({ failure: "cut-stream" });
  });
  test("an empty stream is cut", async () => {
    expect(await play(streams([], "ends"))).toMatchObject({ failure: "cut-stream" });
  });
  test("a frame that is not JSON is a malformed answer", async () => {
    expect(await play(streams([role, "{not json"], "ends"))).toMatchObject({ failure: "malformed-answer" });
  });
  test.each([
    ["length", "truncated"],
    ["content_filter", "refusal"],
    ["abort", "server-error"],
  ])("finish reason %s is %s", async (finish, failure) => {
    expect(await play(says({ content: ["a"], finish }))).toMatchObject({ outcome: "failed", failure, usage: { promptTokens: 120 } });
  });
  test("an answer without text is empty", async () => {
    expect(await play(says({ reasoning: ["hm"] }))).toMatchObject({ failure: "empty-answer" });
  });
  test("an answer that is too long is dropped and its connection closed", async () => {
    const before = server.abandoned();
    const reply = await play(says({ content: Array.from({ length: 400 }, () => "x".repeat(100)), betweenMs: 1 }));
    expect(reply).toMatchObject({ failure: "truncated", detail: "the answer is longer than 2000 characters" });
    await expect.poll(() => server.abandoned()).toBe(before + 1);
  });
  test("bytes that never end a frame are not buffered for ever", async () => {
    expect(await play(floods(), {}, { kind: "openai" })).toMatchObject({ failure: "malformed-answer" });
  });
});

describe("answers that are not a stream", () => {
  test("a 200 page is a malformed answer", async () => {
    expect(await play(answersText(200, "text/html", "<h1>Hello</h1>"))).toMatchObject({ failure: "malformed-answer" });
  });
  test("a 200 JSON body is a malformed answer, and says what came", async () => {
    const reply = await play(answers(200, { choices: [{ message: { content: "a" }, finish_reason: "stop" }] }));
    expect(reply).toMatchObject({ failure: "malformed-answer", detail: expect.stringContaining("application/json") as string });
  });
  test("a redirect is not followed", async () => {
    expect(await play(redirect)).toMatchObject({ failure: "server-error" });
  });
});

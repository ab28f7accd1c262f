// What only one dialect or one of OpenAI's interfaces does: responses, echoed models, efforts, what a server asks to wait.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { answers, answersText, chunk, says, streams } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { Scene } from "../servers/rehearsal-stage.ts";
import { callThrough, type Setting } from "../servers/rehearsed-provider.ts";

const schema = { name: "edits", schema: { type: "object" } };
let server: RehearsalServer;

beforeAll(async () => {
  server = await startRehearsalServer({ dialect: "openai", models: ["m-1"], fallback: says({ content: ["fine"] }) });
});
afterAll(() => server.close());

const play = (scene: Scene, request: Partial<ModelRequest> = {}, setting: Setting = {}): Promise<ModelReply> => callThrough(server, scene, request, setting);
const respond = (scene: Scene, request: Partial<ModelRequest> = {}): Promise<ModelReply> => play(scene, request, { kind: "openai", api: "responses" });
const event = (type: string, rest: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({ type, ...rest });

describe("the responses interface", () => {
  test("gives the answer, its usage and its times", async () => {
    const reply = await respond(says({ reasoning: ["hm"], content: ["fi", "ne"], firstMs: 30, betweenMs: 20 }));
    expect(reply).toMatchObject({
      outcome: "answered",
      text: "fine",
      servedModel: "m-1",
      usage: { promptTokens: 120, responseTokens: 34, cachedTokens: 64, reasoningTokens: 8 },
    });
    expect(reply.times.gapsMs).toHaveLength(2);
    expect(reply.times.ttftMs).toBeGreaterThanOrEqual(25);
    expect((reply.times.firstOutputMs ?? 0) - (reply.times.ttftMs ?? 0)).toBeGreaterThanOrEqual(5);
  });
  test("is asked to keep nothing, to think as configured, and for the schema", async () => {
    await respond(says({ content: ["{}"] }), { schema });
    const { path, body } = server.seen.at(-1) ?? { path: "", body: {} };
    expect(path).toBe("/v1/responses");
    expect(body).toMatchObject({
      store: false,
      stream: true,
      max_output_tokens: 100,
      reasoning: { effort: "low" },
      text: { format: { type: "json_schema", name: "edits", strict: true } },
    });
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("messages");
  });
  test.each([
    ["length", "truncated"],
    ["content_filter", "refusal"],
    ["something new", "server-error"],
  ])("that is incomplete for %s fails as %s", async (finish, failure) => {
    expect(await respond(says({ content: ["a"], finish }))).toMatchObject({ outcome: "failed", failure });
  });
  test("that ends without an end event is cut", async () => {
    expect(await respond(says({ content: ["a"], finish: null }))).toMatchObject({ failure: "cut-stream" });
  });
  test("that fails says why", async () => {
    const failed = event("response.failed", { response: { error: { code: "rate_limit_exceeded", message: "slow" } } });
    expect(await respond(streams([failed], "ends"))).toMatchObject({ failure: "rate-limit", detail: "slow" });
  });
  test.each([
    ["flat", event("error", { code: "server_is_overloaded", message: "busy" })],
    ["nested", event("error", { error: { code: "server_is_overloaded", message: "busy" } })],
    ["without a type", JSON.stringify({ error: { code: "server_is_overloaded", message: "busy" } })],
  ])("takes an error event for what it is: %s", async (_, frame) => {
    expect(await respond(streams([event("response.created", { response: { model: "m-1" } }), frame], "ends"))).toMatchObject({ failure: "overload" });
  });
  test("takes a refusal for one", async () => {
    const frames = [event("response.refusal.delta", { delta: "no" }), event("response.completed", { response: { status: "completed" } })];
    expect(await respond(streams(frames, "ends"))).toMatchObject({ failure: "refusal" });
  });
});

describe("the model that an answer names", () => {
  const named = (model: string) => streams([JSON.stringify({ ...(JSON.parse(chunk({ content: "a" }, "stop")) as object), model })], "ends");
  test("must be the one that was asked for", async () => {
    expect(await play(named("m-2"))).toMatchObject({
      failure: "model-not-found",
      detail: expect.stringMatching(/^the answer comes from m-2, not from m-1/) as string,
    });
  });
  test.each(["m-1-2025-12-11", "m-1@main", "openai/m-1"])("may be decorated, and is kept: %s", async (name) => {
    expect(await play(named(name))).toMatchObject({
      outcome: "answered",
      resolvedModel: "m-1",
      servedModel: name,
    });
  });
  test("may not be another of the family", async () => {
    expect(await play(named("m-1-mini"), {}, { kind: "openai" })).toMatchObject({ failure: "model-not-found" });
  });
  test("may be another that the server lists with the same weights", async () => {
    server.rehearseModels(
      answers(200, {
        data: [
          { id: "m-1", root: "/weights/x" },
          { id: "alias", root: "/weights/x" },
          { id: "m-3", root: "/weights/y" },
        ],
      }),
    );
    expect(await play(named("alias"))).toMatchObject({ outcome: "answered", servedModel: "alias" });
    expect(await play(named("/weights/x"))).toMatchObject({ outcome: "answered" });
    expect(await play(named("m-3"))).toMatchObject({ failure: "model-not-found" });
  });
  test("may not change in the middle of it", async () => {
    const frame = (model: string, finish: string | null) => JSON.stringify({ ...(JSON.parse(chunk({ content: "a" }, finish)) as object), model });
    expect(await play(streams([frame("m-1", null), frame("m-2", "stop")], "ends"))).toMatchObject({
      failure: "model-not-found",
      detail: "the answer begins as m-1 and goes on as m-2",
    });
  });
});

describe("what a server asks to wait", () => {
  test.each<[Record<string, string>, number | null]>([
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "2", "retry-after-ms": "150" }, 150],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, null],
    [{ "retry-after": "-5" }, null],
    [{}, null],
  ])("is told: %j", async (headers, retryAfterMs) => {
    expect(await play(answers(429, { error: { message: "slow", code: "rate_limit_exceeded" } }, headers))).toMatchObject({
      failure: "rate-limit",
      retryAfterMs,
    });
  });
});

describe("bytes", () => {
  test("that are not UTF-8 are a malformed answer", async () => {
    const broken: Scene = ({ response }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(Buffer.concat([Buffer.from('data: {"choices":[{"delta":{"content":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}}]}\n\n')]));
    };
    expect(await play(broken)).toMatchObject({ failure: "malformed-answer", detail: "the stream is not UTF-8" });
  });
  test("of a character may come in two pieces", async () => {
    const frame = Buffer.from(`data: ${chunk({ content: "🦀" }, "stop")}\n\n`);
    const at = frame.indexOf(Buffer.from("🦀")) + 2;
    const split: Scene = ({ response }) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(frame.subarray(0, at));
      setTimeout(() => response.end(frame.subarray(at)), 20);
    };
    expect(await play(split)).toMatchObject({ outcome: "answered", text: "🦀" });
  });
  test("of a stream may use carriage returns, comments and other fields", async () => {
    const text = `: hello\r\nevent: message\r\nid: 7\r\ndata: ${chunk({ content: "a" }, "stop")}\r\n\r\ndata: [DONE]\r\n\r\n`;
    expect(await play(answersText(200, "text/event-stream", text))).toMatchObject({ outcome: "answered", text: "a" });
  });
  test("after the end mark are no part of the answer", async () => {
    expect(await play(streams([chunk({ content: "a" }, "stop"), "[DONE]", "{not json"], "ends"))).toMatchObject({ outcome: "answered", text: "a" });
  });
});

// How long the OpenAI-compatible provider waits, and what it makes of connections that fail or are given up.
import { type AddressInfo, createServer as createNetServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { requestOf } from "../servers/material.ts";
import { chunk, hangsUp, says, saysNothing, streams } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { Scene } from "../servers/rehearsal-stage.ts";
import { callThrough, providerOver, type Setting } from "../servers/rehearsed-provider.ts";

const fine = says({ content: ["fine"] });
const role = chunk({ role: "assistant", content: "" });
const stuck: Scene = ({ response }) => {
  response.writeHead(500, { "content-type": "application/json" });
  response.write("{");
};
let server: RehearsalServer;

beforeAll(async () => {
  server = await startRehearsalServer({ dialect: "sglang", models: ["m-1"], fallback: fine });
});
afterAll(() => server.close());

function play(scene: Scene, request: Partial<ModelRequest> = {}, setting: Setting = {}): Promise<ModelReply> {
  return callThrough(server, scene, request, setting);
}

describe("time", () => {
  test("a server that says nothing times out", async () => {
    expect(await play(saysNothing(), { timeoutMs: 60 })).toMatchObject({ failure: "timeout-total", detail: "no complete answer within 60 ms" });
  });
  test("an answer that keeps coming is bounded by the total time", async () => {
    const slow = says({ content: Array.from({ length: 100 }, () => "a"), betweenMs: 20 });
    expect(await play(slow, { timeoutMs: 120 })).toMatchObject({ failure: "timeout-total", detail: "no complete answer within 120 ms" });
  });
  test("a stream that stalls after text times out by its silence", async () => {
    const reply = await play(streams([role, chunk({ content: "a" })], "stalls"));
    expect(reply).toMatchObject({ failure: "timeout-idle", detail: "the stream stalled for 80 ms" });
    expect(reply.times.ttftMs).not.toBeNull();
  });
  test.each(["sglang", "vllm"] as const)("with %s a silence after the role chunk is a stall", async (kind) => {
    expect(await play(streams([role], "stalls"), {}, { kind })).toMatchObject({ failure: "timeout-idle", detail: "the stream stalled for 80 ms" });
  });
  test("with openai a silence after the role chunk is thinking", async () => {
    expect(await play(says({ content: ["a"], firstMs: 160 }), {}, { kind: "openai" })).toMatchObject({ outcome: "answered" });
  });
  test("an error body that never ends is bounded by the total time", async () => {
    expect(await play(stuck, { timeoutMs: 60 })).toMatchObject({ failure: "timeout-total" });
  });
});

describe("time to the first text", () => {
  test.each(["sglang", "vllm"] as const)("%s must say something in time", async (kind) => {
    expect(await play(saysNothing(), {}, { kind, firstTokenMs: 60 })).toMatchObject({ failure: "timeout-first-token", detail: "no text within 60 ms" });
  });
  test("openai may think for as long as the whole call may take", async () => {
    expect(await play(says({ content: ["a"], firstMs: 120 }), {}, { kind: "openai", firstTokenMs: 40 })).toMatchObject({ outcome: "answered" });
  });
  test("is over with the first reasoning text", async () => {
    const thinking = says({ reasoning: Array.from({ length: 12 }, () => "hm"), content: ["a"], betweenMs: 20 });
    expect(await play(thinking, {}, { firstTokenMs: 150 })).toMatchObject({ outcome: "answered" });
  });
});

describe("connections", () => {
  test("a handshake that never ends is a timeout of the connection", async () => {
    const mute = createNetServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const endpoint = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`;
    expect(await play(fine, {}, { endpoint, connectMs: 200 })).toMatchObject({ failure: "timeout-connect", times: { ttftMs: null } });
    mute.close();
  });
  test("a port where nothing listens refuses the connection", async () => {
    const gone = await startRehearsalServer({ dialect: "vllm", models: [], fallback: fine });
    await gone.close();
    expect(await play(fine, {}, { endpoint: gone.endpoint })).toMatchObject({ failure: "refused-connection", times: { ttftMs: null } });
  });
  test("a server that hangs up before answering is the server's error", async () => {
    expect(await play(hangsUp())).toMatchObject({ failure: "server-error" });
  });
  test.each<[string, string, string]>([
    ["a length that no chunk has", "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "cut-stream"],
    ["a page that breaks off", "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 90\r\n\r\n<h1>", "cut-stream"],
    ["a page in chunks that are none", "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "cut-stream"],
    ["an error in chunks that are none", "HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "server-error"],
    ["a status that is none", "HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n", "server-error"],
    ["no body where there may be none", "HTTP/1.1 304 Not Modified\r\n\r\n", "server-error"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "server-error"],
    ["headers without end", `HTTP/1.1 200 OK\r\nx-a: ${"x".repeat(200_000)}`, "server-error"],
    ["nothing", "", "server-error"],
  ])("what is no HTTP, or no more of it, is named: %s", async (_, text, failure) => {
    const odd = createNetServer((socket) => socket.on("error", () => undefined).once("data", () => socket.end(text)));
    await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/v1`;
    expect(await play(fine, {}, { endpoint })).toMatchObject({ outcome: "failed", failure });
    odd.close();
  });
  test("an abort before the first byte throws the caller's reason", async () => {
    server.rehearse(saysNothing());
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error("interrupted")), 30);
    await expect(providerOver(server).call(requestOf({ model: "alias" }), caller.signal)).rejects.toThrow("interrupted");
  });
  test("an abort within the stream throws and closes the connection", async () => {
    const before = server.abandoned();
    server.rehearse(says({ content: Array.from({ length: 100 }, () => "a"), betweenMs: 20 }));
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error("interrupted")), 60);
    await expect(providerOver(server).call(requestOf({ model: "alias" }), caller.signal)).rejects.toThrow("interrupted");
    await expect.poll(() => server.abandoned()).toBe(before + 1);
  });
});

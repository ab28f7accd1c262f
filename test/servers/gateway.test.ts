// The provider through a real gateway that nobody here wrote: sglang-router before two rehearsal workers. Run by `npm run test:servers`.
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { probeReady } from "../../src/adapters/providers/ready.ts";
import { FAILURES } from "../../src/core/policy/schema.ts";
import type { ModelReply, ModelRequest } from "../../src/ports/models.ts";
import { freePort } from "./free-port.ts";
import { CLOCK, requestOf } from "./material.ts";
import { answers, overloads, says, streams } from "./rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "./rehearsal-server.ts";
import type { Scene } from "./rehearsal-stage.ts";
import { providerOver } from "./rehearsed-provider.ts";

const PYTHON = process.env["BAKEOFF_GATEWAY_PYTHON"] ?? "";
const START_MS = 60_000;
const { signal } = new AbortController();

let workers: readonly [RehearsalServer, RehearsalServer];
let gateway: ChildProcess;
let endpoint = "";
let log = "";

const fine = says({ reasoning: ["hm"], content: ["fi", "ne"] });

beforeAll(async () => {
  if (PYTHON === "") throw new Error("BAKEOFF_GATEWAY_PYTHON is not set: run this by npm run test:servers");
  const worker = () => startRehearsalServer({ dialect: "sglang", models: ["m-1"], fallback: fine });
  workers = [await worker(), await worker()];
  for (const one of workers) {
    one.rehearsePage("/health", answers(200, {}));
    one.rehearsePage("/server_info", answers(200, { model_path: "m-1", served_model_name: "m-1", model_id: "m-1", tp_size: 1, version: "0.5.2" }));
    one.rehearsePage("/get_server_info", answers(200, { model_path: "m-1", served_model_name: "m-1", model_id: "m-1", tp_size: 1, version: "0.5.2" }));
    one.rehearsePage("/get_model_info", answers(200, { model_path: "m-1", served_model_name: "m-1", is_generation: true }));
  }
  const port = await freePort();
  const urls = workers.map((one) => one.endpoint.replace("/v1", ""));
  // Its own retries would hide failures from those who count them.
  const flags = ["--policy", "round_robin", "--disable-retries", "--worker-startup-timeout-secs", "30", "--worker-startup-check-interval", "1"];
  const prometheus = ["--prometheus-port", String(await freePort())];
  const args = ["-m", "sglang_router.launch_router", "--host", "127.0.0.1", "--port", String(port), ...flags, ...prometheus, "--worker-urls", ...urls];
  gateway = spawn(PYTHON, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [gateway.stdout, gateway.stderr]) stream?.on("data", (text: Buffer) => (log = (log + text.toString()).slice(-8000)));
  endpoint = `http://127.0.0.1:${port}/v1`;
  const until = performance.now() + START_MS;
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/readiness`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > until || gateway.exitCode !== null) throw new Error(`the gateway is not ready:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}, START_MS + 10_000);

afterAll(async () => {
  if (gateway?.pid !== undefined && gateway.exitCode === null) {
    const ended = new Promise((resolve) => gateway.once("exit", resolve));
    process.kill(-gateway.pid, "SIGKILL");
    await ended;
  }
  await Promise.all((workers ?? []).map((one) => one.close()));
});

function call(request: Partial<ModelRequest> = {}): Promise<ModelReply> {
  return providerOver(workers[0], { endpoint, apiKey: null, firstTokenMs: 10_000, idleMs: 3000 }).call(
    requestOf({ model: "alias", timeoutMs: 15_000, ...request }),
    signal,
  );
}

/** Both workers play it next, whichever is asked. */
function bothPlay(...scenes: readonly Scene[]): void {
  for (const one of workers) one.rehearse(...scenes);
}

describe("through the gateway", () => {
  test("an answer comes with its reasoning left out, its usage and its times", async () => {
    bothPlay();
    expect(await call()).toMatchObject({ outcome: "answered", text: "fine", servedModel: "m-1", usage: { promptTokens: 120, responseTokens: 34 } });
  });
  test("both workers are asked in turn", async () => {
    const before = workers.map(({ played }) => played.length);
    for (let index = 0; index < 6; index += 1) expect((await call()).outcome).toBe("answered");
    expect(workers.map(({ played }, index) => played.length - (before[index] ?? 0))).toEqual([3, 3]);
  });
  test("the schema reaches the worker as it was sent", async () => {
    await call({ schema: { name: "edits", schema: { type: "object", properties: {}, required: [], additionalProperties: false } } });
    const bodies = workers.flatMap(({ seen }) => seen.map(({ body }) => body)).filter((body) => "response_format" in body);
    expect(bodies.at(-1)).toMatchObject({ response_format: { type: "json_schema", json_schema: { name: "edits", strict: true } } });
  });
  test("a full queue is overload, whether it comes with its status or within the stream", async () => {
    bothPlay(overloads());
    expect(await call()).toMatchObject({ failure: "overload" });
    bothPlay(answers(503, { object: "error", message: "The request queue is full.", type: "503", code: 503 }));
    expect(await call()).toMatchObject({ failure: "overload" });
    bothPlay();
  });
  test("a prompt that is too long is named so", async () => {
    const message = "The input (9 tokens) is longer than the model's context length (8 tokens).";
    bothPlay(answers(400, { object: "error", message, type: "BadRequestError", code: 400 }));
    expect(await call()).toMatchObject({ failure: "context-too-long" });
    bothPlay();
  });
  test("a worker that breaks off within its answer cuts the stream", async () => {
    bothPlay(streams(['{"choices":[{"delta":{"content":"half"}}]}'], "breaks"));
    const reply = await call();
    expect(reply.outcome).toBe("failed");
    expect(reply).toMatchObject({ failure: "cut-stream" });
    bothPlay();
  });
  test("its model list is asked for readiness", async () => {
    const probe = { endpoint, model: "m-1", apiKey: null, timeoutMs: 3000, clock: CLOCK };
    expect(await probeReady(probe)).toMatchObject({ ready: true });
    expect(await probeReady({ ...probe, model: "m-2" })).toMatchObject({ ready: false });
  });
  test("a worker that is killed costs named failures, and then the other answers for it", async () => {
    bothPlay(...Array.from({ length: 40 }, () => says({ content: ["a", "b", "c"], firstMs: 20, betweenMs: 10 })));
    const running = Promise.all(Array.from({ length: 16 }, (_, index) => new Promise((resolve) => setTimeout(resolve, index * 10)).then(() => call())));
    setTimeout(() => void workers[1].close(), 60);
    const replies = await running;
    for (const reply of replies) if (reply.outcome === "failed") expect(FAILURES).toContain(reply.failure);
    expect(replies.some(({ outcome }) => outcome === "answered")).toBe(true);
    expect(replies.some(({ outcome }) => outcome === "failed")).toBe(true);
    await expect
      .poll(async () => (await Promise.all([call(), call(), call()])).map(({ outcome }) => outcome), { timeout: 90_000, interval: 500 })
      .toEqual(["answered", "answered", "answered"]);
  }, 120_000);
  test("without any worker left it is overload or a refused connection, never an answer", async () => {
    await workers[0].close();
    const reply = await call();
    expect(reply).toMatchObject({ outcome: "failed" });
    expect(reply.outcome === "failed" && ["overload", "server-error", "refused-connection", "cut-stream"]).toContain(
      reply.outcome === "failed" ? reply.failure : "",
    );
  });
});

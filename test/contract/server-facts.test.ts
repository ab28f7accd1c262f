// What servers say of themselves, of their cache and of their load: kept where it bears on answers, and never a secret.
import { afterEach, describe, expect, test } from "vitest";
import { serverInspector } from "../../src/adapters/providers/identity.ts";
import { counterIn, serverControl } from "../../src/adapters/providers/server-control.ts";
import { answers, answersText, saysNothing, says } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { DialectName } from "../../src/core/policy/candidate/dialect.ts";

const { signal } = new AbortController();
let server: RehearsalServer;
afterEach(() => server.close());

async function inspect(dialect: DialectName, prepare: () => void = () => undefined) {
  server = await startRehearsalServer({ dialect, models: ["m-1"], fallback: says({ content: ["a"] }) });
  prepare();
  return serverInspector({ kind: dialect, endpoint: server.endpoint, apiKey: "k-1234567", timeoutMs: 300 }).inspect(signal);
}

describe("what a server has loaded", () => {
  test("is told by SGLang with its flags", async () => {
    expect(await inspect("sglang")).toMatchObject({
      ok: true,
      facts: { model_path: "rehearsal/m-1", version: "0.5.2", reasoning_parser: "gpt-oss", enable_cache_report: true, "model m-1": "m-1, 32768 tokens" },
    });
  });
  test("is told by vLLM as far as it goes", async () => {
    expect(await inspect("vllm")).toMatchObject({ ok: true, facts: { version: "0.25.0", "model m-1": "m-1, 32768 tokens" } });
  });
  test("holds no key of the server, and none of ours that it repeats", async () => {
    const said = await inspect("sglang", () => server.rehearsePage("/model_info", answers(200, { model_path: "/x?token=k-1234567", secret: "s" })));
    expect(JSON.stringify(said)).not.toContain("a-key-of-the-server");
    expect(JSON.stringify(said)).not.toContain("k-1234567");
    expect(said).toMatchObject({ facts: { model_path: "/x?token=[key]" } });
  });
  test("is asked under the older names where the newer are not there", async () => {
    const said = await inspect("sglang", () => {
      server.rehearsePage("/model_info", answers(404, {}));
      server.rehearsePage("/get_model_info", answers(200, { model_path: "older" }));
    });
    expect(said).toMatchObject({ facts: { model_path: "older" } });
  });
  test.each([
    ["says nothing", saysNothing()],
    ["says something else", answersText(200, "text/html", "<h1>")],
    ["sends megabytes", answers(200, { model_path: "x".repeat(3_000_000), model_type: { deep: [1] } })],
  ])("is bounded and named where the page %s", async (_, scene) => {
    const said = await inspect("sglang", () => server.rehearsePage("/model_info", scene));
    if (said.ok) expect(JSON.stringify(said).length).toBeLessThan(5000);
    else expect(said.detail).toContain("timeout");
  });
  test("is unknown with the reason where nobody listens", async () => {
    await inspect("vllm");
    await server.close();
    const said = await serverInspector({ kind: "vllm", endpoint: server.endpoint, apiKey: null, timeoutMs: 300 }).inspect(signal);
    // A connection that was kept alive may be what tells of it.
    expect(said).toMatchObject({ ok: false, detail: expect.stringMatching(/ECONNREFUSED|other side closed/) as string });
  });
});

describe("a server's cache", () => {
  test("is emptied at SGLang only, and a refusal is told", async () => {
    server = await startRehearsalServer({ dialect: "sglang", models: ["m-1"], fallback: says({ content: ["a"] }) });
    const at = { endpoint: server.endpoint, apiKey: null, timeoutMs: 500 };
    expect(await serverControl({ kind: "sglang", ...at }).flush(signal)).toBe(true);
    expect(await serverControl({ kind: "vllm", ...at }).flush(signal)).toBe(false);
    server.rehearsePage("/flush_cache", answersText(400, "text/plain", "busy"));
    expect(await serverControl({ kind: "sglang", ...at }).flush(signal)).toBe(false);
  });
  test("is counted by the server's own counters, over all labels", () => {
    const text = '# HELP a b\nsglang:x_total{model="m",rank="0"} 3.0\nsglang:x_total{model="m",rank="1"} 4 1700000000000\nsglang:x_total_other 9\nsglang:y 5\n';
    expect(counterIn(text, "sglang:x_total")).toBe(7);
    expect(counterIn(text, "sglang:y")).toBe(5);
    expect(counterIn(text, "sglang:z")).toBeNull();
  });
});

// The provider through LiteLLM, which stands before a real llama.cpp. `npm run test:servers -- --litellm` installs it, which takes minutes, and runs this.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerSchema } from "../../src/core/verdict/answer/answer.ts";
import { askedOf, type StartedServer, startLiteLlm, startLlama, tinyProvider } from "./started.ts";

const PROGRAM = process.env["BAKEOFF_LITELLM"] ?? "";
const { signal } = new AbortController();
const schema = answerSchema("edits");

describe.skipIf(PROGRAM === "")("a real LiteLLM before a real llama.cpp", () => {
  let llama: StartedServer;
  let gateway: StartedServer;
  beforeAll(async () => {
    llama = await startLlama(process.env["BAKEOFF_GATEWAY_PYTHON"] ?? "");
    gateway = await startLiteLlm(PROGRAM, llama.endpoint);
  });
  afterAll(() => {
    gateway.stop();
    llama.stop();
  });
  const call = (request: ReturnType<typeof askedOf>, maxOutputTokens?: number) => tinyProvider(gateway.endpoint, maxOutputTokens).call(request, signal);

  test("passes answers on, in the form of the schema and under the model's name", async () => {
    const reply = await call(askedOf("repair it", { schema }));
    expect(reply).toMatchObject({ outcome: "answered", servedModel: "tiny" });
    expect(JSON.parse(reply.outcome === "answered" ? reply.text : "")).toHaveProperty("edits");
  });

  test("passes token counts on as they are", async () => {
    expect((await call(askedOf("x".repeat(300)))).usage.promptTokens).toBe(300 + 2);
  });

  test("leaves failures their names", async () => {
    expect(await call(askedOf("x".repeat(40_000)))).toMatchObject({ outcome: "failed", failure: "context-too-long" });
    expect(await call(askedOf("repair it", { schema }), 1)).toMatchObject({ outcome: "failed", failure: "truncated" });
    expect(await call(askedOf("repair it", { model: "gone" }))).toMatchObject({ outcome: "failed", failure: "model-not-found" });
  });

  test("has the loss of the server behind it named as a server's failure", async () => {
    llama.stop();
    const reply = await call(askedOf("repair it"));
    expect(reply).toMatchObject({ outcome: "failed" });
    expect(["server-error", "overload"]).toContain(reply.outcome === "failed" ? reply.failure : "");
  });
});

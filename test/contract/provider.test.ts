// What every model provider does: one suite for the embedded one and for each dialect over a rehearsal server.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddedProvider } from "../../src/adapters/providers/embedded/embedded.ts";
import { openAiCompatibleProvider } from "../../src/adapters/providers/openai-compatible.ts";
import type { ModelProvider } from "../../src/ports/models.ts";
import { CLOCK, requestOf } from "../servers/material.ts";
import { says } from "../servers/rehearsal-scenes.ts";
import { type RehearsalServer, startRehearsalServer } from "../servers/rehearsal-server.ts";
import type { DialectName } from "../../src/core/policy/candidate/dialect.ts";

interface Subject {
  readonly provider: ModelProvider;
  /** The provider's id of the model that the policy calls `nop`. */
  readonly resolved: string;
  readonly close: () => Promise<void>;
}

function embedded(): Promise<Subject> {
  const workbench = { lint: async () => ({ outcome: "linted" as const, diagnostics: [], detail: "", totalMs: 0 }) };
  return Promise.resolve({ provider: embeddedProvider({ clock: CLOCK, workbench, maxAnswerChars: 1000 }), resolved: "nop", close: async () => undefined });
}

async function served(dialect: DialectName): Promise<Subject> {
  const fallback = says({ reasoning: ["Nothing ", "to do."], content: ['{"edits"', ":[]}"] });
  const server: RehearsalServer = await startRehearsalServer({ dialect, models: ["m-1"], fallback });
  const provider = openAiCompatibleProvider({
    name: dialect,
    kind: dialect,
    api: "chat",
    endpoint: server.endpoint,
    apiKey: null,
    clock: CLOCK,
    models: { nop: { model: "m-1", effort: null, temperature: null, maxOutputTokens: 100 } },
    limits: { maxAnswerChars: 1000, connectMs: 1000, firstTokenMs: 1000, idleMs: 1000 },
  });
  return { provider, resolved: "m-1", close: () => server.close() };
}

describe.each([
  { name: "embedded", open: embedded },
  { name: "sglang", open: () => served("sglang") },
  { name: "vllm", open: () => served("vllm") },
  { name: "openai", open: () => served("openai") },
])("the $name provider", ({ name, open }) => {
  let subject: Subject;
  const signal = new AbortController().signal;

  beforeAll(async () => {
    subject = await open();
  });
  afterAll(() => subject.close());

  test("has the name that routes go by", () => {
    expect(subject.provider.name).toBe(name);
  });
  test("answers with the whole text", async () => {
    expect(await subject.provider.call(requestOf(), signal)).toMatchObject({ outcome: "answered", text: '{"edits":[]}' });
  });
  test("tells, without its key, what it would send where, and tells it alike for one request", () => {
    const { sends } = subject.provider;
    if (name === "embedded") return expect(sends).toBeUndefined();
    const sent = sends?.(requestOf());
    expect(sent).toEqual(sends?.(requestOf()));
    expect(sent).toMatchObject({ url: expect.stringMatching(/^http.*\/chat\/completions$/), body: { model: "m-1", stream: true } });
    expect(sends?.(requestOf({ messages: [{ role: "user", content: "else" }] }))).not.toEqual(sent);
    expect(sends?.(requestOf({ model: "nobody" }))).toBeNull();
  });
  test("names the model as the provider knows it", async () => {
    expect((await subject.provider.call(requestOf(), signal)).resolvedModel).toBe(subject.resolved);
  });
  test("gives times that fit into each other", async () => {
    const { times } = await subject.provider.call(requestOf(), signal);
    expect(times.queueMs).toBeGreaterThanOrEqual(0);
    expect(times.totalMs).toBeGreaterThanOrEqual(times.ttftMs ?? 0);
  });
  test("gives token counts that are counts or unknown", async () => {
    const { usage } = await subject.provider.call(requestOf(), signal);
    for (const tokens of Object.values(usage)) expect(tokens === null || (Number.isInteger(tokens) && tokens >= 0)).toBe(true);
  });
  test("reports a model that it does not serve as not found", async () => {
    expect(await subject.provider.call(requestOf({ model: "no-such" }), signal)).toMatchObject({
      outcome: "failed",
      failure: "model-not-found",
      resolvedModel: "no-such",
    });
  });
  test("does not take an object's own properties for models", async () => {
    expect(await subject.provider.call(requestOf({ model: "constructor" }), signal)).toMatchObject({ outcome: "failed", failure: "model-not-found" });
  });
  test("throws when the caller has aborted", async () => {
    await expect(subject.provider.call(requestOf(), AbortSignal.abort(new Error("interrupted")))).rejects.toThrow("interrupted");
  });
  test("keeps calls at the same time apart", async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => subject.provider.call(requestOf({ model: index % 2 ? "nop" : "no-such" }), signal)),
    );
    expect(replies.map((reply) => reply.outcome)).toEqual(Array.from({ length: 8 }, (_, index) => (index % 2 ? "answered" : "failed")));
  });
});

// Answers that are used again: only for what would be sent anew to the last byte, and only as they were kept.
import { describe, expect, it } from "vitest";
import { BakeoffError } from "../../../src/core/base/errors.ts";
import { openRedactor } from "../../../src/core/capsule/redaction.ts";
import type { KeptAnswers } from "../../../src/ports/kept-answers.ts";
import type { ModelProvider, ModelReply, ModelRequest } from "../../../src/ports/models.ts";
import { reusingProvider } from "../../../src/trial/reused-answers.ts";
import { requestOf } from "../../servers/material.ts";
import { memoryAnswers } from "../app/run/session-world.ts";
import { answered, failedCall } from "../run/fakes.ts";

const signal = new AbortController().signal;

interface Sketch {
  readonly answers?: KeptAnswers;
  readonly replies?: readonly ModelReply[];
  readonly name?: string;
  /** What would be sent for a request. */
  readonly sends?: NonNullable<ModelProvider["sends"]>;
  readonly maxChars?: number;
}

function world({
  answers = memoryAnswers(),
  replies = [],
  name = "local",
  maxChars = 1000,
  sends = ({ messages }) => ({ url: "u", body: { messages } }),
}: Sketch = {}) {
  const told: string[] = [];
  let calls = 0;
  const call = async (): Promise<ModelReply> => replies[calls++] ?? { ...answered(`answer ${calls}`), reasoning: "because" };
  const means = {
    answers,
    redactor: openRedactor([], [{ name: "KEY", value: "s3cret-value-of-a-key" }]),
    maxChars,
    tell: (what: string) => void told.push(what),
  };
  const provider = reusingProvider({ name, sends, call }, means);
  const ask = (more: Partial<ModelRequest> = {}) => provider.call(requestOf({ draw: "1/1/1", ...more }), signal);
  return { ask, answers, told, calls: () => calls };
}

describe("an identical request", () => {
  it("gets the answer of the earlier one, reasoning and tokens included, and no time", async () => {
    const { ask, calls } = world();
    const [first, second] = [await ask(), await ask()];
    expect(second).toEqual({
      outcome: "answered",
      reused: true,
      text: "answer 1",
      reasoning: "because",
      resolvedModel: first.resolvedModel,
      servedModel: first.servedModel,
      effort: first.effort,
      usage: first.usage,
      times: { queueMs: 0, ttftMs: null, firstOutputMs: null, totalMs: 0, gapsMs: [] },
    });
    expect(first.reused).toBeUndefined();
    expect(calls()).toBe(1);
  });

  it.each<[string, Partial<ModelRequest>]>([
    ["other messages", { messages: [{ role: "user", content: "else" }] }],
    ["another model", { model: "other" }],
    ["another epoch, attempt or try: repeats that are one answer are none", { draw: "2/1/1" }],
  ])("is none with %s", async (_, more) => {
    const { ask, calls } = world();
    await ask();
    expect((await ask(more)).reused).toBeUndefined();
    expect(calls()).toBe(2);
  });

  it("is none at another provider or address", async () => {
    const { ask, answers } = world();
    await ask();
    expect((await world({ answers, name: "other" }).ask()).reused).toBeUndefined();
    expect((await world({ answers, sends: ({ messages }) => ({ url: "v", body: { messages } }) }).ask()).reused).toBeUndefined();
    expect((await world({ answers }).ask()).reused).toBe(true);
  });

  it("is asked again where the earlier one failed", async () => {
    const { ask, calls } = world({ replies: [failedCall("overload")] });
    expect((await ask()).outcome).toBe("failed");
    expect(await ask()).toMatchObject({ outcome: "answered", text: "answer 2" });
    expect(calls()).toBe(2);
  });

  it("is kept under what was sent, where the provider learnt meanwhile how to ask", async () => {
    let form = "json_schema";
    const sends = () => ({ form });
    const answers = memoryAnswers();
    const learning: KeptAnswers = { ...answers, find: async (key) => ((form = "json_object"), answers.find(key)) };
    await world({ answers: learning, sends }).ask();
    expect((await world({ answers, sends }).ask()).reused).toBe(true);
    form = "json_schema";
    expect((await world({ answers, sends }).ask()).reused).toBeUndefined();
  });

  it("is never looked for where nothing would be sent", async () => {
    const { ask, calls } = world({ sends: () => null });
    await ask();
    await ask();
    expect(calls()).toBe(2);
  });

  it("holds no secret of this machine", async () => {
    const answers = memoryAnswers();
    await world({ answers, replies: [answered("s3cret-value-of-a-key")] }).ask();
    expect(JSON.stringify([...answers.entries])).not.toContain("s3cret");
  });
});

describe("a kept answer that can't be used", () => {
  type Entry = { format: number; key: string; sha256: string; answer: { text: string } };

  it.each<[string, (entry: Entry) => unknown]>([
    ["was changed", (entry) => ({ ...entry, answer: { ...entry.answer, text: "forged" } })],
    ["is that of another request", (entry) => ({ ...entry, key: "0".repeat(64) })],
    ["is of a later format", (entry) => ({ ...entry, format: 2 })],
    ["has a member too many", (entry) => ({ ...entry, answer: { ...entry.answer, times: {} } })],
    ["is a text", () => "x"],
  ])("because it %s is told of, and the model is asked again", async (_, change) => {
    const answers = memoryAnswers();
    await world({ answers }).ask();
    for (const [key, entry] of answers.entries) answers.entries.set(key, change(entry as Entry));
    const again = world({ answers });
    expect((await again.ask()).reused).toBeUndefined();
    expect(again.told).toHaveLength(1);
    // What came instead is kept: the next one is whole.
    expect((await again.ask()).reused).toBe(true);
  });

  it("because it is no JSON, or longer than an answer may be, is told of", async () => {
    const broken: KeptAnswers = { ...memoryAnswers(), find: () => Promise.reject(new BakeoffError("integrity", "not JSON", "")) };
    const { ask, told } = world({ answers: broken });
    expect((await ask()).reused).toBeUndefined();
    const answers = memoryAnswers();
    await world({ answers }).ask();
    const short = world({ answers, maxChars: 3 });
    expect((await short.ask()).reused).toBeUndefined();
    expect([told.length, short.told.length]).toEqual([1, 1]);
  });

  it("because it could not be kept costs the run nothing", async () => {
    const full: KeptAnswers = { ...memoryAnswers(), keep: () => Promise.reject(new BakeoffError("environment", "no space", "")) };
    const { ask, told } = world({ answers: full });
    expect((await ask()).outcome).toBe("answered");
    expect(told).toEqual(["no space: this answer is not kept"]);
  });
});

// Facts about hearing a stream of chunks out.
import { describe, expect, test } from "vitest";
import { readChunk } from "../../../../../src/adapters/providers/apis/chat.ts";
import { endingOf, newTranscript, type Transcript } from "../../../../../src/adapters/providers/stream/stream.ts";

function heard(...chunks: readonly unknown[]): Transcript {
  const transcript = newTranscript();
  for (const [index, chunk] of chunks.entries()) readChunk(transcript, chunk, (index + 1) * 10);
  return transcript;
}

function delta(fields: Readonly<Record<string, unknown>>, finish: string | null = null) {
  return { choices: [{ delta: fields, finish_reason: finish }] };
}

const role = delta({ role: "assistant", content: "" });

describe("the first text", () => {
  test("the role chunk is not the first text", () => {
    expect(heard(role, delta({ content: "a" })).firstTextAt).toBe(20);
  });
  test.each(["reasoning_content", "reasoning"])("reasoning text under %s is the first text", (key) => {
    expect(heard(role, delta({ [key]: "hm" }), delta({ content: "a" })).firstTextAt).toBe(20);
  });
  test("null texts are no text", () => {
    expect(heard(delta({ content: null, reasoning_content: null })).firstTextAt).toBeNull();
  });
});

describe("the ending", () => {
  test("content parts are joined and reasoning is left out", () => {
    expect(endingOf(heard(role, delta({ reasoning: "hm" }), delta({ content: "a" }), delta({ content: "b" }), delta({}, "stop")))).toEqual({
      outcome: "answered",
      text: "ab",
    });
  });
  test.each([
    ["length", "truncated"],
    ["content_filter", "refusal"],
    ["abort", "server-error"],
    ["error", "server-error"],
    ["stop", "empty-answer"],
  ])("a stream that finishes with %s and no text ends as %s", (finish, failure) => {
    expect(endingOf(heard(role, delta({}, finish)))).toMatchObject({ outcome: "failed", failure });
  });
  test("a stream without a finish reason was cut, however complete its text looks", () => {
    expect(endingOf(heard(role, delta({ content: '{"edits":[]}' })))).toMatchObject({ failure: "cut-stream" });
  });
  test("an answer of white space is empty", () => {
    expect(endingOf(heard(delta({ content: " \n" }), delta({}, "stop")))).toMatchObject({ failure: "empty-answer" });
  });
  test("refusal text is a refusal", () => {
    expect(endingOf(heard(delta({ refusal: "I can't." }), delta({}, "stop")))).toMatchObject({ failure: "refusal" });
  });
  test("a finish reason is kept when a later chunk has none", () => {
    expect(endingOf(heard(delta({ content: "a" }, "stop"), { choices: [] }))).toMatchObject({ outcome: "answered" });
  });
});

describe("usage", () => {
  const usage = (fields: unknown) => heard({ choices: [], usage: fields }).usage;

  test("SGLang's reasoning tokens stand at top level", () => {
    expect(usage({ prompt_tokens: 1, completion_tokens: 2, reasoning_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } })).toEqual({
      promptTokens: 1,
      responseTokens: 2,
      reasoningTokens: 3,
      cachedTokens: 4,
    });
  });
  test("OpenAI's reasoning tokens stand in the details", () => {
    expect(usage({ completion_tokens_details: { reasoning_tokens: 9 } }).reasoningTokens).toBe(9);
  });
  test("no details about cached tokens means unknown, not zero", () => {
    expect(usage({ prompt_tokens: 1, prompt_tokens_details: null }).cachedTokens).toBeNull();
  });
  test.each([-1, 1.5, "7", Number.NaN])("what is not a count is unknown: %s", (value) => {
    expect(usage({ prompt_tokens: value }).promptTokens).toBeNull();
  });
});

describe("odd chunks", () => {
  test.each([null, 7, "text", [], {}, { choices: null }, { choices: [null] }, { choices: [{ delta: null }] }])(
    "a chunk without a choice changes nothing: %j",
    (chunk) => {
      expect(heard(chunk)).toEqual(newTranscript());
    },
  );
  test("a flat error in place of a chunk throws", () => {
    expect(() => heard({ object: "error", message: "no", code: 400 })).toThrow("no");
  });
});

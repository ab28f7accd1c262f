// Facts about the request bodies of the dialects.
import { describe, expect, test } from "vitest";
import { chatBody } from "../../../../../src/adapters/providers/apis/chat.ts";
import type { ServedModel } from "../../../../../src/adapters/providers/dialects/dialect.ts";
import { DIALECTS } from "../../../../../src/adapters/providers/dialects/dialects.ts";
import { DIALECT_NAMES } from "../../../../../src/core/policy/dialect.ts";
import { requestOf } from "../../../../servers/material.ts";

const served: ServedModel = { model: "m", effort: null, temperature: null, maxOutputTokens: 500 };
const local = ["sglang", "vllm"] as const;

describe("every dialect", () => {
  test.each(DIALECT_NAMES)("%s streams, with usage", (kind) => {
    expect(chatBody(DIALECTS[kind], served, requestOf())).toMatchObject({ model: "m", stream: true, stream_options: { include_usage: true } });
  });
  test.each(DIALECT_NAMES)("%s gets the schema wrapped, with its name and strict", (kind) => {
    const schema = { name: "edits", schema: { type: "object" } };
    expect(chatBody(DIALECTS[kind], served, requestOf({ schema })).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "edits", schema: { type: "object" }, strict: true },
    });
  });
  test("free text asks for no response format", () => {
    expect(chatBody(DIALECTS.vllm, served, requestOf())).not.toHaveProperty("response_format");
  });
  test("messages go out as they are", () => {
    expect(chatBody(DIALECTS.sglang, served, requestOf()).messages).toEqual(requestOf().messages);
  });
});

describe("local servers", () => {
  test.each(local)("%s always gets a temperature", (kind) => {
    expect(chatBody(DIALECTS[kind], served, requestOf()).temperature).toBe(0);
    expect(chatBody(DIALECTS[kind], { ...served, temperature: 0.7 }, requestOf()).temperature).toBe(0.7);
  });
  test.each(local)("%s gets max_tokens", (kind) => {
    const body = chatBody(DIALECTS[kind], served, requestOf());
    expect(body.max_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_completion_tokens");
  });
  test.each(local)("%s gets an effort only if one is configured", (kind) => {
    expect(chatBody(DIALECTS[kind], served, requestOf())).not.toHaveProperty("reasoning_effort");
    expect(chatBody(DIALECTS[kind], { ...served, effort: "low" }, requestOf()).reasoning_effort).toBe("low");
  });
});

describe("openai", () => {
  test("openai gets max_completion_tokens", () => {
    const body = chatBody(DIALECTS.openai, served, requestOf());
    expect(body.max_completion_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_tokens");
  });
  test("openai gets the configured effort, none included", () => {
    expect(chatBody(DIALECTS.openai, { ...served, effort: "xhigh" }, requestOf()).reasoning_effort).toBe("xhigh");
    expect(chatBody(DIALECTS.openai, { ...served, effort: "none" }, requestOf()).reasoning_effort).toBe("none");
  });
  test.each(["low", "xhigh", null] as const)("openai gets no temperature with effort %s", (effort) => {
    expect(chatBody(DIALECTS.openai, { ...served, effort, temperature: 0.5 }, requestOf())).not.toHaveProperty("temperature");
  });
  test("openai gets a configured temperature where the model does not reason", () => {
    expect(chatBody(DIALECTS.openai, { ...served, effort: "none", temperature: 0.5 }, requestOf()).temperature).toBe(0.5);
  });
});

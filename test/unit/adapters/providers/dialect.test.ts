// Facts about the request bodies of the dialects.
import { describe, expect, test } from "vitest";
import { requestBody, type ServedModel } from "../../../../src/adapters/providers/dialect.ts";
import { requestOf } from "../../../servers/material.ts";

const served: ServedModel = { model: "m", effort: null, temperature: null, maxOutputTokens: 500 };
const local = ["sglang", "vllm"] as const;

describe("every dialect", () => {
  test.each(["sglang", "vllm", "openai"] as const)("%s streams, with usage", (kind) => {
    expect(requestBody(kind, served, requestOf())).toMatchObject({ model: "m", stream: true, stream_options: { include_usage: true } });
  });
  test.each(["sglang", "vllm", "openai"] as const)("%s gets the schema wrapped, with its name and strict", (kind) => {
    const schema = { name: "edits", schema: { type: "object" } };
    expect(requestBody(kind, served, requestOf({ schema })).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "edits", schema: { type: "object" }, strict: true },
    });
  });
  test("free text asks for no response format", () => {
    expect(requestBody("vllm", served, requestOf())).not.toHaveProperty("response_format");
  });
  test("messages go out as they are", () => {
    expect(requestBody("sglang", served, requestOf()).messages).toEqual(requestOf().messages);
  });
});

describe("local servers", () => {
  test.each(local)("%s always gets a temperature", (kind) => {
    expect(requestBody(kind, served, requestOf()).temperature).toBe(0);
    expect(requestBody(kind, { ...served, temperature: 0.7 }, requestOf()).temperature).toBe(0.7);
  });
  test.each(local)("%s gets max_tokens", (kind) => {
    const body = requestBody(kind, served, requestOf());
    expect(body.max_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_completion_tokens");
  });
  test.each(local)("%s gets an effort only if one is configured", (kind) => {
    expect(requestBody(kind, served, requestOf())).not.toHaveProperty("reasoning_effort");
    expect(requestBody(kind, { ...served, effort: "low" }, requestOf()).reasoning_effort).toBe("low");
  });
});

describe("openai", () => {
  test("openai gets max_completion_tokens", () => {
    const body = requestBody("openai", served, requestOf());
    expect(body.max_completion_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_tokens");
  });
  test("openai gets the configured effort, none included", () => {
    expect(requestBody("openai", { ...served, effort: "xhigh" }, requestOf()).reasoning_effort).toBe("xhigh");
    expect(requestBody("openai", { ...served, effort: "none" }, requestOf()).reasoning_effort).toBe("none");
  });
  test.each(["low", "xhigh", null] as const)("openai gets no temperature with effort %s", (effort) => {
    expect(requestBody("openai", { ...served, effort, temperature: 0.5 }, requestOf())).not.toHaveProperty("temperature");
  });
  test("openai gets a configured temperature where the model does not reason", () => {
    expect(requestBody("openai", { ...served, effort: "none", temperature: 0.5 }, requestOf()).temperature).toBe(0.5);
  });
});

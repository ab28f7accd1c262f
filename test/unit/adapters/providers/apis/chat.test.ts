// Facts about the request bodies of the dialects.
import { describe, expect, test } from "vitest";
import { chatBody } from "../../../../../src/adapters/providers/apis/chat.ts";
import type { Dialect, ServedModel } from "../../../../../src/adapters/providers/dialects/dialect.ts";
import { DIALECTS } from "../../../../../src/adapters/providers/dialects/dialects.ts";
import type { OutputForm } from "../../../../../src/core/policy/candidate/shape.ts";
import { DIALECT_NAMES } from "../../../../../src/core/policy/candidate/dialect.ts";
import type { ModelRequest } from "../../../../../src/ports/models.ts";
import { requestOf } from "../../../../servers/material.ts";

const served: ServedModel = { model: "m", effort: null, temperature: null, maxOutputTokens: 500 };
const local = ["sglang", "vllm"] as const;
const bodyFor = (dialect: Dialect, model: ServedModel, request: ModelRequest, form: OutputForm = "json_schema") =>
  chatBody({ dialect, served: model, request, form });

describe("every dialect", () => {
  test.each(DIALECT_NAMES)("%s streams, with usage", (kind) => {
    expect(bodyFor(DIALECTS[kind], served, requestOf())).toMatchObject({ model: "m", stream: true, stream_options: { include_usage: true } });
  });
  test.each(DIALECT_NAMES)("%s gets the schema wrapped, with its name and strict", (kind) => {
    const schema = { name: "edits", schema: { type: "object" } };
    expect(bodyFor(DIALECTS[kind], served, requestOf({ schema })).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "edits", schema: { type: "object" }, strict: true },
    });
  });
  test("free text asks for no response format", () => {
    expect(bodyFor(DIALECTS.vllm, served, requestOf())).not.toHaveProperty("response_format");
  });
  test("messages go out as they are", () => {
    expect(bodyFor(DIALECTS.sglang, served, requestOf()).messages).toEqual(requestOf().messages);
  });
});

describe("local servers", () => {
  test.each(local)("%s always gets a temperature", (kind) => {
    expect(bodyFor(DIALECTS[kind], served, requestOf()).temperature).toBe(0);
    expect(bodyFor(DIALECTS[kind], { ...served, temperature: 0.7 }, requestOf()).temperature).toBe(0.7);
  });
  test.each(local)("%s gets max_tokens", (kind) => {
    const body = bodyFor(DIALECTS[kind], served, requestOf());
    expect(body.max_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_completion_tokens");
  });
  test.each(local)("%s gets an effort only if one is configured", (kind) => {
    expect(bodyFor(DIALECTS[kind], served, requestOf())).not.toHaveProperty("reasoning_effort");
    expect(bodyFor(DIALECTS[kind], { ...served, effort: "low" }, requestOf()).reasoning_effort).toBe("low");
  });
});

describe("openai", () => {
  test("openai gets max_completion_tokens", () => {
    const body = bodyFor(DIALECTS.openai, served, requestOf());
    expect(body.max_completion_tokens).toBe(500);
    expect(body).not.toHaveProperty("max_tokens");
  });
  test("openai gets the configured effort, none included", () => {
    expect(bodyFor(DIALECTS.openai, { ...served, effort: "xhigh" }, requestOf()).reasoning_effort).toBe("xhigh");
    expect(bodyFor(DIALECTS.openai, { ...served, effort: "none" }, requestOf()).reasoning_effort).toBe("none");
  });
  test.each(["low", "xhigh"] as const)("openai gets no temperature with effort %s", (effort) => {
    expect(bodyFor(DIALECTS.openai, { ...served, effort, temperature: 0.5 }, requestOf())).not.toHaveProperty("temperature");
  });
  test.each(["none", null] as const)("openai gets a configured temperature where no effort is asked for: %s", (effort) => {
    expect(bodyFor(DIALECTS.openai, { ...served, effort, temperature: 0.5 }, requestOf()).temperature).toBe(0.5);
  });
});

describe("a candidate's own request", () => {
  const members = { top_k: 20, stop: ["x"], chat_template_kwargs: { enable_thinking: false }, repetition_penalty: 1.05 };
  test("has the members that it sets", () => {
    expect(bodyFor(DIALECTS.vllm, { ...served, members }, requestOf())).toMatchObject(members);
  });
  test("can't change what the harness relies on", () => {
    expect(bodyFor(DIALECTS.vllm, { ...served, members: { model: "other", stream: false } }, requestOf())).toMatchObject({ model: "m", stream: true });
  });
  test.each(local)("sends %s an effort of none as such", (kind) => {
    expect(bodyFor(DIALECTS[kind], { ...served, effort: "none" }, requestOf()).reasoning_effort).toBe("none");
  });
});

describe("the form of an answer", () => {
  const request = requestOf({ schema: { name: "edits", schema: { type: "object", properties: { diff: { type: "string" } } } } });
  const formed = (dialect: Dialect, form: OutputForm) => bodyFor(dialect, served, request, form) as unknown as Record<string, unknown>;
  test("may be any JSON object", () => expect(formed(DIALECTS.vllm, "json_object")["response_format"]).toEqual({ type: "json_object" }));
  test("may be left to the prompt", () => expect(formed(DIALECTS.vllm, "none")).not.toHaveProperty("response_format"));
  test("may be a regular expression, in each dialect's own member", () => {
    const { regex } = formed(DIALECTS.sglang, "regex");
    expect(formed(DIALECTS.vllm, "regex")["structured_outputs"]).toEqual({ regex });
    expect('{"diff": "a\\nb"}').toMatch(new RegExp(`^${String(regex)}$`));
    expect('{"diff": 1}').not.toMatch(new RegExp(`^${String(regex)}$`));
  });
});

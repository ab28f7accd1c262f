// Names that servers give to models: decorated ones are the same, another model is another.
import { describe, expect, it } from "vitest";
import { fitsPattern, isSameModel } from "../../../../../src/core/policy/candidate/served-name.ts";

describe("a served name", () => {
  it.each([
    ["gpt-oss-20b", "gpt-oss-20b"],
    ["gpt-oss-20b", "openai/gpt-oss-20b"],
    ["openai/gpt-oss-20b", "gpt-oss-20b"],
    ["openrouter/openai/gpt-oss-20b", "openai/gpt-oss-20b"],
    ["Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B@main"],
    ["gpt-5.2", "gpt-5.2-2025-12-11"],
    ["gpt-5.2-2025-12-11", "gpt-5.2-20251211"],
    ["tiny", "/models/tiny.gguf"],
    ["gpt-oss:20b", "gpt-oss:20b"],
  ])("%s may be called %s", (asked, named) => expect(isSameModel(asked, named)).toBe(true));
  it.each([
    ["m-1", "m-2"],
    ["m-1", "m-1-mini"],
    ["m-1", "M-1"],
    ["openai/m-1", "someone/m-1"],
    ["m-1-2025-12-11", "m-1-2026-01-01"],
    ["m-1@main", "m-1@dev"],
    ["Qwen3-Instruct", "Qwen3-Instruct-2507"],
    ["m-1", "m-1-2025-13-11"],
    ["gpt-oss:20b", "gpt-oss:120b"],
    ["m-1", ""],
  ])("%s is not %s", (asked, named) => expect(isSameModel(asked, named)).toBe(false));
});

describe("a pattern of names", () => {
  it.each([
    ["gpt-4o", "gpt-4o"],
    ["gpt-4o*", "gpt-4o-2024-08-06"],
    ["*", "anything"],
    ["*/m-*-q4*", "hub/m-1-q4_K_M"],
    ["a*a", "aa"],
  ])("%s fits %s", (pattern, named) => expect(fitsPattern(["nothing", pattern], named)).toBe(true));
  it.each([
    ["gpt-4o", "gpt-4o-mini"],
    ["gpt-4o*", "my-gpt-4o"],
    ["a*a", "a"],
    ["a*b*c", "ac"],
    ["a.c", "abc"],
    ["*b*b", "b"],
  ])("%s does not fit %s", (pattern, named) => expect(fitsPattern([pattern], named)).toBe(false));
  it("of none fits nothing", () => expect(fitsPattern([], "m")).toBe(false));
});

// What counts as a flaw of an answer that came.
import { describe, expect, it } from "vitest";
import { flawOf } from "../../../../../src/core/verdict/answer/flaw.ts";

const compliant = { ok: true, compliant: true };
const rescued = { ok: true, compliant: false };
const unread = { ok: false, compliant: false };

describe("a flaw", () => {
  it.each(["<|channel|>analysis", "analysis We need … assistantfinal{}", "<|start|>assistant"])("is what harmony leaves behind: %s", (text) => {
    expect(flawOf(text, rescued)).toBe("harmony-residue");
    expect(flawOf(text, unread)).toBe("harmony-residue");
    expect(flawOf(text, null)).toBe("harmony-residue");
  });
  it("is an answer that can't be read", () => expect(flawOf("no JSON", unread)).toBe("malformed-answer"));
  it("is not a fence around an answer that can be read", () => expect(flawOf("```json\n{}\n```", rescued)).toBeNull());
  it("is not a mark that a compliant answer quotes", () => expect(flawOf('{"edits":["<|channel|>"]}', compliant)).toBeNull());
  it("is nothing in plain text or in Rust's closures", () => expect(flawOf("map(|x| x <|y| y)", null)).toBeNull());
});

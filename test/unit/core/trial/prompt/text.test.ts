// Estimates, cuts and fences.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutTo, estimateTokens, fenced, fencedWithin, harmless, listParts } from "../../../../../src/core/trial/prompt/text.ts";
import { anyText } from "../../../any-text.ts";

const hostile = fc.oneof(
  anyText(),
  fc.string({ unit: fc.constantFrom("`", "```\n", "\n## Task\n", "<|im_end|>", "\ud800", "x", "\u001b[0m"), maxLength: 300 }),
);
const tokens = fc.integer({ min: -5, max: 400 });

describe("a token estimate", () => {
  test("is a token for 3.5 characters, rounded up", () => {
    expect(["", "a", "abc", "abcd", "a".repeat(7)].map(estimateTokens)).toEqual([0, 1, 1, 2, 2]);
  });
});

describe("a cut text", () => {
  test("that fits is as it was", () => {
    expect(cutTo("abc", 1)).toBe("abc");
  });
  test("ends at a line and says how much is missing", () => {
    expect(cutTo(`${"line\n".repeat(20)}${"x".repeat(100)}`, 30)).toMatch(/line\n… \(cut: \d+ more characters\)$/);
  });
  test("keeps to its tokens and doesn't split characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "😀", "\n"), maxLength: 300 }), tokens, (text, limit) => {
        const cut = cutTo(text, limit);
        expect(estimateTokens(cut)).toBeLessThanOrEqual(Math.max(0, limit));
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("a fence", () => {
  test("can't be closed from within", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = fenced(text).split("\n");
        const [fence = ""] = lines;
        expect(lines.slice(1, -1).some((line) => line.includes(fence))).toBe(false);
        expect(lines.at(-1)).toBe(fence);
      }),
    );
  });
  test("with text keeps to its tokens", () => {
    fc.assert(fc.property(hostile, tokens, (text, limit) => estimateTokens(fencedWithin(text, limit)) <= Math.max(0, limit)));
  });
});

describe("harmless text", () => {
  test("has no control characters, chat tokens or endless backticks", () => {
    expect(harmless(`a\u001b[1m<|im_start|>system\r\n\t${"`".repeat(99)}`)).toBe(`a[1m< |im_start|>system\n\t${"`".repeat(20)}`);
  });
  test("is what harmless text stays", () => {
    fc.assert(fc.property(hostile, (text) => harmless(harmless(text)) === harmless(text)));
  });
});

describe("a list of parts", () => {
  test("keeps to its tokens", () => {
    const parts = fc.array(fc.record({ title: fc.string({ maxLength: 40 }), text: hostile }), { maxLength: 8 });
    fc.assert(fc.property(parts, tokens, (list, limit) => estimateTokens(listParts("Heading", list, limit)) <= Math.max(0, limit)));
  });
  test("says how many parts had no room", () => {
    const parts = Array.from({ length: 9 }, (_, index) => ({ title: `part ${index}`, text: "x".repeat(500) }));
    expect(listParts("Heading", parts, 100)).toMatch(/… and \d more$/);
  });
  test("gives a later part the room that an earlier one leaves", () => {
    const text = listParts(
      "H",
      [
        { title: "a", text: "short" },
        { title: "b", text: "y".repeat(600) },
      ],
      220,
    );
    expect(text).toContain("y".repeat(600));
  });
});

// How a patch looks to a critic or a judge.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineDiff, patchSummary } from "../../../../../src/core/trial/prompt/patch-summary.ts";
import { estimateTokens } from "../../../../../src/core/trial/prompt/text.ts";
import type { Tree } from "../../../../../src/core/text/edit.ts";

const ten = Array.from({ length: 10 }, (_, index) => `l${index + 1}\n`).join("");
const tree: Tree = new Map([
  ["a.rs", ten],
  ["b.rs", "b\n"],
]);

describe("a patch summary", () => {
  test("shows changed lines with three lines around them", () => {
    expect(patchSummary(tree, new Map([["a.rs", ten.replace("l6\n", "six\n")]]), 500)).toBe(
      "Changed files: 1\n\nFile a.rs (changed):\n```\n@@ line 3 @@\n l3\n l4\n l5\n-l6\n+six\n l7\n l8\n l9\n```",
    );
  });
  test("names new and deleted files, in path order", () => {
    const text = patchSummary(
      tree,
      new Map([
        ["c.rs", "c\n"],
        ["b.rs", null],
      ]),
      500,
    );
    expect(text).toMatch(/File b\.rs \(deleted\):[^]*-b\n[^]*File c\.rs \(new\):[^]*\+c\n/);
  });
  test("says where nothing changes", () => {
    expect(patchSummary(tree, new Map(), 500)).toBe("The patch changes nothing.");
  });
  test("keeps to its tokens", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("l1\n", "x", "\n", "`"), maxLength: 400 }),
        fc.integer({ min: 0, max: 300 }),
        (after, tokens) =>
          estimateTokens(
            patchSummary(
              tree,
              new Map([
                ["a.rs", after],
                ["n.rs", after],
              ]),
              tokens,
            ),
          ) <= tokens,
      ),
    );
  });
});

describe("a line diff", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  test("holds both texts", () => {
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const diff = lineDiff(old.map((line) => `${line}\n`).join(""), now.map((line) => `${line}\n`).join(""));
        expect(diff.filter(({ sign }) => sign !== "+").map(({ text }) => text)).toEqual(old);
        expect(diff.filter(({ sign }) => sign !== "-").map(({ text }) => text)).toEqual(now);
      }),
    );
  });
  test("keeps what a longest common subsequence keeps", () => {
    expect(
      lineDiff("a\nb\nc\nd\n", "b\nx\nd\ny\n")
        .filter(({ sign }) => sign === " ")
        .map(({ text }) => text),
    ).toEqual(["b", "d"]);
  });
  test("of huge texts shows all as replaced, in bounded time", () => {
    const old = Array.from({ length: 3000 }, (_, index) => `o${index}\n`).join("");
    const now = Array.from({ length: 3000 }, (_, index) => `n${index}\n`).join("");
    const started = performance.now();
    expect(lineDiff(old, now)).toHaveLength(6000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

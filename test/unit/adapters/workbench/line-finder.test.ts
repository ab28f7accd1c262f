// The finder against the plain search that it stands for.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineFinder } from "../../../../src/adapters/workbench/line-finder.ts";

const found = (lines: readonly string[], text: string): string[] => lineFinder(lines)(Buffer.from(text));

describe("lineFinder", () => {
  it("finds just what a search for each line finds, wherever it stands", () => {
    const word = fc.stringMatching(/^[abé ]{1,16}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 8 }), fc.array(word, { maxLength: 30 }), (lines, parts) => {
        const text = parts.join("");
        expect(found(lines, text)).toEqual(lines.filter((line) => Buffer.from(text).includes(Buffer.from(line))));
      }),
      { numRuns: 500 },
    );
  });

  it("finds at the first and the last byte, and nothing in less than a line", () => {
    expect(found(["let a = one(b);"], "let a = one(b);")).toEqual(["let a = one(b);"]);
    expect(found(["let a = one(b);", "two"], "xx two let a = one(b);")).toEqual(["let a = one(b);", "two"]);
    expect(found(["let a = one(b);"], "let a = one(b)")).toEqual([]);
  });

  it("finds nothing where nothing is looked for", () => {
    expect(found([], "text")).toEqual([]);
    expect(found([""], "text")).toEqual([]);
  });

  it("reads a part of a larger buffer as that part alone", () => {
    expect(lineFinder(["abcdef"])(Buffer.from("abcdef").subarray(1))).toEqual([]);
  });
});

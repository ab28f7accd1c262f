// Lines that are fitted to a terminal: every width, no word lost, colours not counted, commands left whole.
import { describe, expect, it } from "vitest";
import { fitted, fittingWidth } from "../../../../src/cli/text/fitted.ts";

const GREEN = "[32m";
const OFF = "[39m";
const long = `✓ counts: ${"The numbers of events and texts are those in the seal, ".repeat(6)}counting what a safe export left out.`;
const words = (text: string): readonly string[] => text.split(/\s+/);

describe("a line", () => {
  for (let width = 60; width <= 200; width += 1)
    it(`is no longer than ${width}, and holds its words in their order`, () => {
      const text = `  ${GREEN}${long}${OFF}\nshort\n`;
      const shown = fitted(text, width);
      for (const line of shown.replaceAll(/\[\d+m/g, "").split("\n")) expect([...line].length, line).toBeLessThanOrEqual(width);
      expect(words(shown)).toEqual(words(text));
    });

  it("goes on two columns further in, and keeps its columns apart", () => {
    expect(fitted("  id-of-a-task  compile  low   a title that is long", 34)).toBe("  id-of-a-task  compile  low   a\n    title that is long");
  });

  it("stays as it is without a terminal, and where it is a command to be copied", () => {
    expect(fitted(long, null)).toBe(long);
    const command = `      → python -m server ${"--flag value ".repeat(10)}`;
    expect(fitted(command, 60)).toBe(command);
  });

  it("is not broken inside a word", () => expect(fitted(`a ${"x".repeat(80)} b`, 60)).toBe(`a\n  ${"x".repeat(80)}\n  b`));
});

describe("the width", () => {
  it("is a terminal's, and none where there is none", () => {
    expect(fittingWidth({ isTTY: true, columns: 72 })).toBe(Number(process.env["COLUMNS"] ?? 72));
    expect(fittingWidth({})).toBe(process.env["COLUMNS"] ? Number(process.env["COLUMNS"]) : null);
  });
});
